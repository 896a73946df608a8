"""A campaign's figures for one channel and one stretch of days: what key result M2 pools.

Figures for the same channel and days are a correction of the earlier ones, never added to them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from bot.asking import Ask, Choice, Day, Line, Money, Option, RawAnswers, Whole
from bot.calendar import Period
from bot.forms import refusal
from bot.language import N_, Language
from bot.numerals import Kronor
from bot.numerals import Whole as WholeNumber
from bot.reports.fields import Remark
from bot.reports.kampanj import Campaign
from bot.reports.report import Names, Past, Report, Wording

CHANNELS = (
    Option(
        "web",
        N_("Own website"),
        ("webb", "webben", "webbplats", "webbplatsen", "hemsida", "hemsidan"),
    ),
    Option("linkedin", N_("LinkedIn"), ("linkedin",)),
    Option("meta", N_("Facebook and Instagram"), ("meta", "facebook", "instagram")),
    Option("search", N_("Search engines"), ("google", "sök", "sökmotor", "sökannonser")),
    Option("video", N_("Video and streaming"), ("video", "film", "youtube")),
    Option("email", N_("E-mail and newsletters"), ("e-post", "mejl", "nyhetsbrev", "newsletter")),
    Option("print", N_("Print and outdoor"), ("print", "tryck", "tidning", "utomhus")),
    Option("event", N_("Events and fairs"), ("event", "mässa", "mässor")),
    Option("other", N_("Another channel")),
)
Channel = Literal["web", "linkedin", "meta", "search", "video", "email", "print", "event", "other"]
_MOST = 10**9
Figure = Annotated[WholeNumber | None, Field(ge=0, le=_MOST)]
FIGURES = ("spend_sek", "reach", "impressions", "visits", "leads")


class CampaignResult(Report):
    kind: ClassVar[str] = "kampanj_resultat"
    offered: ClassVar[bool] = False
    asks_as: ClassVar[str] = N_("Campaign results")
    step_of: ClassVar[str | None] = "kampanj"
    replaces: ClassVar[bool] = True
    wording: ClassVar[Wording] = Wording(
        one=N_("results"), many=N_("results"), example="", purpose=""
    )

    channel: Annotated[Channel, Ask(N_("Channel"), Choice(CHANNELS))]
    first: Annotated[date, Ask(N_("From"), Day(past=True))]
    last: Annotated[date, Ask(N_("To, that day included"), Day(past=True))]
    spend_sek: Annotated[
        Kronor | None, Ask(N_("Spend (SEK)"), Money(usual=50_000), hint=N_("For example 25 000."))
    ] = None
    reach: Annotated[
        Figure, Ask(N_("Reach (people)"), Whole(0, _MOST, ("räckvidd", "nådda", "reach")))
    ] = None
    impressions: Annotated[
        Figure,
        Ask(N_("Impressions"), Whole(0, _MOST, ("visningar", "exponeringar", "impressions"))),
    ] = None
    visits: Annotated[
        Figure, Ask(N_("Visits"), Whole(0, _MOST, ("besök", "besökare", "visits")))
    ] = None
    leads: Annotated[Figure, Ask(N_("Leads"), Whole(0, _MOST, ("leads", "lead")))] = None
    conversions: Annotated[
        Figure,
        Ask(N_("Conversions"), Whole(0, _MOST, ("konverteringar", "konvertering", "conversions"))),
    ] = None
    counts_as: Annotated[
        str | None,
        Field(max_length=200),
        Ask(
            N_("What counts as a conversion"),
            Line(200),
            hint=N_("For example: signed up for the newsletter."),
        ),
    ] = None
    notes: Remark = None

    @field_validator("last")
    @classmethod
    def _a_stretch_of_one_year(cls, last: date, info: ValidationInfo) -> date:
        first = info.data.get("first")
        if first and last < first:
            raise refusal("stretch", N_("The last day cannot come before the first."))
        if first and last.year != first.year:
            raise refusal("stretch", N_("Report each year by itself: years are compared."))
        return last

    @field_validator("conversions")
    @classmethod
    def _no_more_than_visits(cls, conversions: int | None, info: ValidationInfo) -> int | None:
        visits = info.data.get("visits")
        if conversions is not None and visits is not None and conversions > visits:
            raise refusal("conversions", N_("There cannot be more conversions than visits."))
        readable = all(name in info.data for name in FIGURES)  # what is not has its own sentence
        figures = (conversions, *map(info.data.get, FIGURES))
        if readable and all(figure is None for figure in figures):
            raise refusal("empty", N_("Fill in at least one of the figures."))
        return conversions

    @field_validator("counts_as")
    @classmethod
    def _defined(cls, counts_as: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("conversions") and not counts_as:
            raise refusal("counts_as", N_("Write what counts as a conversion."))
        return counts_as

    @property
    def day(self) -> date:
        return self.last

    @property
    def stretch(self) -> Period:
        return Period(self.first, self.last)

    def headline(self) -> str:
        return ""

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:  # noqa: ARG002 - no codes in it
        return tuple(self._sentences(language))

    def _sentences(self, language: Language) -> Iterator[str]:
        t, n = language.t, language.number
        days = language.days(self.first, self.last)
        yield f"{t(next(o.label for o in CHANNELS if o.value == self.channel))}, {days}"
        if self.spend_sek is not None:
            yield t("spend {amount}", amount=language.money(self.spend_sek))
        told = (
            (N_("reach {count}"), self.reach),
            (N_("impressions {count}"), self.impressions),
            (N_("visits {count}"), self.visits),
            (N_("leads {count}"), self.leads),
            (N_("conversions {count}"), self.conversions),
        )
        yield from (t(words, count=n(count)) for words, count in told if count is not None)
        if self.counts_as:
            yield t("A conversion: {words}", words=self.counts_as)
        if self.notes:
            yield self.notes

    def part(self, home: str) -> str:  # noqa: ARG002 - whoever tells of it
        return f"{self.channel}:{self.first}--{self.last}"

    @classmethod
    def begun(cls, past: Past) -> RawAnswers:
        """What a conversion is seldom changes from one report to the next."""
        said = [result.counts_as for result in past.of(CampaignResult) if result.counts_as]
        return {"counts_as": said[-1]} if said else {}

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:  # noqa: ARG002 - no codes in it
        t = language.t
        began = next((campaign.initiated_on for campaign in past.of(Campaign)), None)
        if began and self.first < began:
            day = language.day(began)
            return {
                "first": t(
                    "The campaign was initiated on {day}. Choose that day or a later one.", day=day
                )
            }
        for other in past.of(CampaignResult):
            if other.channel == self.channel and _overlap(self.stretch, other.stretch):
                sentence = t(
                    "{days} has been reported for this channel. Change that report, or choose "
                    "other days.",
                    days=language.days(other.first, other.last),
                )
                return {"first": sentence}
        return {}


def _overlap(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end
