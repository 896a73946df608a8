import type { Channel } from "../world/contract";
import { Bridge } from "./Bridge";

type Tab = "messages" | "home";

interface Props {
  channel: Channel;
  home: boolean;
  onTab: (tab: Tab) => void;
}

export function ChannelHeader({ channel, home, onTab }: Props) {
  const tab = (id: Tab, text: string, testId: string) => (
    <button
      type="button"
      data-testid={testId}
      aria-current={home === (id === "home") ? "page" : undefined}
      onClick={() => onTab(id)}
    >
      {text}
    </button>
  );
  return (
    <header className="channel-header">
      <h2>
        {channel.kind === "dm" ? <Bridge /> : <span className="hash" aria-hidden="true">#</span>}
        {channel.name}
        {channel.kind === "dm" && <span className="app-badge">APP</span>}
      </h2>
      {channel.topic && <p className="topic">{channel.topic}</p>}
      {channel.kind === "dm" && (
        <nav className="tabs" aria-label="Flikar">
          {tab("home", "Hem", "home-tab")}
          {tab("messages", "Meddelanden", "messages-tab")}
        </nav>
      )}
    </header>
  );
}
