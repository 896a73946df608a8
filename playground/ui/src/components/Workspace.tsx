import { useEffect, useMemo, useState } from "react";

import type { State } from "../world/contract";
import { DirectoryContext } from "../world/directory";
import type { Place } from "../world/usePlace";
import { useTyped } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { ChannelView } from "./ChannelView";
import { Modal } from "./Modal";
import { Sidebar } from "./Sidebar";
import { Toast } from "./Toast";
import { TopBar } from "./TopBar";

interface Props {
  state: State;
  world: World;
  place: Place;
  go: (place: Place) => void;
}

/** The whole page for one person: bar, sidebar, the open channel, and whatever lies on top of it. */
export function Workspace({ state, world, place, go }: Props) {
  const typed = useTyped();
  const [menu, setMenu] = useState(false);
  const { me, channels, users, views, notice } = state;
  const directory = useMemo(() => ({ people: users, channels }), [users, channels]);
  const channel = channels.find(({ id, name }) => place.channel === id || place.channel === name) ?? channels[0];
  const switching = place.person !== me.id && users.some(({ id }) => id === place.person);
  const here = { person: me.id, channel: channel?.id ?? null, home: place.home, thread: place.thread };

  const open = (next: Partial<Place>) => {
    setMenu(false);
    go({ ...here, home: false, thread: null, ...next });
  };

  const { act } = world;
  const unread = channel && !place.home && channel.unread > 0 ? channel.id : null;
  useEffect(() => {
    if (unread) void act({ type: "read", channel: unread });
  }, [unread, act]);

  const top = views.at(-1);
  return (
    <DirectoryContext value={directory}>
      <div className={`workspace ${menu ? "menu-open" : ""} ${switching ? "switching" : ""}`}>
        <TopBar now={state.now} online={world.online} act={act} menu={menu} onMenu={() => setMenu(!menu)} />
        <Sidebar state={state} person={switching ? place.person : me.id} channel={channel} onOpen={open} act={act} />
        {menu && <button type="button" className="shade" aria-label="Stäng menyn" onClick={() => setMenu(false)} />}
        {channel && (
          <ChannelView
            key={`${me.id}/${channel.id}`}
            state={state}
            channel={channel}
            place={here}
            onOpen={open}
            typed={typed}
            act={act}
          />
        )}
      </div>
      {top && <Modal view={top} depth={views.length} typed={typed} act={act} />}
      <Toast key={world.turn} text={world.problem ?? notice} onClose={world.forgetProblem} />
    </DirectoryContext>
  );
}
