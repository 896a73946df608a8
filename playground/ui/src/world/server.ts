import type { Action, Outcome, State } from "./contract";

async function answer<T>(response: Promise<Response>): Promise<T> {
  const got = await response;
  if (!got.ok) throw new Error(`HTTP ${got.status}`);
  return (await got.json()) as T;
}

/** What `person` sees; the server's first person when there is none by that id. */
export async function fetchState(person: string | null, signal?: AbortSignal): Promise<State> {
  const ask = (query: string) => fetch(`state${query}`, { signal: signal ?? null });
  const found = await ask(person ? `?as=${encodeURIComponent(person)}` : "");
  return answer(found.status === 404 && person ? ask("") : Promise.resolve(found));
}

/** Resolves when the world has another version than `version`, or after the server's 25 seconds. */
export function waitForNews(version: number, signal: AbortSignal): Promise<{ version: number }> {
  return answer(fetch(`wait?version=${version}`, { signal }));
}

export function perform(person: string, action: Action): Promise<Outcome> {
  const body = JSON.stringify({ as: person, action });
  return answer(fetch("do", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}
