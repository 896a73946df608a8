import { Fragment } from "react";

import { dateText, momentOf } from "../text/clock";
import type { Message } from "../world/contract";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { MessageItem } from "./MessageItem";

interface Props {
  label: string;
  messages: Message[];
  /** Absent inside a thread, where nothing more can be answered. */
  repliesTo?: (root: Message) => Message[];
  onThread?: (ts: string) => void;
  sending: string[];
  channel: string;
  typed: Typed;
  act: World["act"];
}

export function MessageList({ label, messages, repliesTo, onThread, sending, channel, typed, act }: Props) {
  const days = messages.map(({ ts }) => dateText(momentOf(ts)));
  return (
    // The reversed outer column keeps the latest message in sight, also while pictures load.
    <div className="messages" tabIndex={0} role="log" aria-label={label}>
      <div className="messages-inner">
        {messages.length === 0 && sending.length === 0 && <p className="empty">Inga meddelanden än.</p>}
        {messages.map((message, n) => (
          <Fragment key={message.ts}>
            {repliesTo && days[n] !== days[n - 1] && <p className="day">{days[n]}</p>}
            <MessageItem
              message={message}
              replies={repliesTo?.(message) ?? []}
              {...(onThread && { onThread: () => onThread(message.ts) })}
              channel={channel}
              typed={typed}
              act={act}
            />
          </Fragment>
        ))}
        {sending.map((text, n) => (
          <p key={n} className="sending" role="status">
            <span>{text}</span> skickar …
          </p>
        ))}
      </div>
    </div>
  );
}
