"""Writes a conversation down as it happens, and holds it to what is expected of it."""

import html
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.language import language
from playground.blocks import words
from playground.person import Person
from playground.seen import Field, Screen, Seen
from playground.town import CHANNEL, Somebody, Town

WIDTH = 96
SWEDISH = language("sv")
t = SWEDISH.t


class StoryError(Exception):
    """Something was not as the story has it. Says what was expected and what was seen."""


def expect(seen: object, *wanted: str) -> None:
    """Every one of these must stand in what was seen."""
    for phrase in wanted:
        if phrase not in str(seen):
            raise StoryError(f"expected {phrase!r}, but saw:\n{seen}")


def expect_same(what: str, seen: object, wanted: object) -> None:
    if seen != wanted:
        raise StoryError(f"{what}: expected {wanted!r}, but saw {seen!r}")


@dataclass
class Teller:
    """`write` takes the transcript line by line. What was seen before the story is not told."""

    town: Town
    zone: ZoneInfo
    write: Callable[[str], None]
    _told: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for somebody in self.town.cast:
            self.overlook(somebody)

    # --- What is told between

    def chapter(self, title: str) -> None:
        self.write(f"\n{title}\n{'─' * len(title)}")

    def remark(self, words: str) -> None:
        self.write(f"({words})")

    def comes(self, moment: datetime) -> None:
        """Time goes on, and the worker does all that is due by then."""
        self.town.clock.set(moment)
        self.town.settle()
        day = moment.astimezone(self.zone).date()
        self.write(f"\nKlockan är nu {SWEDISH.moment(moment, self.zone, day)}.")

    # --- What people do

    def types(self, somebody: Somebody, text: str) -> list[Seen]:
        self.write(f"\n{_name(somebody)} skriver: {text}")
        person = self.town.person(somebody)
        person.types(text, CHANNEL)
        return self._after(somebody, person)

    def presses(self, somebody: Somebody, label: str, in_message: Seen | None = None) -> list[Seen]:
        self.write(f"\n{_name(somebody)} trycker på [{label}]")
        person = self.town.person(somebody)
        person.presses(label, in_message)
        return self._after(somebody, person)

    def form(self, somebody: Somebody) -> Screen:
        """The form in front of somebody, with what it has filled in already."""
        screen = self.town.person(somebody).modal
        if screen is None:
            raise StoryError(f"no form is open in front of {somebody.name}")
        self.write(f"  Formuläret ”{screen.title}”:")
        for each in screen.fields.values():
            self.write(f"    {each.label}: {_value(each)}")
        if not screen.fields:
            self._quote(_drawn(screen.view["blocks"]), "    ")
        return screen

    def fills(self, somebody: Somebody, **fields: object) -> None:
        person = self.town.person(somebody)
        person.fills(**fields)
        screen = person.modal
        assert screen is not None
        for name in fields:
            each = screen.fields[name]
            self.write(f"  {_name(somebody)} fyller i {each.label}: {_value(each)}")

    def submits(self, somebody: Somebody) -> list[Seen]:
        person = self.town.person(somebody)
        screen = person.modal
        assert screen is not None
        self.write(f"  {_name(somebody)} trycker på [{screen.submit}]")
        person.submits()
        if (after := person.modal) and after.errors:
            raise StoryError(f"the form was not taken: {after.errors}")
        return self._after(somebody, person)

    # --- What people see

    def sees(self, somebody: Somebody) -> list[Seen]:
        """All that is new or changed on somebody's screen, told and returned."""
        told, news = self._told[somebody.name], []
        for where, seen in self._on_screen(somebody):
            if (seen.ts, seen.words) not in told:
                told.add((seen.ts, seen.words))
                news.append(seen)
                self._tell(somebody, where, seen)
        return news

    def sees_one(self, somebody: Somebody) -> Seen:
        news = self.sees(somebody)
        if len(news) != 1:
            raise StoryError(f"{somebody.name} should see one thing, but saw {news}")
        return news[0]

    def sees_nothing(self, somebody: Somebody) -> None:
        if news := self.sees(somebody):
            raise StoryError(f"{somebody.name} should see nothing new, but saw {news}")

    def overlook(self, *several: Somebody) -> None:
        """What stands on their screens is not told."""
        for somebody in several:
            self._told[somebody.name] = {(s.ts, s.words) for _, s in self._on_screen(somebody)}

    # --- Within

    def _after(self, somebody: Somebody, person: Person) -> list[Seen]:
        if person.notice:
            raise StoryError(f"Slack told {somebody.name}: {person.notice}")
        self.town.deliver()
        return self.sees(somebody)

    def _on_screen(self, somebody: Somebody) -> Iterator[tuple[str, Seen]]:
        person = self.town.person(somebody)
        yield from (("", seen) for seen in person.dm)
        yield from ((CHANNEL, seen) for seen in person.sees(CHANNEL))

    def _tell(self, somebody: Somebody, where: str, seen: Seen) -> None:
        to = f"till {_name(somebody)}"
        if where:
            to = f"i #{where}"
            to += f" (syns bara för {_name(somebody)})" if seen.ephemeral else ""
            to += " i tråden" if seen.thread not in {None, seen.ts} else ""
        changed = ", ändrar sitt meddelande" if seen.edited else ""
        self.write(f"  Brobot {to}{changed}:")
        self._quote(_drawn(seen.blocks) if seen.blocks else [seen.text], "  │ ")

    def _quote(self, lines: list[str], margin: str) -> None:
        for line in lines:
            hanging = margin + "  "
            self.write(textwrap.fill(line, WIDTH, initial_indent=margin, subsequent_indent=hanging))


def _name(somebody: Somebody) -> str:
    return somebody.name.capitalize()


def _value(each: Field) -> str:
    if isinstance(each.value, list):
        return ", ".join(map(str, each.value)) or "–"
    return str(each.value or "–")


def _drawn(blocks: list[dict[str, object]]) -> list[str]:
    """A message's blocks as lines of plain text; its buttons in brackets."""
    lines: list[str] = []
    for block in blocks:
        said = _plain(words([block])).splitlines()
        if block["type"] == "actions":
            lines.append(" ".join(f"[{label}]" for label in said))
        elif block["type"] == "image":
            lines.append(f"(bild: {' '.join(said)})")
        else:
            lines.extend(said)
    return [line for line in lines if line.strip()]


def _plain(text: str) -> str:
    """Without Slack's marks for bold, quiet and monospaced text."""
    return html.unescape(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text))
