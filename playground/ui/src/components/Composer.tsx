import { useId, useState } from "react";
import type { KeyboardEvent } from "react";

import { hintsFor } from "../text/hints";
import type { Command } from "../world/contract";
import { CommandHints } from "./CommandHints";

interface Props {
  placeholder: string;
  commands: Command[];
  testId: "composer" | "thread-composer";
  /** Resolves to whether it was accepted. */
  onSay: (text: string) => Promise<boolean>;
}

export function Composer({ placeholder, commands, testId, onSay }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [hidden, setHidden] = useState(false);
  const { hints, choosing } = hintsFor(text, commands);
  const shown = hidden ? [] : hints;
  const chosen = choosing && !hidden ? hints[active] : undefined;

  const change = (next: string) => {
    setText(next);
    setActive(0);
    setHidden(false);
  };
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    change("");
    // What was refused comes back, unless something else has been begun meanwhile.
    if (!(await onSay(said))) setText((now) => now || said);
  };
  const keys: Record<string, (() => void) | undefined> = {
    Enter: chosen ? () => change(`${chosen.command} `) : () => void send(),
    Tab: chosen && (() => change(`${chosen.command} `)),
    ArrowDown: choosing && !hidden ? () => setActive((active + 1) % hints.length) : undefined,
    ArrowUp: choosing && !hidden ? () => setActive((active + hints.length - 1) % hints.length) : undefined,
    Escape: shown.length > 0 ? () => setHidden(true) : undefined,
  };
  const key = (event: KeyboardEvent) => {
    const act = event.shiftKey || event.nativeEvent.isComposing ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="composer">
      {shown.length > 0 && (
        <CommandHints id={id} hints={shown} active={choosing ? active : -1} onChoose={({ command }) => change(`${command} `)} />
      )}
      <div className="composer-box">
        <textarea
          data-testid={testId}
          aria-label={placeholder}
          placeholder={placeholder}
          aria-autocomplete="list"
          aria-controls={shown.length > 0 ? id : undefined}
          aria-activedescendant={chosen ? `${id}-${active}` : undefined}
          rows={Math.min(8, text.split("\n").length)}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={key}
          onBlur={() => setHidden(true)}
          onFocus={() => setHidden(false)}
        />
        <button
          type="button"
          className="send"
          data-testid={testId === "composer" ? "send" : "thread-send"}
          disabled={!text.trim()}
          onClick={() => void send()}
        >
          Skicka
        </button>
      </div>
    </div>
  );
}
