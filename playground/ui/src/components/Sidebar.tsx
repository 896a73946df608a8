import type { Channel, State } from "../world/contract";
import { useBusy } from "../world/useBusy";
import type { Place } from "../world/usePlace";
import type { World } from "../world/useWorld";
import { ChannelList } from "./ChannelList";
import { PersonSwitcher } from "./PersonSwitcher";

interface Props {
  state: State;
  /** Who is chosen: not yet `state.me` in the moment of switching. */
  person: string | null;
  channel: Channel | undefined;
  onOpen: (place: Partial<Place>) => void;
  act: World["act"];
}

export function Sidebar({ state, person, channel, onOpen, act }: Props) {
  const [busy, run] = useBusy();
  const { users, channels } = state;
  const list = (kind: "channel" | "dm") => channels.filter((each) => each.kind === kind);
  const openChannel = (id: string) => onOpen({ channel: id });
  return (
    <nav className="sidebar" aria-label="Personer och kanaler">
      {/* By name: each person's direct message with the bot has an id of its own. */}
      <PersonSwitcher
        people={users.filter((each) => !each.is_bot)}
        chosen={person}
        onChoose={(id) => onOpen({ person: id, channel: channel?.name ?? null })}
      />
      <ChannelList title="Kanaler" channels={list("channel")} current={channel?.id} onOpen={openChannel} />
      <ChannelList title="Appar" channels={list("dm")} current={channel?.id} onOpen={openChannel} />
      <button type="button" className="reload" disabled={busy} onClick={() => void run(() => act({ type: "reload" }))}>
        Ladda om appen
        <small>det som bara är synligt för dig försvinner</small>
      </button>
    </nav>
  );
}
