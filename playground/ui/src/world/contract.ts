/** What the playground's server answers and accepts, under /page/. */
import type { HomeView, KnownBlock, ModalView, Option } from "@slack/types";

export interface Person {
  id: string;
  name: string;
  real_name: string;
  title?: string;
  is_bot?: boolean;
}

export interface Channel {
  id: string;
  name: string;
  kind: "channel" | "dm";
  unread: number;
  topic?: string;
}

export interface SlackFile {
  id: string;
  name?: string;
  title?: string;
  mimetype?: string;
  alt_txt?: string;
}

export interface Message {
  ts: string;
  user: string;
  user_name?: string;
  text?: string;
  blocks?: KnownBlock[];
  files?: SlackFile[];
  thread_ts?: string | null;
  reply_count?: number;
  edited?: unknown;
  is_ephemeral?: boolean;
}

/** A field's state, shaped as in Slack's `view.state.values` (docs.slack.dev, "View interactions payload"). */
export interface StateValue {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
}

/** block_id → action_id → state. */
export type Values = Record<string, Record<string, StateValue>>;

export interface OpenModal extends Omit<ModalView, "blocks"> {
  id: string;
  blocks: KnownBlock[];
  state?: { values: Values };
  errors?: Record<string, string>;
}

export interface OpenHome extends Omit<HomeView, "blocks"> {
  id?: string;
  blocks: KnownBlock[];
  state?: { values: Values };
}

export interface Command {
  command: string;
  usage_hint?: string;
  description?: string;
}

export interface State {
  version: number;
  now: string;
  me: Person;
  users: Person[];
  channels: Channel[];
  messages: Record<string, Message[]>;
  views: OpenModal[];
  home: OpenHome | null;
  commands: Command[];
  notice: string | null;
}

export type Action =
  | { type: "type"; channel: string; text: string; thread_ts: string | null }
  | { type: "press"; channel: string; ts: string; block_id: string; action_id: string; value?: StateValue }
  | { type: "press"; view_id: string; block_id: string; action_id: string; value?: StateValue }
  // `values` holds what was typed or chosen here; the rest is as the server has it.
  | { type: "fill"; view_id: string; values: Values }
  | { type: "submit"; view_id: string; values: Values }
  | { type: "close"; view_id: string }
  | { type: "home" }
  | { type: "read"; channel: string }
  | { type: "reload" }
  | { type: "clock"; to: string };

export type Outcome = { ok: true } | { ok: false; error: string };
