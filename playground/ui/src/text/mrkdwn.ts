/**
 * Slack's mrkdwn (docs.slack.dev, "Formatting message text") as rich text elements, which say exactly what to draw.
 *
 * The drawing library has a parser too, but it unescapes before it parses (`&lt;@U1&gt;` becomes a mention) and
 * reads Markdown that Slack does not know (a line that begins with # or | disappears).
 */
import type { RichTextBlock, RichTextBlockElement, RichTextElement } from "@slack/types";

interface Style {
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
}

const STYLES: Record<string, Style> = { "*": { bold: true }, _: { italic: true }, "~": { strike: true } };
const WORD = /[\p{L}\p{N}]/u;
const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|:([a-z0-9_+'-]+):|(?:https?:\/\/)[^\s<>|*`]+[^\s<>|*`.,;:!?)\]]/y;

export function unescape(text: string): string {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

const styled = (style: Style) => (Object.keys(style).length > 0 ? { style } : {});

function plain(text: string, style: Style): RichTextElement[] {
  return text ? [{ type: "text", text: unescape(text), ...styled(style) }] : [];
}

function angled(inside: string, style: Style): RichTextElement {
  const [target = "", ...rest] = inside.split("|");
  const label = rest.length > 0 ? rest.join("|") : undefined;
  if (/^@[UW]/.test(target)) return { type: "user", user_id: target.slice(1), ...styled(style) };
  if (/^#C/.test(target)) return { type: "channel", channel_id: target.slice(1), ...styled(style) };
  const range = /^!(here|channel|everyone)$/.exec(target)?.[1];
  if (range) return { type: "broadcast", range: range as "here" | "channel" | "everyone" };
  if (target.startsWith("!")) return { type: "text", text: unescape(label ?? target), ...styled(style) };
  return { type: "link", url: unescape(target), text: unescape(label ?? target), ...styled(style) };
}

function tokenAt(line: string, at: number, style: Style): { element: RichTextElement; length: number } | null {
  TOKEN.lastIndex = at;
  const found = TOKEN.exec(line);
  if (!found) return null;
  const [whole, inside, code, emoji] = found;
  const length = whole.length;
  if (inside !== undefined) return { element: angled(inside, style), length };
  if (code !== undefined) return { element: { type: "text", text: unescape(code), style: { ...style, code: true } }, length };
  if (emoji !== undefined) return { element: { type: "emoji", name: emoji }, length };
  return { element: { type: "link", url: unescape(whole), text: unescape(whole), ...styled(style) }, length };
}

/** Where the emphasis that begins at `at` ends, or -1: a marker stands at the edge of a word, with no space inside. */
function closing(line: string, at: number): number {
  const marker = line[at] ?? "";
  if (!STYLES[marker] || WORD.test(line[at - 1] ?? "") || /\s|^$/.test(line[at + 1] ?? "")) return -1;
  for (let end = line.indexOf(marker, at + 2); end !== -1; end = line.indexOf(marker, end + 1)) {
    if (!/\s/.test(line[end - 1] ?? "") && !WORD.test(line[end + 1] ?? "")) return end;
  }
  return -1;
}

function inline(line: string, style: Style = {}): RichTextElement[] {
  const drawn: RichTextElement[] = [];
  let start = 0;
  let at = 0;
  const jump = (next: number, elements: RichTextElement[]) => {
    drawn.push(...plain(line.slice(start, at), style), ...elements);
    start = at = next;
  };
  while (at < line.length) {
    const end = closing(line, at);
    const token = end === -1 ? tokenAt(line, at, style) : null;
    if (end !== -1) jump(end + 1, inline(line.slice(at + 1, end), { ...style, ...STYLES[line[at] ?? ""] }));
    else if (token) jump(at + token.length, [token.element]);
    else at += 1;
  }
  return [...drawn, ...plain(line.slice(start), style)];
}

const QUOTE = /^(?:&gt;|>) ?/;

function lines(text: string): RichTextBlockElement[] {
  const runs: { quote: boolean; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const quote = QUOTE.test(line);
    const last = runs.at(-1);
    if (last?.quote === quote) last.lines.push(line.replace(QUOTE, ""));
    else runs.push({ quote, lines: [quote ? line.replace(QUOTE, "") : line] });
  }
  return runs.map((run) => ({
    type: run.quote ? "rich_text_quote" : "rich_text_section",
    elements: run.lines.flatMap((line, n) => [...(n ? plain("\n", {}) : []), ...inline(line)]),
  }));
}

function preformatted(text: string): RichTextBlockElement {
  return { type: "rich_text_preformatted", elements: plain(text.replace(/^\n|\n$/g, ""), {}) as never };
}

const richText = (elements: RichTextBlockElement[]): RichTextBlock => ({ type: "rich_text", elements });

export function fromMrkdwn(text: string): RichTextBlock {
  const parts = text.split(/```([\s\S]+?)```/);
  const drawn = parts.map((part, n) => (n % 2 ? [preformatted(part)] : lines(trimmedAround(part, n, parts.length))));
  return richText(drawn.flat().filter((element) => element.elements.length > 0));
}

/** The line breaks around a code block belong to it, not to the text beside it. */
function trimmedAround(part: string, n: number, count: number): string {
  const fromCode = n > 0 ? part.replace(/^\n/, "") : part;
  return n < count - 1 ? fromCode.replace(/\n$/, "") : fromCode;
}

/** plain_text: nothing but emoji is read; Slack unescapes it like the rest. */
export function fromPlainText(text: string): RichTextBlock {
  const parts = text.split(/:([a-z0-9_+'-]+):/);
  const elements = parts.flatMap((part, n): RichTextElement[] =>
    n % 2 ? [{ type: "emoji", name: part }] : plain(part, {}),
  );
  return richText([{ type: "rich_text_section", elements }]);
}
