"""An inquiry is lost: always with a reason, and with how far it had come."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator

from bot.asking import Ask, Choice, Day, Option
from bot.forms import refusal
from bot.language import N_, Language
from bot.reports.etablering_steg import STAGES, Progress, not_before
from bot.reports.fields import Remark
from bot.reports.report import Names, Past, Report, Wording

REASONS = (
    Option("other_region", N_("Chose another region in Sweden")),
    Option("other_country", N_("Chose another country")),
    Option("land", N_("No suitable land")),
    Option("premises", N_("No suitable premises")),
    Option("power", N_("Not enough electric power")),
    Option("time", N_("Plans and permits would take too long")),
    Option("cost", N_("Price or cost")),
    Option("skills", N_("Supply of skills")),
    Option("late", N_("We answered too late")),
    Option("cancelled", N_("The investment was cancelled or put off")),
    Option("silent", N_("The company is no longer in touch")),
    Option("other", N_("Another reason")),
)
_FROM_THE_START = "registered"


class Lost(Report):
    kind: ClassVar[str] = "etablering_forlorad"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Lost")
    step_of: ClassVar[str | None] = "etablering"
    closes: ClassVar[bool] = True
    wording: ClassVar[Wording] = Wording(one=N_("lost"), many=N_("lost"), example="", purpose="")

    reason: Annotated[str, Ask(N_("Reason"), Choice(REASONS))]
    lost_on: Annotated[date, Ask(N_("Date"), Day(past=True, today=True))]
    notes: Remark = None
    last_stage: str = Field(default=_FROM_THE_START, max_length=40)
    """How far it had come. Nobody types it."""

    @field_validator("reason")
    @classmethod
    def _offered(cls, reason: str) -> str:
        if reason not in {option.value for option in REASONS}:
            raise refusal("reason", N_("Choose from the list."))
        return reason

    @property
    def day(self) -> date:
        return self.lost_on

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - no codes in it
        return tuple(self._sentences(language))

    def _sentences(self, language: Language) -> Iterator[str]:
        reason = language.t(next(o.label for o in REASONS if o.value == self.reason))
        yield language.t("Lost: {reason}", reason=reason)
        stage = next((o.label for o in STAGES if o.value == self.last_stage), None)
        if stage:
            yield language.t("Last stage: {stage}", stage=language.t(stage))
        if self.notes:
            yield self.notes

    def settled(self, past: Past) -> Self:
        # Of two on one day the later told is the later reached.
        told_last_first = past.of(Progress)[::-1]
        reached = max(told_last_first, key=lambda step: step.reached_on, default=None)
        stage = str(reached.stage) if reached else _FROM_THE_START
        return self.model_copy(update={"last_stage": stage})

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        return not_before(past, "lost_on", self.lost_on, language)
