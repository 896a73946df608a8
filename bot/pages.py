"""What is said, before any platform has drawn it.

A page is a sentence for those who only hear or glance (`summary`) and a few parts. Text is made
of spans, so that nothing a person wrote is ever taken for markup: a door escapes every plain
string and gives meaning only to the spans that are ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.chart import Chart


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Emphasis of the other kind: italic, for quotes and asides."""

    text: str


@dataclass(frozen=True, slots=True)
class Mono:
    """Something to type or copy, letter by letter."""

    text: str


Span = str | Strong | Quiet | Mono


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, side by side where there is room."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Divider:
    pass


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. `alt` has all of its numbers in words."""

    chart: Chart
    alt: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """A question before something that is not undone by pressing again."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Button:
    """`verb` and `about` come back when it is pressed. They are not to be trusted."""

    label: str
    verb: str
    about: Mapping[str, str] = field(default_factory=dict)
    style: str = ""
    """`primary`, `danger` or nothing."""
    confirm: Confirm | None = None
    spoken: str = ""
    """What a screen reader says where the label alone would not do."""


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]


Part = Heading | Text | Note | Facts | Divider | Picture | Buttons


@dataclass(frozen=True, slots=True)
class Page:
    summary: str
    parts: tuple[Part, ...] = ()

    @property
    def picture(self) -> Picture | None:
        return next((part for part in self.parts if isinstance(part, Picture)), None)

    def followed_by(self, parts: Iterable[Part]) -> "Page":
        return Page(self.summary, (*self.parts, *parts))

    def without_picture(self, remark: str) -> "Page":
        """The same page with a remark where the picture was."""
        parts = (Note((remark,)) if isinstance(p, Picture) else p for p in self.parts)
        return Page(self.summary, tuple(parts))


def text(*spans: Span) -> Text:
    return Text(spans)


def note(*spans: Span) -> Note:
    return Note(spans)


def lines(rows: Iterable[tuple[Span, ...]]) -> Text:
    """One text of several lines."""
    spans: list[Span] = []
    for row in rows:
        spans += ["\n", *row] if spans else row
    return Text(tuple(spans))


def buttons(*several: Button | None) -> Buttons:
    return Buttons(tuple(button for button in several if button))


def said(sentence: str) -> Page:
    """A page of one sentence."""
    return Page(sentence, (text(sentence),))
