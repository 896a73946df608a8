import type { World } from "../world/useWorld";
import { Bridge } from "./Bridge";
import { Clock } from "./Clock";

interface Props {
  now: string;
  online: boolean;
  act: World["act"];
  menu: boolean;
  onMenu: () => void;
}

export function TopBar({ now, online, act, menu, onMenu }: Props) {
  return (
    <header className="top-bar">
      <button type="button" className="menu-button" aria-expanded={menu} aria-label="Meny" onClick={onMenu}>
        ☰
      </button>
      <h1 className="brand">
        <Bridge />
        <span>
          Brobot – lekplats <small>(exempeldata)</small>
        </span>
      </h1>
      {!online && (
        <span className="offline" role="status">
          Ingen kontakt med servern
        </span>
      )}
      <Clock now={now} act={act} />
    </header>
  );
}
