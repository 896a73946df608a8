/** Wall time in Örebro, whatever zone the machine that shows the page is in. */
const ZONE = "Europe/Stockholm";
const HOUR_MS = 3_600_000;

export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
});

const LONG_DATE = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

const TIME = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });

export function wallTime(at: Date): WallTime {
  const parts = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return { year, month, day, hour, minute };
}

const asUtc = (wall: WallTime) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);

/** The moment of a wall time. One that summer time skips becomes the hour after; one it repeats, the first. */
export function moment(wall: WallTime): Date {
  const naive = asUtc(wall);
  const fits = [2, 1].map((hours) => new Date(naive - hours * HOUR_MS)).find((at) => asUtc(wallTime(at)) === naive);
  return fits ?? new Date(naive - HOUR_MS);
}

export const hourAfter = (at: Date): Date => new Date(at.getTime() + HOUR_MS);

export function dayAfter(at: Date): Date {
  const wall = wallTime(at);
  return moment(movedDays(wall, 1));
}

/** Monday 08:00, strictly after `at`. */
export function nextMonday(at: Date): Date {
  const wall = { ...wallTime(at), hour: 8, minute: 0 };
  const weekday = new Date(asUtc(wall)).getUTCDay();
  const monday = moment(movedDays(wall, (8 - weekday) % 7));
  return monday > at ? monday : moment(movedDays(wall, 7));
}

function movedDays(wall: WallTime, days: number): WallTime {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

const two = (number: number) => String(number).padStart(2, "0");

/** 2026-06-12T14:00, as `<input type="datetime-local">` wants it; people read it with another separator. */
export function toInput(at: Date, separator = "T"): string {
  const { year, month, day, hour, minute } = wallTime(at);
  return `${year}-${two(month)}-${two(day)}${separator}${two(hour)}:${two(minute)}`;
}

/** Null when the text is not a complete date and time. */
export function fromInput(text: string): Date | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)/.exec(text.trim());
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  return moment({ year, month, day, hour, minute });
}

/** ISO 8601 with the zone's offset, as the server writes its own clock. */
export function toIso(at: Date): string {
  const offset = (asUtc(wallTime(at)) - Math.floor(at.getTime() / 60_000) * 60_000) / HOUR_MS;
  return `${toInput(at)}:00+${two(offset)}:00`;
}

export const dateText = (at: Date): string => LONG_DATE.format(at);
export const timeText = (at: Date): string => TIME.format(at);
/** fredag 12 juni 2026 14:00 */
export const clockText = (at: Date): string => `${dateText(at)} ${timeText(at)}`;

/** Slack's ts is seconds since 1970 with a serial number as decimals. */
export const momentOf = (ts: string): Date => new Date(Number(ts) * 1000);
