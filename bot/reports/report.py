"""What every kind of report has in common."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, Self, TypeVar

from bot.asking import Answers, RawAnswers
from bot.language import Language
from bot.ledger.recorded import Recorded


class Names(Protocol):
    """Turns the plan's codes into names."""

    def place(self, code: str) -> str: ...

    def places(self, codes: Sequence[str]) -> tuple[str, ...]: ...

    def entry(self, list_name: str, code: str) -> str:
        """An entry of one of the plan's lists."""
        ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of report is spoken of. All English msgids."""

    one: str
    many: str
    example: str
    """A whole typed line, to copy."""
    purpose: str
    """One sentence for the list of commands."""


class Party(StrEnum):
    """Who takes a step in a case."""

    ASKED = "asked"
    """A contact of a municipality that the case has been put to."""
    FOLLOWERS = "followers"
    """Those who look after the case."""


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Whom a case may be named to.

    `confidential`: only to those who are in it. `restricted`: it may be named, but holds something
    (a company's name) that only those may read. In it are the one who reported it, the contacts of
    the municipalities in `homes`, and `people` by id.
    """

    confidential: bool = False
    restricted: bool = False
    homes: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


R = TypeVar("R", bound="Report")


@dataclass(frozen=True, slots=True)
class Past:
    """What holds in a case when another report is made in it.

    `steps` are its live reports in the order of telling, without the one that is replaced; `home`
    is whom the reporter speaks for.
    """

    today: date
    home: str
    steps: tuple[tuple[Recorded, "Report"], ...] = ()
    before: "Report | None" = None
    """What it replaces, if it replaces anything."""

    def of(self, kind: type[R]) -> tuple[R, ...]:
        return tuple(report for _, report in self.steps if isinstance(report, kind))


class Report(Answers):
    """One kind of report: its fields, its rules, its words.

    A subclass in a file of its own under `bot/reports/` is all that a new kind needs. A kind that
    names another as `step_of` is a step in the cases that the other opens.
    """

    kind: ClassVar[str]
    """Its name in the ledger, in plan files and as a slash command."""
    offered: ClassVar[bool] = True
    """Whether people can call for its form by a command."""
    verbs: ClassVar[tuple[str, ...]] = ()
    """Other words that open it, as in `/bro verb`."""
    wording: ClassVar[Wording]
    step_of: ClassVar[str | None] = None
    taken_by: ClassVar[Party] = Party.FOLLOWERS
    """Who may take the step, where it is one."""
    closes: ClassVar[bool] = False
    """Whether the case is closed by it. A closed case takes no further steps."""
    replaces: ClassVar[bool] = False
    """Whether a report of a part of the case takes the place of an earlier one of the same part.
    Where it does not, the part can be told of once; a change is a change of that report."""
    same_within: ClassVar[timedelta] = timedelta(days=7)
    """How far apart two reports may lie and be held against each other: `like`."""
    news: ClassVar[bool] = True
    """Whether the digest tells of each."""

    @property
    @abstractmethod
    def day(self) -> date:
        """When the thing happened, as local date: the period that it counts in."""

    @property
    def credited(self) -> tuple[str, ...]:
        """Codes of the municipalities that it credits."""
        return ()

    @property
    def secrecy(self) -> Secrecy:
        """Whom the case that it opens may be named to."""
        return Secrecy()

    @abstractmethod
    def headline(self) -> str:
        """The few words by which people know it. Their own text: never trusted, always drawn
        through a door. A step has none: it is known by its case."""

    @abstractmethod
    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        """What was reported, in words, for everybody who may be told of the case."""

    def told_as(self, language: Language) -> str:
        """What it is, in a word beside its headline; for a step, beside the name of its case."""
        return language.t(self.wording.one)

    def inside(self, language: Language) -> tuple[str, ...]:  # noqa: ARG002 - the rule for most kinds
        """What is told beyond that to those who are in the case."""
        return ()

    def like(self, other: "Report") -> bool:  # noqa: ARG002 - the rule for most kinds
        """Whether both may be about the same event, so that the reporter should be asked. It is
        asked of reports that lie within `same_within` of each other."""
        return False

    def part(self, home: str) -> str:  # noqa: ARG002 - the rule for most kinds
        """Which part of its case it tells of, at most 60 characters. `home` is whom the reporter
        speaks for: where it is the part, the step is taken for that municipality."""
        return ""

    @classmethod
    def begun(cls, past: Past) -> RawAnswers:  # noqa: ARG003 - the rule for most kinds
        """What the form of a step is opened with, as far as its case tells."""
        return {}

    def settled(self, past: Past) -> Self:  # noqa: ARG002 - the rule for most kinds
        """With what nobody types, because the case or the day tells it."""
        return self

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - the rule for most kinds
        """What speaks against it in its case: a sentence in the reader's language at each field."""
        return {}

    def doubts(self, language: Language) -> tuple[str, ...]:  # noqa: ARG002 - the rule for most kinds
        """What may well be a slip and is asked about once, as sentences."""
        return ()
