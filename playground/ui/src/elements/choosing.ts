/** Pickers of options, people and channels differ only in where their choices come from and what the state is called. */
import type { MultiSelect, Option, OptionGroup, Select } from "@slack/types";

import { unescape } from "../text/mrkdwn";
import type { StateValue } from "../world/contract";
import type { Directory } from "../world/directory";
import { optionsOf } from "../world/fields";

export interface Candidate {
  value: string;
  text: string;
}

export interface CandidateGroup {
  label: string | null;
  candidates: Candidate[];
}

type Picker = Exclude<Select | MultiSelect, { type: "external_select" | "multi_external_select" }>;
export type OnePicker = Extract<Picker, Select>;
export type ManyPicker = Extract<Picker, MultiSelect>;

const optionCandidate = (option: Option): Candidate => ({ value: option.value ?? "", text: unescape(option.text.text) });

function optionGroups(options?: Option[], groups?: OptionGroup[]): CandidateGroup[] {
  if (!groups) return [{ label: null, candidates: (options ?? []).map(optionCandidate) }];
  return groups.map((group) => ({
    label: unescape(group.label.text),
    candidates: group.options.map(optionCandidate),
  }));
}

export function candidateGroups(element: Picker, { people, channels }: Directory): CandidateGroup[] {
  switch (element.type) {
    case "static_select":
    case "multi_static_select":
      return optionGroups(element.options, element.option_groups);
    case "users_select":
    case "multi_users_select":
      return [{ label: null, candidates: people.map(({ id, name, real_name }) => ({ value: id, text: real_name || name })) }];
    default:
      return [
        {
          label: null,
          candidates: channels
            .filter(({ kind }) => kind === "channel" || element.type.endsWith("conversations_select"))
            .map(({ id, name, kind }) => ({ value: id, text: kind === "channel" ? `# ${name}` : name })),
        },
      ];
  }
}

export function chosenOne(state: StateValue): string {
  const { selected_option, selected_user, selected_conversation, selected_channel } = state;
  return selected_option?.value ?? selected_user ?? selected_conversation ?? selected_channel ?? "";
}

export function chooseOne(element: OnePicker, value: string): StateValue {
  const { type } = element;
  switch (type) {
    case "static_select":
      return { type, selected_option: optionsOf(element).find((option) => option.value === value) ?? null };
    case "users_select":
      return { type, selected_user: value || null };
    case "conversations_select":
      return { type, selected_conversation: value || null };
    case "channels_select":
      return { type, selected_channel: value || null };
  }
}

export function chosenMany(state: StateValue): string[] {
  const { selected_options, selected_users, selected_conversations, selected_channels } = state;
  const options = selected_options?.map(({ value }) => value ?? "");
  return options ?? selected_users ?? selected_conversations ?? selected_channels ?? [];
}

export function chooseMany(element: ManyPicker, values: string[]): StateValue {
  const { type } = element;
  switch (type) {
    case "multi_static_select":
      return { type, selected_options: optionsOf(element).filter(({ value }) => values.includes(value ?? "")) };
    case "multi_users_select":
      return { type, selected_users: values };
    case "multi_conversations_select":
      return { type, selected_conversations: values };
    case "multi_channels_select":
      return { type, selected_channels: values };
  }
}
