import type { InputBlock } from "@slack/types";

import { Field } from "../elements/Field";
import { unescape } from "../text/mrkdwn";
import { useSurface } from "../world/surface";

/** Kinds that are several controls: a group has a legend where a single control has a label. */
const GROUPS = ["checkboxes", "radio_buttons"];

export function Input({ block }: { block: InputBlock }) {
  const surface = useSurface();
  const blockId = block.block_id ?? "";
  const id = `${surface.id}-${blockId}`;
  const error = surface.errors[blockId];
  const label = unescape(block.label.text);
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const group = GROUPS.includes(block.element.type);
  const name = (
    <>
      {label}
      {block.optional && <span className="optional"> (valfritt)</span>}
    </>
  );
  return (
    <div className={error ? "input failed" : "input"} data-testid={`field-${blockId}`}>
      {group ? <div className="label" id={`${id}-label`}>{name}</div> : <label className="label" htmlFor={id}>{name}</label>}
      <Field
        blockId={blockId}
        element={block.element}
        label={label}
        id={id}
        describedBy={described}
        invalid={Boolean(error)}
        pressing={block.dispatch_action ?? false}
      />
      {block.hint && <div className="hint" id={`${id}-hint`}>{unescape(block.hint.text)}</div>}
      {error && <div className="error" id={`${id}-error`} role="alert">{error}</div>}
    </div>
  );
}
