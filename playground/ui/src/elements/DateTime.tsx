import type { Datepicker, DateTimepicker, Timepicker } from "@slack/types";

import { dateText, fromInput, toInput } from "../text/clock";
import type { StateValue } from "../world/contract";
import { named } from "./props";
import type { FieldProps } from "./props";

type Picker = Datepicker | Timepicker | DateTimepicker;

const KINDS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" } as const;

function shown(state: StateValue): string {
  const seconds = state.selected_date_time;
  return state.selected_date ?? state.selected_time ?? (seconds ? toInput(new Date(seconds * 1000)) : "");
}

function picked(type: Picker["type"], text: string): StateValue {
  if (type === "datepicker") return { type, selected_date: text || null };
  if (type === "timepicker") return { type, selected_time: text || null };
  const at = fromInput(text);
  return { type, selected_date_time: at && at.getTime() / 1000 };
}

export function DateTime(props: FieldProps<Picker>) {
  const { element, state, onChange } = props;
  return (
    <span className="date-time">
      <input
        {...named(props)}
        type={KINDS[element.type]}
        value={shown(state)}
        onChange={(event) => onChange(picked(element.type, event.target.value))}
      />
      {/* How the browser writes a date depends on its language. */}
      {state.selected_date && <span>{dateText(new Date(`${state.selected_date}T12:00Z`))}</span>}
    </span>
  );
}
