import type { HeaderBlock } from "@slack/types";

import { Words } from "./Words";

export function Heading({ block }: { block: HeaderBlock }) {
  return (
    <div className="heading" role="heading" aria-level={3}>
      <Words text={block.text} />
    </div>
  );
}
