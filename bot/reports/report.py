"""What every kind of report has in common."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from bot.asking import Answers
from bot.language import Language


class Names(Protocol):
    """Turns the plan's codes into names."""

    def place(self, code: str) -> str: ...

    def places(self, codes: Sequence[str]) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of report is spoken of. All English msgids."""

    one: str
    many: str
    example: str
    """A whole typed line, to copy."""
    purpose: str
    """One sentence for the list of commands."""


class Report(Answers):
    """One kind of report: its fields, its rules, its words.

    A subclass in a file of its own under `bot/reports/` is all that a new kind needs.
    """

    kind: ClassVar[str]
    """Its name in the ledger, in plan files and as a slash command."""
    offered: ClassVar[bool] = True
    """Whether people can call for its form."""
    verbs: ClassVar[tuple[str, ...]] = ()
    """Other words that open it, as in `/bro verb`."""
    wording: ClassVar[Wording]

    @property
    @abstractmethod
    def day(self) -> date:
        """When the thing happened, as local date: the period that it counts in."""

    @property
    def credited(self) -> tuple[str, ...]:
        """Codes of the municipalities that it credits."""
        return ()

    @abstractmethod
    def headline(self) -> str:
        """The few words by which people know it. Their own text: never trusted, always drawn
        through a door."""

    @abstractmethod
    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        """What was reported, in words, for somebody who may see all of it."""

    def like(self, other: "Report") -> bool:  # noqa: ARG002 - the rule for most kinds
        """Whether both may be about the same event, so that the reporter should be asked."""
        return False
