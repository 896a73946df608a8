import type { Option } from "@slack/types";

import { Words } from "../blocks/Words";

interface Props {
  kind: "checkbox" | "radio";
  name: string;
  option: Option;
  checked: boolean;
  autoFocus: boolean;
  invalid: boolean;
  onChange: (checked: boolean) => void;
}

/** One box or one radio button, with its description. */
export function Choice({ kind, name, option, checked, autoFocus, invalid, onChange }: Props) {
  return (
    <label className="choice">
      <input
        type={kind}
        name={name}
        value={option.value}
        checked={checked}
        data-autofocus={autoFocus || undefined}
        aria-invalid={invalid || undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <Words text={option.text} />
        {option.description && (
          <span className="choice-description">
            <Words text={option.description} />
          </span>
        )}
      </span>
    </label>
  );
}
