"""How an inquiry goes on after the answers: shortlist, visit, land, or at rest."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import field_validator

from bot.asking import Ask, Choice, Day, Members, Option
from bot.language import N_, Language
from bot.reports.etablering import Inquiry
from bot.reports.fields import Remark
from bot.reports.report import Names, Past, Report, Wording


class Stage(StrEnum):
    ONGOING = "ongoing"
    SHORTLIST = "shortlist"
    VISIT = "visit"
    LAND = "land"
    DORMANT = "dormant"


STAGES = (
    Option(Stage.ONGOING, N_("Under way"), ("pågår",)),
    Option(Stage.SHORTLIST, N_("Shortlist"), ("kortlista",)),
    Option(Stage.VISIT, N_("Visit"), ("besök",)),
    Option(Stage.LAND, N_("Land allocation"), ("markanvisning",)),
    Option(Stage.DORMANT, N_("Dormant"), ("vilande",)),
)


class Progress(Report):
    kind: ClassVar[str] = "etablering_steg"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("New stage")
    step_of: ClassVar[str | None] = "etablering"
    wording: ClassVar[Wording] = Wording(
        one=N_("new stage"), many=N_("new stages"), example="", purpose=""
    )

    stage: Annotated[Stage, Ask(N_("Stage"), Choice(STAGES, open_list=True))]
    reached_on: Annotated[date, Ask(N_("Date"), Day(past=True, today=True))]
    members: Annotated[
        tuple[str, ...], Ask(N_("Municipalities it concerns"), Members(), hint=N_("If not all."))
    ] = ()
    notes: Remark = None

    @field_validator("members")
    @classmethod
    def _each_once(cls, members: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(members))

    @property
    def day(self) -> date:
        return self.reached_on

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        return tuple(self._sentences(language, names))

    def _sentences(self, language: Language, names: Names) -> Iterator[str]:
        yield language.t(next(o.label for o in STAGES if o.value == self.stage))
        if self.members:
            yield language.listed(names.places(self.members))
        if self.notes:
            yield self.notes

    def told_as(self, language: Language) -> str:
        return language.inline(language.t(next(o.label for o in STAGES if o.value == self.stage)))

    def part(self, home: str) -> str:  # noqa: ARG002 - whoever tells of it
        return f"{self.stage}:{self.reached_on}"

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        return not_before(past, "reached_on", self.reached_on, language)


def not_before(past: Past, field: str, day: date, language: Language) -> dict[str, str]:
    """Nothing comes of an inquiry before it was received."""
    received = next((inquiry.received_on for inquiry in past.of(Inquiry)), None)
    if received is None or day >= received:
        return {}
    told = language.t(
        "The inquiry was received on {day}. Choose that day or a later one.",
        day=language.day(received),
    )
    return {field: told}
