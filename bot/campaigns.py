"""Campaigns as they stand: the stages they have reached and what their figures come to.

Rates are pooled, Σ conversions / Σ visits, never the mean of rates.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.ledger.recorded import Recorded
from bot.measures import number

CAMPAIGN = "kampanj"
STAGE = "kampanj_steg"
RESULT = "kampanj_resultat"
KINDS = (CAMPAIGN, STAGE, RESULT)

log = logging.getLogger(__name__)

STAGES = ("initiate", "create", "run", "follow_up")


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures added up; amounts in kronor; None where nobody has reported any. `converted` and
    `visited` are of those reports that have both, `paid` and `led` of those that have both."""

    spend: int | None = None
    reach: int | None = None
    impressions: int | None = None
    visits: int | None = None
    leads: int | None = None
    conversions: int | None = None
    converted: int = 0
    visited: int = 0
    paid: int = 0
    led: int = 0

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.converted, self.visited) if self.visited else None

    @property
    def cost_per_lead(self) -> Fraction | None:
        return Fraction(self.paid, self.led) if self.led else None


@dataclass(frozen=True, slots=True)
class Campaign:
    """`reached` is when each stage was; `results` are the live figures."""

    opening: Recorded
    reached: Mapping[str, date]
    results: tuple[Recorded, ...]
    news_on: date

    @property
    def case(self) -> str:
        return self.opening.case

    @property
    def next_stage(self) -> str | None:
        return next((stage for stage in STAGES if stage not in self.reached), None)


def campaigns(reports: Iterable[Recorded]) -> tuple[Campaign, ...]:
    """All campaigns in what is known, the first begun first."""
    grouped: dict[str, list[Recorded]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.place):
        if report.kind in KINDS:
            grouped[report.case].append(report)
    return tuple(found for group in grouped.values() if (found := _readable(group)))


def _readable(group: list[Recorded]) -> Campaign | None:
    """A single odd row must not take all the others with it."""
    try:
        return campaign_of(group)
    except (KeyError, ValueError):
        log.exception("the campaign that report %s tells of cannot be read", group[0].id)
        return None


def campaign_of(reports: Iterable[Recorded]) -> Campaign | None:
    live = [report for report in reports if report.kind in KINDS]
    opening = next((report for report in live if report.kind == CAMPAIGN), None)
    if opening is None:
        return None
    reached = {str(r.answers["stage"]): r.day for r in live if r.kind == STAGE}
    results = tuple(report for report in live if report.kind == RESULT)
    stages = {STAGES[0]: opening.day, **reached}
    news_on = max(max(report.day, report.recorded_at.date()) for report in live)
    return Campaign(opening, stages, results, news_on)


def by_channel(results: Iterable[Recorded]) -> Mapping[str, tuple[Recorded, ...]]:
    grouped: dict[str, list[Recorded]] = defaultdict(list)
    for report in results:
        grouped[str(report.answers.get("channel"))].append(report)
    return {channel: tuple(several) for channel, several in grouped.items()}


def totals(results: Iterable[Recorded]) -> Totals:
    told = [report.answers for report in results]
    return Totals(
        spend=_sum(told, "spend_sek"),
        reach=_sum(told, "reach"),
        impressions=_sum(told, "impressions"),
        visits=_sum(told, "visits"),
        leads=_sum(told, "leads"),
        conversions=_sum(told, "conversions"),
        converted=_sum(told, "conversions", beside="visits") or 0,
        visited=_sum(told, "visits", beside="conversions") or 0,
        paid=_sum(told, "spend_sek", beside="leads") or 0,
        led=_sum(told, "leads", beside="spend_sek") or 0,
    )


def _sum(told: Iterable[Mapping[str, object]], field: str, beside: str = "") -> int | None:
    """Nought is a figure like any other: only what was left out is left out."""
    pairs = ((number(each.get(field)), number(each.get(beside or field))) for each in told)
    values = [value for value, other in pairs if value is not None and other is not None]
    return int(sum(values)) if values else None
