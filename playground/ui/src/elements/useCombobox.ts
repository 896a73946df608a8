import { useState } from "react";
import type { KeyboardEvent } from "react";

import type { Candidate } from "./choosing";

export interface Combobox {
  open: boolean;
  setOpen: (open: boolean) => void;
  search: string;
  type: (search: string) => void;
  /** Which of `matches` the arrow keys stand on. */
  active: number;
  matches: Candidate[];
  onKeyDown: (event: KeyboardEvent) => void;
}

const folded = (text: string) => text.trim().toLocaleLowerCase("sv");

/** A list that typing narrows and the keyboard walks (the ARIA combobox pattern). */
export function useCombobox(all: Candidate[], onPick: (value: string) => void, onErase: () => void): Combobox {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const matches = all.filter(({ text }) => folded(text).includes(folded(search)));

  const type = (text: string) => {
    setSearch(text);
    setActive(0);
    setOpen(true);
  };
  const move = (steps: number) => {
    setOpen(true);
    setActive(Math.max(0, Math.min(matches.length - 1, active + steps)));
  };
  const pick = () => {
    const match = matches[active];
    if (open && match) onPick(match.value);
    setSearch("");
    setOpen(true);
  };
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => move(open ? 1 : 0),
    ArrowUp: () => move(-1),
    Enter: pick,
    Escape: open ? () => setOpen(false) : undefined,
    Backspace: search === "" ? onErase : undefined,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (!act) return;
    // Escape closes the list and not the modal; Enter chooses and does not submit.
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { open, setOpen, search, type, active, matches, onKeyDown };
}
