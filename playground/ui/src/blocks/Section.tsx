import type { SectionBlock } from "@slack/types";

import { Field } from "../elements/Field";
import { Words } from "./Words";

export function Section({ block }: { block: SectionBlock }) {
  const { text, fields, accessory } = block;
  return (
    <div className="section">
      <div className="section-words">
        {text && <Words text={text} />}
        {fields && (
          <div className="section-fields">
            {fields.map((field, n) => (
              <Words key={n} text={field} />
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div className="section-accessory">
          <Field blockId={block.block_id ?? ""} element={accessory} label={text?.text ?? ""} pressing />
        </div>
      )}
    </div>
  );
}
