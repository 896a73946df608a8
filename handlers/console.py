"""Pages as plain text: for the command line and for the story that the demo prints."""

from collections.abc import Iterator

from bot.pages import Buttons, Divider, Facts, Heading, Note, Page, Part, Picture, Span, Text


def in_text(page: Page) -> str:
    return "\n".join(line for part in page.parts for line in _lines(part))


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Heading(text=words):
            yield from (words, "=" * len(words))
        case Text(spans=spans):
            yield _plain(spans)
        case Note(spans=spans):
            yield _plain(spans)
        case Facts(pairs=pairs):
            yield from (f"{name}: {value}" for name, value in pairs)
        case Divider():
            yield "-" * 20
        case Picture(alt=alt):
            yield f"[{alt}]"
        case Buttons(buttons=buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)


def _plain(spans: tuple[Span, ...]) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in spans)
