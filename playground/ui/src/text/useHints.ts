import { useState } from "react";

import type { Command } from "../world/contract";
import { hintsFor } from "./hints";

export interface HintList {
  shown: Command[];
  /** Which one the arrow keys stand on; -1 while they are only a reminder of usage. */
  active: number;
  chosen: Command | undefined;
  move: (steps: number) => void;
  hide: () => void;
  reset: () => void;
}

/** The list of commands above a text that begins with a slash. */
export function useHints(text: string, commands: Command[]): HintList {
  const [at, setAt] = useState(0);
  const [hidden, setHidden] = useState(false);
  const { hints, choosing } = hintsFor(text, commands);
  const shown = hidden ? [] : hints;
  const active = choosing && !hidden ? at : -1;
  return {
    shown,
    active,
    chosen: shown[active],
    move: (steps) => setAt((at + steps + hints.length) % hints.length),
    hide: () => setHidden(true),
    reset: () => {
      setAt(0);
      setHidden(false);
    },
  };
}
