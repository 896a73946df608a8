import { Fragment } from "react";

import type { Candidate, CandidateGroup } from "./choosing";

interface Props {
  id: string;
  groups: CandidateGroup[];
  matches: Candidate[];
  chosen: string[];
  active: number;
  onToggle: (value: string) => void;
}

export function OptionList({ id, groups, matches, chosen, active, onToggle }: Props) {
  const row = (candidate: Candidate) => {
    const n = matches.indexOf(candidate);
    return (
      <div
        key={candidate.value}
        id={`${id}-${n}`}
        role="option"
        aria-selected={chosen.includes(candidate.value)}
        className={n === active ? "option active" : "option"}
        // The text field keeps the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onToggle(candidate.value)}
      >
        {candidate.text}
      </div>
    );
  };
  return (
    <div className="options" id={`${id}-list`} role="listbox" aria-multiselectable>
      {groups.map(({ label, candidates }, n) => {
        const left = candidates.filter((candidate) => matches.includes(candidate));
        return (
          <Fragment key={label ?? n}>
            {label && left.length > 0 && <div className="option-group">{label}</div>}
            {left.map(row)}
          </Fragment>
        );
      })}
      {matches.length === 0 && <div className="option-group">Inget stämmer</div>}
    </div>
  );
}
