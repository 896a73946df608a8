import { useEffect } from "react";

import { Blocks } from "../blocks/Blocks";
import type { OpenHome } from "../world/contract";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { ViewSurface } from "./ViewSurface";

interface Props {
  home: OpenHome | null;
  typed: Typed;
  act: World["act"];
}

export function HomeTab({ home, typed, act }: Props) {
  // Slack tells the app each time somebody opens its Home tab (the event app_home_opened).
  useEffect(() => void act({ type: "home" }), [act]);
  if (!home) return <p className="empty">Hemfliken är tom än så länge.</p>;
  return (
    <div className="home" data-testid="home">
      <ViewSurface id={home.id ?? "home"} view={home} typed={typed} act={act}>
        <Blocks blocks={home.blocks} />
      </ViewSurface>
    </div>
  );
}
