import { useCallback, useEffect, useRef, useState } from "react";

import type { Action, State } from "./contract";
import { fetchState, perform, waitForNews } from "./server";

const RETRY_MS = 2000;
/** With ?still the page is drawn once and asks for no news: a browser that takes a picture when the network is quiet. */
const STILL = new URLSearchParams(window.location.search).has("still");

export interface World {
  state: State | null;
  online: boolean;
  problem: string | null;
  /** Counts what the person has done, so that the same trouble twice is told twice. */
  turn: number;
  forgetProblem: () => void;
  /** Resolves to whether the server accepted it, once the page shows the result. */
  act: (action: Action) => Promise<boolean>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The world as `person` sees it (null: the server's first person), kept fresh by long polling. */
export function useWorld(person: string | null): World {
  const [state, setState] = useState<State | null>(null);
  const [online, setOnline] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const asked = useRef(0);

  const refresh = useCallback(
    async (signal?: AbortSignal): Promise<State> => {
      const request = ++asked.current;
      const fresh = await fetchState(person, signal);
      // A slow answer must not overwrite a newer one.
      if (request === asked.current) setState(fresh);
      return fresh;
    },
    [person],
  );

  useEffect(() => {
    const stop = new AbortController();
    const follow = async () => {
      let known: number | null = null;
      while (!stop.signal.aborted && !(STILL && known !== null)) {
        try {
          const news: number | null = known === null ? null : (await waitForNews(known, stop.signal)).version;
          if (known === null || news !== known) known = (await refresh(stop.signal)).version;
          setOnline(true);
        } catch {
          if (stop.signal.aborted) return;
          setOnline(false);
          known = null;
          await pause(RETRY_MS);
        }
      }
    };
    void follow();
    return () => stop.abort();
  }, [refresh]);

  const me = state?.me.id;
  const act = useCallback(
    async (action: Action): Promise<boolean> => {
      if (!me) return false;
      if (action.type !== "read") {
        setProblem(null);
        setTurn((before) => before + 1);
      }
      try {
        const outcome = await perform(me, action);
        if (!outcome.ok) setProblem(outcome.error);
        await refresh();
        return outcome.ok;
      } catch {
        setProblem("Lekplatsens server svarar inte. Försök igen.");
        return false;
      }
    },
    [me, refresh],
  );

  return { state, online, problem, turn, forgetProblem: useCallback(() => setProblem(null), []), act };
}
