"""What a line is read against: the form's fields, the day it is, the plan's places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.asking import Choice, Field, Listed, Option
from bot.typed_line.words import Phrase, phrases

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of the plan: its code, its name, and other names people use for it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineContext:
    """What a line is read against.

    `earliest` is the first day of the plan's period. `lists` are the plan's lists by name, for
    `Listed`: each entry's code, its name in the reader's language, and other words for it. `home`
    is the code of the municipality that the person speaks for, if it is one: "med Hallsberg" is
    said by somebody who was there.
    """

    today: date
    places: tuple[Place, ...]
    earliest: date | None = None
    lists: Mapping[str, tuple[Option, ...]] = field(default_factory=dict, hash=False)
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    fields: tuple[Field, ...]
    context: LineContext
    translate: Translate

    def names(self, field: Field) -> frozenset[Phrase]:
        """What people call a field: its label in both languages, its other names, its own name."""
        label, name = field.ask.label, field.name
        said = (self.translate(label), label, *field.ask.names, name, name.replace("_", " "))
        return phrases(*(one.rstrip(" ?:.") for one in said))

    def options(self, kind: Choice | Listed) -> tuple[Option, ...]:
        """What can be chosen: the form's own options, or a list of the plan."""
        if isinstance(kind, Listed):
            return self.context.lists.get(kind.name, ())
        return kind.options
