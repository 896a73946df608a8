"""Campaigns of the talent work and of the office's own marketing.

A campaign goes through four stages. This report begins it; the later stages and the results are
kinds of their own beside this file.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from bot.asking import Ask, Choice, Day, Line, Listed, Option, Prose
from bot.forms import refusal
from bot.language import N_, Language
from bot.reports.report import Names, Past, Report, Wording

AUDIENCES = (
    Option("swedish_talent", N_("Swedish talent"), ("svenska talanger",)),
    Option(
        "international_talent",
        N_("International talent"),
        ("internationella talanger", "utländska talanger"),
    ),
    Option("students", N_("Students"), ("studenter", "studerande")),
    Option("companies", N_("Companies"), ("företag",)),
    Option("investors", N_("Investors"), ("investerare",)),
)
CONSIDERED = (
    Option("yes", N_("Yes, considered"), ("ja",)),
    Option("no", N_("No, not considered"), ("nej",)),
)
Considered = Literal["yes", "no"] | None
How = Annotated[str | None, Field(max_length=500)]
_HOW = N_("Write how it was considered.")


class Campaign(Report):
    kind: ClassVar[str] = "kampanj"
    asks_as: ClassVar[str] = N_("Begin a campaign")
    verbs: ClassVar[tuple[str, ...]] = ("campaign",)
    wording: ClassVar[Wording] = Wording(
        one=N_("campaign"),
        many=N_("campaigns"),
        example=N_("Move home, Smart move, Swedish talent, 10 February"),
        purpose=N_("Begin a campaign; stages and results follow in it"),
    )

    name: Annotated[
        str, Field(max_length=120), Ask(N_("Name"), Line(120), titles=True, names=("namn",))
    ]
    programme: Annotated[
        str | None, Ask(N_("Part of"), Listed("programmes", required=True), names=("del av",))
    ] = None
    audience: Annotated[
        tuple[str, ...],
        Field(min_length=1),
        Ask(N_("Target group"), Choice(AUDIENCES, several=True), names=("målgrupp", "målgrupper")),
    ]
    initiated_on: Annotated[
        date, Ask(N_("Initiated"), Day(past=True, today=True), names=("initierad", "start"))
    ]
    gender: Annotated[
        Considered,
        Ask(N_("Gender perspective"), Choice(CONSIDERED), names=("genus", "genusperspektiv")),
    ] = None
    gender_how: Annotated[How, Ask(N_("How, as to gender"), Prose(500))] = None
    integration: Annotated[
        Considered,
        Ask(N_("Integration perspective"), Choice(CONSIDERED), names=("integrationsperspektiv",)),
    ] = None
    integration_how: Annotated[How, Ask(N_("How, as to integration"), Prose(500))] = None
    notes: Annotated[
        str | None,
        Field(max_length=2000),
        Ask(N_("Notes"), Prose(2000), hint=N_("No personal data, please."), names=("notering",)),
    ] = None

    @field_validator("audience")
    @classmethod
    def _each_once(cls, audience: tuple[str, ...]) -> tuple[str, ...]:
        if not {*audience} <= {option.value for option in AUDIENCES}:
            raise refusal("audience", N_("Choose from the list."))
        return tuple(dict.fromkeys(audience))

    @field_validator("gender_how", "integration_how")
    @classmethod
    def _how(cls, how: str | None, info: ValidationInfo) -> str | None:
        considered = info.data.get(str(info.field_name).removesuffix("_how"))
        if considered == "yes" and not how:
            raise refusal("how", _HOW)
        return how

    @property
    def day(self) -> date:
        return self.initiated_on

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        """A correction is held against the stages and figures that have been told since."""
        days = (getattr(report, "first", recorded.day) for recorded, report in past.steps)
        first = min(days, default=None)
        if first is None or self.initiated_on <= first:
            return {}
        day = language.day(first)
        return {"initiated_on": language.t("Something in the case happened on {day}.", day=day)}

    def headline(self) -> str:
        return self.name

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        return tuple(self._sentences(language, names))

    def _sentences(self, language: Language, names: Names) -> Iterator[str]:
        t = language.t
        groups = (language.inline(t(o.label)) for o in AUDIENCES if o.value in self.audience)
        part = names.entry("programmes", self.programme) if self.programme else ""
        yield " · ".join(filter(None, (part, language.listed(groups))))
        yield self._perspective(t("Gender perspective"), self.gender, self.gender_how, language)
        yield self._perspective(
            t("Integration perspective"), self.integration, self.integration_how, language
        )
        if self.notes:
            yield self.notes

    def _perspective(
        self, name: str, considered: str | None, how: str | None, language: Language
    ) -> str:
        label = next((o.label for o in CONSIDERED if o.value == considered), N_("not answered yet"))
        told = f"{name}: {language.t(label).lower()}"
        return f"{told} ({how})" if how else told
