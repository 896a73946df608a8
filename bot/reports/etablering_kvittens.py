"""A municipality acknowledges that it has got an inquiry: one press, no form."""

from datetime import date
from typing import ClassVar

from bot.language import N_, Language
from bot.reports.report import Names, Party, Report, Wording


class Acknowledgement(Report):
    kind: ClassVar[str] = "etablering_kvittens"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Acknowledge")
    step_of: ClassVar[str | None] = "etablering"
    taken_by: ClassVar[Party] = Party.ASKED
    news: ClassVar[bool] = False
    wording: ClassVar[Wording] = Wording(
        one=N_("acknowledged"), many=N_("acknowledged"), example="", purpose=""
    )

    acknowledged_on: date

    @property
    def day(self) -> date:
        return self.acknowledged_on

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - nothing to add
        return ()

    def part(self, home: str) -> str:
        return home
