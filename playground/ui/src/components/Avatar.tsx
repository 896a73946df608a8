import type { Person } from "../world/contract";
import { Bridge } from "./Bridge";

const HUES = [12, 40, 88, 150, 200, 232, 275, 330];

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0] ?? "").join("");
}

function hue(id: string): number {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return HUES[sum % HUES.length] ?? 0;
}

export function Avatar({ person }: { person: Person }) {
  if (person.is_bot) return <Bridge />;
  return (
    <span className="avatar" aria-hidden="true" style={{ background: `hsl(${hue(person.id)} 42% 42%)` }}>
      {initials(person.real_name || person.name).toLocaleUpperCase("sv")}
    </span>
  );
}
