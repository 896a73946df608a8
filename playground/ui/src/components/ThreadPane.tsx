import type { Channel, Message } from "../world/contract";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";

interface Props {
  root: Message;
  replies: Message[];
  sending: string[];
  channel: Channel;
  onClose: () => void;
  onSay: (text: string) => Promise<boolean>;
  typed: Typed;
  act: World["act"];
}

export function ThreadPane({ root, replies, sending, channel, onClose, onSay, typed, act }: Props) {
  return (
    <aside className="thread-pane" data-testid="thread-pane" aria-label="Tråd">
      <header className="channel-header">
        <h2>Tråd</h2>
        <p className="topic">{channel.kind === "channel" ? `#${channel.name}` : channel.name}</p>
        <button type="button" className="close" aria-label="Stäng tråden" onClick={onClose}>
          ×
        </button>
      </header>
      <MessageList
        label="Meddelanden i tråden"
        messages={[root, ...replies]}
        sending={sending}
        channel={channel.id}
        typed={typed}
        act={act}
      />
      <Composer placeholder="Svara …" commands={[]} testId="thread-composer" onSay={onSay} />
    </aside>
  );
}
