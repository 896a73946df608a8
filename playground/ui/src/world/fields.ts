import type {
  ActionsBlockElement,
  InputBlockElement,
  KnownBlock,
  Option,
  SectionBlockAccessory,
} from "@slack/types";

import type { StateValue, Values } from "./contract";

export type Element = ActionsBlockElement | InputBlockElement | SectionBlockAccessory;

/** What Slack reports for a field that nobody has touched; null for what holds no state (buttons, pictures). */
export function untouched(element: Element): StateValue | null {
  const { type } = element;
  switch (type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return { type, value: element.initial_value ?? null };
    case "static_select":
    case "radio_buttons":
      return { type, selected_option: element.initial_option ?? null };
    case "multi_static_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? null };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    default:
      return null;
  }
}

export function elementsOf(block: KnownBlock): Element[] {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements;
  if (block.type === "section" && block.accessory) return [block.accessory];
  return [];
}

export function actionIdOf(element: Element): string {
  return "action_id" in element ? (element.action_id ?? "") : "";
}

/** What a field shows: what was typed here, else what the server holds, else what it was drawn with. */
export function shownState(blockId: string, element: Element, typed: Values, held: Values = {}): StateValue | null {
  const actionId = actionIdOf(element);
  const states = [typed, held].map((values) => values[blockId]?.[actionId]);
  return states.find((state) => state?.type === element.type) ?? untouched(element);
}

export function optionsOf(element: { options?: Option[]; option_groups?: { options: Option[] }[] }): Option[] {
  return element.options ?? element.option_groups?.flatMap((group) => group.options) ?? [];
}
