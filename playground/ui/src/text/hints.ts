import type { Command } from "../world/contract";

export interface Hints {
  hints: Command[];
  /** Whether the command's name is still being typed, so that Enter completes it instead of sending. */
  choosing: boolean;
}

/** Commands that what is typed could become; once its name is whole, the one whose usage is to be shown. */
export function hintsFor(text: string, commands: Command[]): Hints {
  const [name = ""] = text.split(/\s/, 1);
  if (!name.startsWith("/")) return { hints: [], choosing: false };
  const whole = commands.filter(({ command }) => command === name);
  const isWhole = whole.length > 0 || text.length > name.length;
  const hints = isWhole ? whole : commands.filter(({ command }) => command.startsWith(name));
  return { hints, choosing: !isWhole && hints.length > 0 };
}
