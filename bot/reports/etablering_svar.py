"""A municipality's answer to an inquiry: yes with sites, partly, or no with its reason.

A reasoned no is an answer. What one contact has answered another of the same municipality can
complete: the municipality has one answer.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from bot.asking import Ask, Choice, Day, Line, Option, Prose, RawAnswers
from bot.forms import refusal
from bot.language import N_, Language
from bot.reports.etablering import Inquiry
from bot.reports.report import Names, Party, Past, Report, Wording


class Verdict(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


VERDICTS = (
    Option(Verdict.YES, N_("Yes, with one to three proposals"), ("ja",)),
    Option(Verdict.PARTLY, N_("Partly, with the reason"), ("delvis",)),
    Option(Verdict.NO, N_("No, with the reason"), ("nej",)),
)
IN_SHORT = {Verdict.YES: N_("yes"), Verdict.PARTLY: N_("partly"), Verdict.NO: N_("no")}

Proposal = Annotated[str | None, Field(max_length=300)]


class Answer(Report):
    kind: ClassVar[str] = "etablering_svar"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Answer the inquiry")
    step_of: ClassVar[str | None] = "etablering"
    taken_by: ClassVar[Party] = Party.ASKED
    replaces: ClassVar[bool] = True
    news: ClassVar[bool] = False
    wording: ClassVar[Wording] = Wording(
        one=N_("answer"), many=N_("answers"), example="", purpose=""
    )

    verdict: Annotated[
        Verdict,
        Ask(
            N_("Your municipality's answer"),
            Choice(VERDICTS, open_list=True),
            hint=N_("Read by whoever asks, and by the other municipalities asked."),
        ),
    ]
    proposal: Annotated[
        Proposal,
        Ask(N_("First proposal"), Line(300), hint=N_("Site, size, owner, when it is available.")),
    ] = None
    second_proposal: Annotated[Proposal, Ask(N_("Second proposal"), Line(300))] = None
    third_proposal: Annotated[Proposal, Ask(N_("Third proposal"), Line(300))] = None
    reason: Annotated[
        str | None,
        Field(max_length=1000),
        Ask(N_("Reason"), Prose(1000), hint=N_("What is missing, if it is no or partly.")),
    ] = None
    answered_on: Annotated[date, Ask(N_("Answered"), Day(past=True, today=True))]

    @field_validator("proposal")
    @classmethod
    def _yes_has_a_proposal(cls, proposal: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("verdict") is Verdict.YES and not proposal:
            raise refusal("proposal", N_("A yes needs at least one proposal."))
        return proposal

    @field_validator("reason")
    @classmethod
    def _no_has_a_reason(cls, reason: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("verdict") in (Verdict.NO, Verdict.PARTLY) and not reason:
            raise refusal("reason", N_("Write a reason when the answer is no or partly."))
        return reason

    @property
    def day(self) -> date:
        return self.answered_on

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - no codes in it
        return tuple(self._sentences(language))

    def _sentences(self, language: Language) -> Iterator[str]:
        yield language.t("Answer: {answer}", answer=language.t(IN_SHORT[self.verdict]))
        yield from filter(None, (self.proposal, self.second_proposal, self.third_proposal))
        if self.reason:
            yield language.t("Reason: {reason}", reason=self.reason)

    def part(self, home: str) -> str:
        return home

    @classmethod
    def begun(cls, past: Past) -> RawAnswers:
        """What a colleague has answered already, to be completed."""
        return past.before.model_dump(mode="json") if past.before else {}

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        asked = next((i.asked_since.get(past.home) for i in past.of(Inquiry)), None)
        if asked and self.answered_on < asked:
            day = language.day(asked)
            return {"answered_on": language.t("You were asked on {day}. Change the day.", day=day)}
        return {}
