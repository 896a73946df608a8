import type { Candidate } from "./choosing";

interface Props {
  chosen: Candidate[];
  onRemove: (value: string) => void;
}

export function Chips({ chosen, onRemove }: Props) {
  return chosen.map(({ value, text }) => (
    <span key={value} className="chip">
      {text}
      <button type="button" aria-label={`Ta bort ${text}`} onClick={() => onRemove(value)}>
        ×
      </button>
    </span>
  ));
}
