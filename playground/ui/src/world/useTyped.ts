import { useCallback, useRef, useState } from "react";

import type { StateValue, Values } from "./contract";

/** What has been typed on each surface, kept while surfaces are drawn again or hidden under another. */
export interface Typed {
  on: (surfaceId: string) => Values;
  write: (surfaceId: string, blockId: string, actionId: string, state: StateValue) => void;
}

export function useTyped(): Typed {
  // A ref beside the state: a press right after a change must send that change.
  const kept = useRef<Record<string, Values>>({});
  const [, redraw] = useState(0);
  const on = useCallback((surfaceId: string) => kept.current[surfaceId] ?? {}, []);
  const write = useCallback((surfaceId: string, blockId: string, actionId: string, state: StateValue) => {
    const before = kept.current[surfaceId] ?? {};
    const block = { ...before[blockId], [actionId]: state };
    kept.current = { ...kept.current, [surfaceId]: { ...before, [blockId]: block } };
    redraw((turn) => turn + 1);
  }, []);
  return { on, write };
}
