"""The later stages of a campaign: created, run, followed up, each with its date."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from bot.asking import Ask, Choice, Day, Option, RawAnswers
from bot.language import N_, Language
from bot.reports.fields import Remark
from bot.reports.kampanj import Campaign
from bot.reports.report import Names, Past, Report, Wording


class Stage(StrEnum):
    CREATE = "create"
    RUN = "run"
    FOLLOW_UP = "follow_up"


STAGES = (
    Option(Stage.CREATE, N_("Created"), ("skapad", "skapa")),
    Option(Stage.RUN, N_("Run"), ("genomförd", "genomföra")),
    Option(Stage.FOLLOW_UP, N_("Followed up"), ("uppföljd", "följa upp")),
)


class CampaignStage(Report):
    kind: ClassVar[str] = "kampanj_steg"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Next stage")
    step_of: ClassVar[str | None] = "kampanj"
    wording: ClassVar[Wording] = Wording(one=N_("stage"), many=N_("stages"), example="", purpose="")

    stage: Annotated[Stage, Ask(N_("Stage of the campaign"), Choice(STAGES, open_list=True))]
    reached_on: Annotated[date, Ask(N_("Date"), Day(past=True, today=True))]
    notes: Remark = None

    @property
    def day(self) -> date:
        return self.reached_on

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - no codes in it
        return tuple(self._sentences(language))

    def _sentences(self, language: Language) -> Iterator[str]:
        yield language.t(next(o.label for o in STAGES if o.value == self.stage))
        if self.notes:
            yield self.notes

    def told_as(self, language: Language) -> str:
        return language.inline(language.t(next(o.label for o in STAGES if o.value == self.stage)))

    def part(self, home: str) -> str:  # noqa: ARG002 - whoever tells of it
        return self.stage

    @classmethod
    def begun(cls, past: Past) -> RawAnswers:
        reached = {step.stage for step in past.of(CampaignStage)}
        coming = next((stage for stage in Stage if stage not in reached), None)
        return {"stage": coming}

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        t, order = language.t, list(Stage)
        place = order.index(self.stage)
        days = {step.stage: step.reached_on for step in past.of(CampaignStage)}
        missing = [stage for stage in order[:place] if stage not in days]
        if missing:
            stage = t(next(o.label for o in STAGES if o.value == missing[0]))
            return {"stage": t("Report the stage “{stage}” first.", stage=stage)}
        began = [campaign.initiated_on for campaign in past.of(Campaign)]
        earliest = max((*began, *(days[stage] for stage in order[:place])), default=None)
        if earliest and self.reached_on < earliest:
            day = language.day(earliest)
            return {"reached_on": t("The stage before was reached on {day}.", day=day)}
        later = min((days[s] for s in order[place + 1 :] if s in days), default=None)
        if later and self.reached_on > later:
            return {
                "reached_on": t("The next stage was reached on {day}.", day=language.day(later))
            }
        return {}
