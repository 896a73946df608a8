import type { Overflow as OverflowElement } from "@slack/types";

import { unescape } from "../text/mrkdwn";
import type { StateValue } from "../world/contract";

interface Props {
  element: OverflowElement;
  onPress: (state: StateValue) => Promise<void>;
}

/** The three dots: a menu whose every choice is sent at once and then forgotten. */
export function Overflow({ element, onPress }: Props) {
  const choose = (value: string) => {
    const chosen = element.options.find((option) => option.value === value);
    if (chosen) void onPress({ type: "overflow", selected_option: chosen });
  };
  return (
    <select className="overflow" aria-label="Fler val" value="" onChange={(event) => choose(event.target.value)}>
      <option value="" hidden>
        •••
      </option>
      {element.options.map((option) => (
        <option key={option.value} value={option.value}>
          {unescape(option.text.text)}
        </option>
      ))}
    </select>
  );
}
