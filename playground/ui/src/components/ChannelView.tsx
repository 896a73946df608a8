import { useState } from "react";

import type { Channel, State } from "../world/contract";
import { conversations } from "../world/threads";
import type { Place } from "../world/usePlace";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { ChannelHeader } from "./ChannelHeader";
import { Composer } from "./Composer";
import { HomeTab } from "./HomeTab";
import { MessageList } from "./MessageList";
import { ThreadPane } from "./ThreadPane";

interface Props {
  state: State;
  channel: Channel;
  place: Place;
  onOpen: (place: Partial<Place>) => void;
  typed: Typed;
  act: World["act"];
}

interface Sending {
  text: string;
  thread: string | null;
}

export function ChannelView({ state, channel, place, onOpen, typed, act }: Props) {
  const [sending, setSending] = useState<Sending[]>([]);
  const { roots, repliesTo } = conversations(state.messages[channel.id] ?? []);
  const root = roots.find(({ ts }) => ts === place.thread);
  const home = place.home && channel.kind === "dm";

  const say = async (text: string, thread: string | null): Promise<boolean> => {
    const saying = { text, thread };
    setSending((before) => [...before, saying]);
    const said = await act({ type: "type", channel: channel.id, text, thread_ts: thread });
    setSending((before) => before.filter((each) => each !== saying));
    return said;
  };
  const sendingIn = (thread: string | null) => sending.filter((each) => each.thread === thread).map(({ text }) => text);
  const where = channel.kind === "channel" ? `#${channel.name}` : channel.name;
  return (
    <div className={root ? "open-channel with-thread" : "open-channel"}>
      <main className="channel-view">
        <ChannelHeader channel={channel} home={home} onTab={(tab) => onOpen({ home: tab === "home" })} />
        {home ? (
          <HomeTab home={state.home} typed={typed} act={act} />
        ) : (
          <>
            <MessageList
              label={`Meddelanden i ${where}`}
              messages={roots}
              repliesTo={repliesTo}
              sending={sendingIn(null)}
              channel={channel.id}
              onThread={(thread) => onOpen({ thread })}
              typed={typed}
              act={act}
            />
            <Composer placeholder={`Skriv till ${where}`} commands={state.commands} testId="composer" onSay={(text) => say(text, null)} />
          </>
        )}
      </main>
      {root && !home && (
        <ThreadPane
          root={root}
          replies={repliesTo(root)}
          sending={sendingIn(root.ts)}
          channel={channel}
          onClose={() => onOpen({})}
          onSay={(text) => say(text, root.ts)}
          typed={typed}
          act={act}
        />
      )}
    </div>
  );
}
