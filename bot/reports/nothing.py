"""“Nothing to report”: an answer, so that zero is not taken for silence."""

from datetime import date
from typing import ClassVar

from bot.language import N_, Language
from bot.reports.report import Names, Report, Wording


class Nothing(Report):
    """Said from a reminder's button, never typed: no field asks for it."""

    kind: ClassVar[str] = "nothing"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Nothing to report")
    wording: ClassVar[Wording] = Wording(
        one=N_("nothing to report"), many=N_("nothing to report"), example="", purpose=""
    )

    of: str
    """The kind of report that there is nothing of."""
    period: str
    """The period that it answers for, by its key."""
    said_on: date

    @property
    def day(self) -> date:
        return self.said_on

    def headline(self) -> str:
        return self.period

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - nothing to name
        return (language.t("Nothing to report for {period}.", period=self.period),)
