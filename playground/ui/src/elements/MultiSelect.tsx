import { useDirectory } from "../world/directory";
import { Chips } from "./Chips";
import { OptionList } from "./OptionList";
import { candidateGroups, chooseMany, chosenMany } from "./choosing";
import type { ManyPicker } from "./choosing";
import { named } from "./props";
import type { FieldProps } from "./props";
import { useCombobox } from "./useCombobox";

/** Several choices: chips, and a list to choose from. */
export function MultiSelect(props: FieldProps<ManyPicker>) {
  const { element, id, state, onChange } = props;
  const groups = candidateGroups(element, useDirectory());
  const all = groups.flatMap((group) => group.candidates);
  const chosen = chosenMany(state);

  const choose = (values: string[]) => onChange(chooseMany(element, values));
  const toggle = (value: string) => {
    if (chosen.includes(value)) choose(chosen.filter((each) => each !== value));
    else if (chosen.length < (element.max_selected_items ?? Infinity)) choose([...chosen, value]);
  };
  const box = useCombobox(all, toggle, () => choose(chosen.slice(0, -1)));
  return (
    <div className="multi" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || box.setOpen(false)}>
      <Chips chosen={all.filter(({ value }) => chosen.includes(value))} onRemove={toggle} />
      <input
        {...named(props)}
        type="text"
        role="combobox"
        aria-expanded={box.open}
        aria-controls={`${id}-list`}
        aria-activedescendant={box.open ? `${id}-${box.active}` : undefined}
        autoComplete="off"
        placeholder={element.placeholder?.text ?? "Välj en eller flera …"}
        value={box.search}
        onClick={() => box.setOpen(true)}
        onKeyDown={box.onKeyDown}
        onChange={(event) => box.type(event.target.value)}
      />
      {box.open && (
        <OptionList
          id={id}
          groups={groups}
          matches={box.matches}
          chosen={chosen}
          active={box.active}
          onToggle={(value) => {
            toggle(value);
            box.type("");
          }}
        />
      )}
    </div>
  );
}
