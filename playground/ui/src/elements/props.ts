import type { StateValue } from "../world/contract";

/** What every field is given: its description, what it holds, and how to say that it changed. */
export interface FieldProps<E> {
  element: E;
  id: string;
  label: string;
  state: StateValue;
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (state: StateValue) => void;
  /** The moment Slack would send the change at once: Enter in a text field. */
  onEnter: () => void;
}

interface Described {
  element: { focus_on_load?: boolean };
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}

/** The attributes that tie a control to its label, hint and error. */
export function tied({ element, id, describedBy, invalid }: Described) {
  return {
    id,
    "data-autofocus": element.focus_on_load || undefined,
    "aria-describedby": describedBy || undefined,
    "aria-invalid": invalid || undefined,
  };
}

/** As `tied`, with the label spoken too, for controls that stand without a label of their own. */
export function named(props: Described & { label: string }) {
  return { ...tied(props), "aria-label": props.label || undefined };
}
