import type { Checkboxes as CheckboxesElement, Option } from "@slack/types";

import { Choice } from "./Choice";
import type { FieldProps } from "./props";

export function Checkboxes({ element, id, label, state, describedBy, invalid, onChange }: FieldProps<CheckboxesElement>) {
  const chosen = new Set(state.selected_options?.map(({ value }) => value));
  const choose = (option: Option, checked: boolean) => {
    const kept = element.options.filter((each) => (each === option ? checked : chosen.has(each.value)));
    onChange({ type: element.type, selected_options: kept });
  };
  return (
    <div role="group" id={id} aria-label={label} aria-describedby={describedBy || undefined}>
      {element.options.map((option, n) => (
        <Choice
          key={option.value}
          kind="checkbox"
          name={id}
          option={option}
          checked={chosen.has(option.value)}
          autoFocus={n === 0 && Boolean(element.focus_on_load)}
          invalid={invalid}
          onChange={(checked) => choose(option, checked)}
        />
      ))}
    </div>
  );
}
