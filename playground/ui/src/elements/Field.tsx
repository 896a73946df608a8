import type { ConfirmationDialog } from "@slack/types";

import { useConfirm } from "../components/confirming";
import { Picture } from "../blocks/Picture";
import { useSurface } from "../world/surface";
import { actionIdOf } from "../world/fields";
import type { Element } from "../world/fields";
import type { StateValue } from "../world/contract";
import { Checkboxes } from "./Checkboxes";
import { DateTime } from "./DateTime";
import { MultiSelect } from "./MultiSelect";
import { Overflow } from "./Overflow";
import { PressButton } from "./PressButton";
import { RadioButtons } from "./RadioButtons";
import { Select } from "./Select";
import { TextInput } from "./TextInput";
import type { FieldProps } from "./props";

interface Props {
  blockId: string;
  element: Element;
  label: string;
  id?: string;
  describedBy?: string;
  invalid?: boolean;
  /** Whether a change is sent at once, as outside input blocks. */
  pressing?: boolean;
}

/** Any element of Block Kit that answers to a person, wired to the surface it stands on. */
export function Field({ blockId, element, label, id, describedBy, invalid = false, pressing = false }: Props) {
  const surface = useSurface();
  const confirmed = useConfirm();
  if (element.type === "image") return <Picture image={element} />;

  const actionId = actionIdOf(element);
  const confirm: ConfirmationDialog | undefined = "confirm" in element ? element.confirm : undefined;
  const press = async (state?: StateValue) => {
    if (await confirmed(confirm)) await surface.press(blockId, actionId, state);
  };
  if (element.type === "button") return <PressButton element={element} onPress={press} />;
  if (element.type === "overflow") return <Overflow element={element} onPress={press} />;

  const state = surface.read(blockId, element);
  if (!state) return <p className="unsupported">Fältet ”{element.type}” finns inte i lekplatsen.</p>;
  const change = (next: StateValue) => {
    surface.write(blockId, actionId, next);
    if (pressing && !isText(element)) void press(next);
  };
  return pick({
    element,
    id: id ?? `${surface.id}-${blockId}-${actionId}`,
    label: label || actionId,
    state,
    describedBy,
    invalid,
    onChange: change,
    onEnter: () => void (pressing && press(surface.read(blockId, element) ?? state)),
  });
}

const TEXTS = ["plain_text_input", "number_input", "email_text_input", "url_text_input"];

const isText = (element: Element): boolean => TEXTS.includes(element.type);

function pick(props: FieldProps<Element>) {
  const { element } = props;
  switch (element.type) {
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return <TextInput {...props} element={element} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <DateTime {...props} element={element} />;
    case "checkboxes":
      return <Checkboxes {...props} element={element} />;
    case "radio_buttons":
      return <RadioButtons {...props} element={element} />;
    case "static_select":
    case "users_select":
    case "conversations_select":
    case "channels_select":
      return <Select {...props} element={element} />;
    case "multi_static_select":
    case "multi_users_select":
    case "multi_conversations_select":
    case "multi_channels_select":
      return <MultiSelect {...props} element={element} />;
    default:
      return null;
  }
}
