import type { Person } from "../world/contract";
import { Avatar } from "./Avatar";

interface Props {
  people: Person[];
  chosen: string | null;
  onChoose: (id: string) => void;
}

export function PersonSwitcher({ people, chosen, onChoose }: Props) {
  return (
    <section className="people" aria-labelledby="people-title">
      <h2 id="people-title">Du är</h2>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className="person"
              data-testid={`person-${person.id}`}
              aria-pressed={person.id === chosen}
              onClick={() => onChoose(person.id)}
            >
              <Avatar person={person} />
              <span>
                <strong>{person.real_name || person.name}</strong>
                <small>{person.title}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
