"""What a week's digest is about, as facts. The same week gives the same facts for ever."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.calendar import Period, Week
from bot.duties import NOTHING, Owed, owed, silent_members
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Case, cases
from bot.plan.model import ROLLING, Duty, Plan
from bot.standing import (
    Correction,
    Standing,
    corrections,
    period_for,
    standing,
    standing_beside,
    standing_of,
)

DUE_SOON = timedelta(days=21)
"""How long before its due date a missing report is mentioned."""


@dataclass(frozen=True, slots=True)
class Published:
    """One digest: the week it is about and the moment whose knowledge it shows."""

    week: Week
    as_of: datetime
    skipped: tuple[Week, ...] = ()
    """Weeks before it whose digest never went out."""

    @property
    def day(self) -> date:
        """The day whose standing it shows."""
        return self.week.sunday


@dataclass(frozen=True, slots=True)
class Missing:
    """What several owe of the same duty for the same period."""

    duty: Duty
    period: Period
    due: date
    overdue: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestFacts:
    published: Published
    standings: tuple[Standing, ...]
    beside: tuple[Standing, ...]
    """The rows that are shown beside the key results."""
    before: tuple[Standing, ...]
    """As the digest before it said; empty where there was none."""
    closed: tuple[Standing, ...]
    """How the periods ended that have ended since the digest before."""
    news: tuple[Case, ...]
    corrections: tuple[Correction, ...]
    reports: Mapping[int, Recorded]
    """All that was known now or at the digest before, to name what did a correction."""
    missing: tuple[Missing, ...]
    silent: tuple[str, ...]

    def gained(self, standing: Standing) -> Amount | None:
        """The change of a value since the digest before; None where they do not compare."""
        found = (s for s in self.before if s.key_result.id == standing.key_result.id)
        was = next(found, None)
        if was is None or was.value is None or standing.value is None:
            return None
        same = was.period == standing.period or standing.key_result.period == ROLLING
        return standing.value - was.value if same else None


def digest_facts(
    plan: Plan,
    published: Published,
    known: tuple[Recorded, ...],
    previous: Published | None,
    known_before: tuple[Recorded, ...],
    *,
    silent: frozenset[str] = frozenset(),
    secret: frozenset[str] = frozenset(),
) -> DigestFacts:
    """`known` are the reports live at the digest's moment, `known_before` those at the
    previous one's. Kinds of report that are `silent` are not told as news. What was told in a
    `secret` case does not show that a municipality has been heard from."""
    day = published.day
    return DigestFacts(
        published=published,
        standings=standing(plan, known, day),
        beside=standing_beside(plan, known, day),
        before=_before(plan, known_before, previous.day) if previous else (),
        closed=tuple(_closed(plan, known, previous.day, day)) if previous else (),
        news=_news((report for report in known if report.kind not in silent), previous),
        corrections=_corrections(plan, known_before, known, previous.day) if previous else (),
        reports={report.id: report for report in (*known_before, *known)},
        missing=tuple(_missing(owed(plan, known, day), day)),
        silent=silent_members(plan, (r for r in known if r.case not in secret), day),
    )


def _before(plan: Plan, known: tuple[Recorded, ...], day: date) -> tuple[Standing, ...]:
    return (*standing(plan, known, day), *standing_beside(plan, known, day))


def _closed(
    plan: Plan, known: tuple[Recorded, ...], previous: date, day: date
) -> Iterator[Standing]:
    """The last day of each period that lies between two digests: no Sunday may fall on it."""
    for key_result in plan.key_results:
        period = period_for(plan, key_result, previous)
        if key_result.period != ROLLING and previous <= period.end < day:
            yield standing_of(plan, key_result, known, period.end)


def _corrections(
    plan: Plan, then: tuple[Recorded, ...], now: tuple[Recorded, ...], day: date
) -> tuple[Correction, ...]:
    """What was published of the day before, and of the ends of earlier periods, and is not so."""
    moved = {report.id: report for report in (*then, *now)}
    for id_ in {report.id for report in then} & {report.id for report in now}:
        del moved[id_]
    ends = {
        period_for(plan, each, report.day).end
        for report in moved.values()
        for each in plan.key_results
        if report.kind in each.fed_by and each.period != ROLLING
    }
    earlier = [
        each
        for end in sorted(end for end in ends if end < day)
        for each in corrections(plan, then, now, end)
        if each.now.period.end == end
    ]
    return (*earlier, *corrections(plan, then, now, day))


def _news(known: Iterable[Recorded], previous: Published | None) -> tuple[Case, ...]:
    """Cases that something new has been told of; a correction alone is no news."""
    found = cases(report for report in known if report.kind != NOTHING)
    if previous is None:
        return found
    since = previous.as_of
    return tuple(
        case
        for case in found
        if any(report.recorded_at > since and report.origin is None for report in case.reports)
    )


def _missing(all_owed: Iterable[Owed], day: date) -> Iterator[Missing]:
    near = [each for each in all_owed if each.overdue or each.due - day <= DUE_SOON]

    def same(each: Owed) -> tuple[date, str, str]:
        return each.due, each.duty.id, each.period.key

    for _, group in groupby(sorted(near, key=same), key=same):
        several = list(group)
        one = several[0]
        members = tuple(each.member for each in several)
        yield Missing(one.duty, one.period, one.due, one.overdue, members)
