import type { Message } from "./contract";

const inOrder = (a: Message, b: Message) => Number(a.ts) - Number(b.ts) || a.ts.localeCompare(b.ts);

const isReply = ({ ts, thread_ts }: Message) => Boolean(thread_ts) && thread_ts !== ts;

export interface Conversations {
  roots: Message[];
  repliesTo: (root: Message) => Message[];
}

/** A channel's messages in order of time, the answers kept apart from what they answer. */
export function conversations(messages: Message[]): Conversations {
  const sorted = messages.toSorted(inOrder);
  const known = new Set(messages.map(({ ts }) => ts));
  // An answer whose root cannot be seen still has to be shown somewhere.
  const answers = sorted.filter((each) => isReply(each) && known.has(each.thread_ts ?? ""));
  return {
    roots: sorted.filter((each) => !answers.includes(each)),
    repliesTo: (root) => answers.filter((each) => each.thread_ts === root.ts),
  };
}
