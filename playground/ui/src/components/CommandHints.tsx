import type { Command } from "../world/contract";

interface Props {
  id: string;
  hints: Command[];
  /** -1: the command is whole, and this is only a reminder of how it is used. */
  active: number;
  onChoose: (command: Command) => void;
}

export function CommandHints({ id, hints, active, onChoose }: Props) {
  return (
    <div className="hints" id={id} role="listbox" aria-label="Kommandon" data-testid="command-hints">
      {hints.map((hint, n) => (
        <div
          key={hint.command}
          id={`${id}-${n}`}
          role="option"
          aria-selected={n === active}
          className={n === active ? "command active" : "command"}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(hint)}
        >
          <strong>{hint.command}</strong> <code>{hint.usage_hint}</code>
          <small>{hint.description}</small>
        </div>
      ))}
    </div>
  );
}
