import { useState } from "react";
import type { FormEvent } from "react";

import { clockText, dayAfter, fromInput, hourAfter, nextMonday, toInput, toIso } from "../text/clock";
import { useBusy } from "../world/useBusy";
import type { World } from "../world/useWorld";

interface Props {
  now: string;
  act: World["act"];
}

export function Clock({ now, act }: Props) {
  const [busy, run] = useBusy();
  const [typed, setTyped] = useState<string | null>(null);
  const at = new Date(now);
  const wanted = typed === null ? null : fromInput(typed);
  const move = (to: Date) => run(() => act({ type: "clock", to: toIso(to) }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted) void move(wanted).then(() => setTyped(null));
  };
  return (
    <form className="clock" aria-busy={busy} onSubmit={submit}>
      <time data-testid="clock" dateTime={now} aria-live="polite">
        {clockText(at)}
      </time>
      <fieldset disabled={busy}>
        <legend className="hidden">Flytta klockan</legend>
        <button type="button" data-testid="clock-monday" onClick={() => void move(nextMonday(at))}>
          Nästa måndag 08:00
        </button>
        <button type="button" data-testid="clock-hour" onClick={() => void move(hourAfter(at))}>
          +1 timme
        </button>
        <button type="button" data-testid="clock-day" onClick={() => void move(dayAfter(at))}>
          +1 dag
        </button>
        <input
          // Not datetime-local: that one speaks the browser's language, and the page speaks Swedish.
          type="text"
          data-testid="clock-input"
          aria-label="Ställ klockan på (år-månad-dag timme:minut)"
          placeholder="ÅÅÅÅ-MM-DD TT:MM"
          aria-invalid={typed !== null && !wanted}
          value={typed ?? toInput(at, " ")}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" data-testid="clock-set" disabled={!wanted}>
          Ställ
        </button>
      </fieldset>
    </form>
  );
}
