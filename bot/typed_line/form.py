"""What a line is read against: the form's fields, the day it is, the plan's places."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.asking import Field
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
    """What a line is read against. `earliest` is the first day of the plan's period."""

    today: date
    places: tuple[Place, ...]
    earliest: date | None = None


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
