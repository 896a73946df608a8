import { useDirectory } from "../world/directory";
import { candidateGroups, chooseOne, chosenOne } from "./choosing";
import type { CandidateGroup, OnePicker } from "./choosing";
import { named } from "./props";
import type { FieldProps } from "./props";

function Group({ group }: { group: CandidateGroup }) {
  const options = group.candidates.map(({ value, text }) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
  return group.label === null ? options : <optgroup label={group.label}>{options}</optgroup>;
}

export function Select(props: FieldProps<OnePicker>) {
  const { element, state, onChange } = props;
  const groups = candidateGroups(element, useDirectory());
  return (
    <select
      {...named(props)}
      value={chosenOne(state)}
      onChange={(event) => onChange(chooseOne(element, event.target.value))}
    >
      <option value="">{element.placeholder?.text ?? "Välj …"}</option>
      {groups.map((group, n) => (
        <Group key={group.label ?? n} group={group} />
      ))}
    </select>
  );
}
