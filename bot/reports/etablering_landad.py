"""An inquiry has landed: a decided investment, which key result I1 adds up."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from bot.asking import Ask, Day, Listed, Members, Money, RawAnswers, Whole
from bot.language import N_, Language
from bot.numerals import Kronor
from bot.numerals import Whole as WholeNumber
from bot.reports.etablering import Inquiry
from bot.reports.etablering_steg import not_before
from bot.reports.fields import Remark
from bot.reports.report import Names, Past, Report, Wording


class Landed(Report):
    kind: ClassVar[str] = "etablering_landad"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Landed")
    step_of: ClassVar[str | None] = "etablering"
    closes: ClassVar[bool] = True
    wording: ClassVar[Wording] = Wording(
        one=N_("landed"), many=N_("landed"), example="", purpose=""
    )

    municipality: Annotated[str, Ask(N_("Municipality"), Members(one=True))]
    decided_on: Annotated[date, Ask(N_("Decided"), Day(past=True, today=True))]
    investment_sek: Annotated[
        Kronor,
        Ask(
            N_("Decided investment (SEK)"),
            Money(usual=50_000_000),
            hint=N_("For example 40 000 000 or 1,16 mkr."),
        ),
    ]
    jobs: Annotated[
        WholeNumber | None, Field(ge=0, le=100_000), Ask(N_("Jobs"), Whole(0, 100_000))
    ] = None
    area: Annotated[
        str | None,
        Ask(
            N_("Area"),
            Listed("areas", required=True),
            hint=N_("Only prioritised areas count for the key result."),
        ),
    ] = None
    notes: Remark = None

    @property
    def day(self) -> date:
        return self.decided_on

    @property
    def credited(self) -> tuple[str, ...]:
        return (self.municipality,)

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        return tuple(self._sentences(language, names))

    def _sentences(self, language: Language, names: Names) -> Iterator[str]:
        place, amount = names.place(self.municipality), language.money(self.investment_sek)
        yield language.t("Landed in {place}: {amount}", place=place, amount=amount)
        if self.area:
            yield names.entry("areas", self.area)
        if self.jobs is not None:
            yield language.n("{count} job", "{count} jobs", self.jobs)
        if self.notes:
            yield self.notes

    @classmethod
    def begun(cls, past: Past) -> RawAnswers:
        """What the inquiry said; where only one municipality was asked, it is that one."""
        inquiry = next(iter(past.of(Inquiry)), None)
        if inquiry is None:
            return {}
        only = inquiry.asked[0] if len(inquiry.asked) == 1 else None
        return {"area": inquiry.area, "jobs": inquiry.jobs, "municipality": only}

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:
        asked = {home for inquiry in past.of(Inquiry) for home in inquiry.asked}
        found = not_before(past, "decided_on", self.decided_on, language)
        if self.municipality not in asked:
            place = names.place(self.municipality)
            sentence = language.t(
                "{place} has not been asked. Add it to the inquiry first.", place=place
            )
            found["municipality"] = sentence
        return found
