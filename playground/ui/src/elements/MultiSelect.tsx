import { useState } from "react";
import type { KeyboardEvent } from "react";

import { useDirectory } from "../world/directory";
import { Chips } from "./Chips";
import { OptionList } from "./OptionList";
import { candidateGroups, chooseMany, chosenMany } from "./choosing";
import type { ManyPicker } from "./choosing";
import { named } from "./props";
import type { FieldProps } from "./props";

/** Several choices: chips, and a list that typing narrows (the ARIA combobox pattern). */
export function MultiSelect(props: FieldProps<ManyPicker>) {
  const { element, id, state, onChange } = props;
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const groups = candidateGroups(element, useDirectory());
  const all = groups.flatMap((group) => group.candidates);
  const chosen = chosenMany(state);
  const matches = all.filter(({ text }) => text.toLocaleLowerCase("sv").includes(search.trim().toLocaleLowerCase("sv")));
  const full = chosen.length >= (element.max_selected_items ?? Infinity);

  const choose = (values: string[]) => onChange(chooseMany(element, values));
  const toggle = (value: string) => {
    if (chosen.includes(value)) choose(chosen.filter((each) => each !== value));
    else if (!full) choose([...chosen, value]);
    setSearch("");
  };
  const move = (steps: number) => {
    setOpen(true);
    setActive((now) => Math.max(0, Math.min(matches.length - 1, now + steps)));
  };
  const enter = () => {
    const match = matches[active];
    if (open && match) toggle(match.value);
    setOpen(true);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(open ? 1 : 0),
    ArrowUp: () => move(-1),
    Enter: enter,
    Escape: () => setOpen(false),
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Backspace" && search === "") choose(chosen.slice(0, -1));
    const act = event.key === "Escape" && !open ? undefined : keys[event.key];
    if (!act) return;
    // Escape closes the list and not the modal; Enter chooses and does not submit.
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div className="multi" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <Chips chosen={all.filter(({ value }) => chosen.includes(value))} onRemove={toggle} />
      <input
        {...named(props)}
        type="text"
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        autoComplete="off"
        placeholder={element.placeholder?.text ?? "Välj en eller flera …"}
        value={search}
        onClick={() => setOpen(true)}
        onKeyDown={key}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
          setOpen(true);
        }}
      />
      {open && <OptionList id={id} groups={groups} matches={matches} chosen={chosen} active={active} onToggle={toggle} />}
    </div>
  );
}
