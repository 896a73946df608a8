import type { EmailInput, NumberInput, PlainTextInput, URLInput } from "@slack/types";
import type { KeyboardEvent } from "react";

import { named } from "./props";
import type { FieldProps } from "./props";

type TextElement = PlainTextInput | NumberInput | EmailInput | URLInput;

const MODES = { plain_text_input: "text", number_input: "decimal", email_text_input: "email", url_text_input: "url" } as const;

export function TextInput(props: FieldProps<TextElement>) {
  const { element, state, onChange, onEnter } = props;
  // Swedish writes 1,5 where Slack's state wants 1.5.
  const read = (text: string) => (element.type === "number_input" ? text.replace(",", ".") : text) || null;
  const multiline = element.type === "plain_text_input" && element.multiline;
  const shared = {
    ...named(props),
    value: state.value ?? "",
    placeholder: element.placeholder?.text,
    maxLength: element.type === "plain_text_input" ? element.max_length : undefined,
    onChange: (event: { target: { value: string } }) => onChange({ type: element.type, value: read(event.target.value) }),
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Enter") onEnter();
  };
  if (multiline) return <textarea {...shared} rows={4} />;
  return <input {...shared} type="text" inputMode={MODES[element.type]} autoComplete="off" onKeyDown={enter} />;
}
