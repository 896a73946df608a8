import type { Channel } from "../world/contract";
import { Bridge } from "./Bridge";

interface Props {
  title: string;
  channels: Channel[];
  current: string | undefined;
  onOpen: (id: string) => void;
}

export function ChannelList({ title, channels, current, onOpen }: Props) {
  if (channels.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {channels.map(({ id, name, kind, unread }) => (
          <li key={id}>
            <button
              type="button"
              className={unread > 0 ? "channel unread" : "channel"}
              data-testid={`channel-${name}`}
              aria-current={id === current ? "page" : undefined}
              onClick={() => onOpen(id)}
            >
              {kind === "dm" ? <Bridge /> : <span className="hash" aria-hidden="true">#</span>}
              <span className="channel-name">{name}</span>
              {unread > 0 && <span className="badge" aria-label={`${unread} olästa`}>{unread}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
