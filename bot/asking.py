"""How a pydantic model describes the form that asks for it.

One `Ask` per field says what to ask and with which kind of input. Every door draws the same
description: a Slack modal, a Teams card, a typed line, an import column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what is stored, and the words for it (an English msgid)."""

    value: str
    label: str
    words: tuple[str, ...] = ()
    """Swedish and English words in a typed line that mean this choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text."""

    longest: int = 150


@dataclass(frozen=True, slots=True)
class Prose:
    """Several lines of text."""

    longest: int = 2000


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, ISO 8601 when stored."""

    past: bool = False
    """True where the thing must have happened: a typed date without a year is then the latest
    such day that has been, otherwise the next one to come."""
    leads: tuple[str, ...] = ()
    """Words that must stand before it in a typed line ("svar senast 3 december"): a day that is
    one of several needs them, so that no other day is taken for it."""
    told_by: tuple[str, ...] = ()
    """Words that may stand before it in a typed line ("inkom 3 juni") and then belong to it: a day
    after one of them goes before any other."""
    today: bool = False
    """Whether the form is opened with today where nothing else is known."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Wall-clock time, HH:MM."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number. `units` are the words that follow it in a typed line, or stand before it:
    "24 deltagare", "deltagare 24". `only_after` only follow it: "Forum för företagare 2026"."""

    least: int = 0
    most: int = 1_000_000
    units: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()

    @property
    def following(self) -> tuple[str, ...]:
        return (*self.units, *self.only_after)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may have decimals, in the unit that the label names. Stored as text with a
    point, `2.5`. `units` are the words that follow it in a typed line."""

    units: tuple[str, ...] = ()
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Money:
    """Swedish kronor, a whole number when stored. Written as people do: `1 160 292`, `1,16 mkr`.

    `usual` is what such an amount often is, in kronor, until there are earlier ones to go by: one
    a thousand times more or less is asked about.
    """

    usual: int
    leads: tuple[str, ...] = ()
    """Words that must stand before it in a typed line, where a form has several amounts."""


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Option, ...]
    open_list: bool = False
    """True: all options stand open (radio buttons); false: a list to choose from."""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list that the plan file keeps under this name, by its code. A plan without
    such a list is not asked for it."""

    name: str
    required: bool = False
    """Whether it must be answered where the plan has the list."""


@dataclass(frozen=True, slots=True)
class Members:
    """Some of the plan's municipalities, by code; or one of them."""

    one: bool = False
    everyone: tuple[str, ...] = ()
    """Words in a typed line that mean all of them in this field: "till alla"."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no: one box to tick, with its own words."""

    words: str


@dataclass(frozen=True, slots=True)
class PersonPicker:
    """One person of the chat platform, by the platform's id; or several."""

    several: bool = False


@dataclass(frozen=True, slots=True)
class Supplied:
    """A choice whose options are known only when the form is made: they come with the form."""

    several: bool = False
    open_list: bool = False


Input = (
    Line
    | Prose
    | Day
    | TimeOfDay
    | Whole
    | Amount
    | Money
    | Choice
    | Listed
    | Members
    | Flag
    | PersonPicker
    | Supplied
)


@dataclass(frozen=True, slots=True)
class Ask:
    """The question for one field. Label and hint are English msgids."""

    label: str
    input: Input
    hint: str = ""
    names: tuple[str, ...] = ()
    """Swedish names for `field: value` in a typed line, beside the label's own."""
    titles: bool = False
    """True for the one field that takes what is left of a typed line."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its name in the model, its question, whether it must be answered, and
    what it is filled in with where nothing is known (None for nothing)."""

    name: str
    ask: Ask
    required: bool
    default: Any = None


class Answers(BaseModel):
    """A model that a form can ask for. Frozen; unknown fields are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        validate_default=True,  # a rule may ask for what was left empty
        hide_input_in_errors=True,  # it is what people wrote, and errors are logged
    )

    asks_as: ClassVar[str]
    """The form's title, an English msgid; at most 24 characters in every language."""

    @classmethod
    @cache
    def fields(cls) -> tuple[Field, ...]:
        return tuple(cls._fields())

    @classmethod
    def fields_asking(cls, kind: type[Input]) -> tuple[str, ...]:
        """The names of the fields that are asked for with this kind of input."""
        return tuple(field.name for field in cls.fields() if isinstance(field.ask.input, kind))

    @classmethod
    def _fields(cls) -> Iterator[Field]:
        for name, info in cls.model_fields.items():
            default = None if info.is_required() else info.get_default()
            # What has a value from the start need not be left empty; a box may stay unticked.
            required = info.is_required() or default not in (None, False, ())
            for mark in info.metadata:
                if isinstance(mark, Ask):
                    yield Field(name, mark, required, default)


RawAnswers = dict[str, Any]
"""Answers as a door hands them over: text, or a list of texts, by field name."""
