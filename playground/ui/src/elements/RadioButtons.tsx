import type { RadioButtons as RadioElement } from "@slack/types";

import { Choice } from "./Choice";
import type { FieldProps } from "./props";

export function RadioButtons({ element, id, label, state, describedBy, invalid, onChange }: FieldProps<RadioElement>) {
  return (
    <div role="radiogroup" id={id} aria-label={label} aria-describedby={describedBy || undefined}>
      {element.options.map((option, n) => (
        <Choice
          key={option.value}
          kind="radio"
          name={id}
          option={option}
          checked={state.selected_option?.value === option.value}
          autoFocus={n === 0 && Boolean(element.focus_on_load)}
          invalid={invalid}
          onChange={() => onChange({ type: element.type, selected_option: option })}
        />
      ))}
    </div>
  );
}
