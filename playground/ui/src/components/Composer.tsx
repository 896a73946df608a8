import { useId, useState } from "react";
import type { KeyboardEvent } from "react";

import { useHints } from "../text/useHints";
import type { Command } from "../world/contract";
import { CommandHints } from "./CommandHints";

interface Props {
  placeholder: string;
  commands: Command[];
  testId: "composer" | "thread-composer";
  /** Resolves to whether it was accepted. */
  onSay: (text: string) => Promise<boolean>;
}

const MOST_ROWS = 8;

export function Composer({ placeholder, commands, testId, onSay }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const hints = useHints(text, commands);
  const { chosen, shown } = hints;

  const change = (next: string) => {
    setText(next);
    hints.reset();
  };
  const complete = ({ command }: Command) => change(`${command} `);
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    change("");
    // What was refused comes back, unless something else has been begun meanwhile.
    if (!(await onSay(said))) setText((now) => now || said);
  };
  const keys: Record<string, (() => void) | undefined> = {
    Enter: () => (chosen ? complete(chosen) : void send()),
    Tab: chosen && (() => complete(chosen)),
    ArrowDown: chosen && (() => hints.move(1)),
    ArrowUp: chosen && (() => hints.move(-1)),
    Escape: shown.length > 0 ? hints.hide : undefined,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.shiftKey || event.nativeEvent.isComposing ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="composer">
      {shown.length > 0 && <CommandHints id={id} hints={shown} active={hints.active} onChoose={complete} />}
      <div className="composer-box">
        <textarea
          data-testid={testId}
          aria-label={placeholder}
          placeholder={placeholder}
          aria-autocomplete="list"
          aria-controls={shown.length > 0 ? id : undefined}
          aria-activedescendant={chosen ? `${id}-${hints.active}` : undefined}
          rows={Math.min(MOST_ROWS, text.split("\n").length)}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={hints.hide}
          onFocus={hints.reset}
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
