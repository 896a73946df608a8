import type { ActionsBlock } from "@slack/types";

import { Field } from "../elements/Field";

export function Actions({ block }: { block: ActionsBlock }) {
  return (
    <div className="actions">
      {block.elements.map((element, n) => (
        <Field key={element.action_id ?? n} blockId={block.block_id ?? ""} element={element} label="" pressing />
      ))}
    </div>
  );
}
