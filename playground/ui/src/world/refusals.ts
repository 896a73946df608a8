import type { KnownBlock, NumberInput, PlainTextInput } from "@slack/types";

import type { StateValue } from "./contract";
import { elementsOf } from "./fields";
import type { Element } from "./fields";

/** Nothing typed or chosen. */
function isEmpty(state: StateValue): boolean {
  const held = Object.entries(state).filter(([key]) => key !== "type");
  return held.every(([, value]) => value === null || value === "" || (Array.isArray(value) && value.length === 0));
}

function textRefusal({ min_length = 0, max_length = 3000 }: PlainTextInput, text: string): string | null {
  if (text.length < min_length) return `Skriv minst ${min_length} tecken.`;
  return text.length > max_length ? `Skriv högst ${max_length} tecken.` : null;
}

function numberRefusal(element: NumberInput, text: string): string | null {
  const { is_decimal_allowed: decimals, min_value: least, max_value: most } = element;
  if (!(decimals ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(text)) return decimals ? "Skriv ett tal." : "Skriv ett heltal.";
  if (least !== undefined && Number(text) < Number(least)) return `Minst ${least}.`;
  return most !== undefined && Number(text) > Number(most) ? `Högst ${most}.` : null;
}

function refusal(element: Element, state: StateValue): string | null {
  const text = state.value ?? "";
  switch (element.type) {
    case "plain_text_input":
      return textRefusal(element, text);
    case "number_input":
      return numberRefusal(element, text);
    case "email_text_input":
      return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text) ? null : "Skriv en e-postadress.";
    case "url_text_input":
      return /^https?:\/\/\S+$/.test(text) ? null : "Skriv en adress som börjar med https://.";
    default:
      return null;
  }
}

/** What Slack's own client refuses before anything is sent (docs.slack.dev, "Input block"), by block_id. */
export function refusals(
  blocks: KnownBlock[],
  read: (blockId: string, element: Element) => StateValue | null,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const blockId = block.block_id ?? "";
    for (const element of elementsOf(block)) {
      const state = read(blockId, element);
      if (!state) continue;
      const required = isEmpty(state) && !block.optional ? "Fyll i det här fältet." : null;
      const wrong = isEmpty(state) ? required : refusal(element, state);
      if (wrong) found[blockId] = wrong;
    }
  }
  return found;
}
