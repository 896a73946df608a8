import { useCallback, useSyncExternalStore } from "react";

/** Where one is, kept in the address as #PERSON/CHANNEL[/hem | /THREAD_TS]; a channel by its id or its name. */
export interface Place {
  person: string | null;
  channel: string | null;
  home: boolean;
  thread: string | null;
}

export function readPlace(hash: string): Place {
  const [person, channel, rest] = hash.replace(/^#/, "").split("/").map(decodeURIComponent);
  const home = rest === "hem";
  return { person: person || null, channel: channel || null, home, thread: (!home && rest) || null };
}

export function writePlace({ person, channel, home, thread }: Place): string {
  const parts = [person, channel, home ? "hem" : thread].filter((part) => part !== null);
  return `#${parts.map(encodeURIComponent).join("/")}`;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

export function usePlace(): [Place, (place: Place) => void] {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  const go = useCallback((place: Place) => {
    window.location.hash = writePlace(place);
  }, []);
  return [readPlace(hash), go];
}
