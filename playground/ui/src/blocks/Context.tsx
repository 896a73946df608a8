import type { ContextBlock } from "@slack/types";

import { Picture } from "./Picture";
import { Words } from "./Words";

export function Context({ block }: { block: ContextBlock }) {
  return (
    <div className="context">
      {block.elements.map((element, n) =>
        element.type === "image" ? <Picture key={n} image={element} /> : <Words key={n} text={element} />,
      )}
    </div>
  );
}
