"""What a week's digest is about, as facts. The same week gives the same facts for ever."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from bot.calendar import Period, Week
from bot.corrections import Correction, corrections
from bot.duties import NOTHING, Owed, owed, silent_members
from bot.inquiries import Late, inquiries, late, late_of
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Case, cases
from bot.plan.model import ROLLING, Duty, KeyResult, Plan
from bot.standing import Standing, period_for, standings

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
class Awaited:
    """What is waited for on a day: reports that are missing, members that nothing has been heard
    from for long, and answers to inquiries that are late."""

    missing: tuple[Missing, ...]
    silent: tuple[str, ...]
    late: tuple[Late, ...]

    def of(self, member: str) -> "Awaited":
        """What is waited for from one member."""
        return Awaited(
            tuple(replace(m, members=(member,)) for m in self.missing if member in m.members),
            tuple(code for code in self.silent if code == member),
            late_of(member, self.late),
        )


class Moved(StrEnum):
    """What has been done with a report since the digest before."""

    TOLD = "told"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DigestFacts:
    published: Published
    previous: Published | None
    """The digest before it."""
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
    """What was known now or at the digest before, as far as it was told of since: to name what did
    a correction."""
    awaited: Awaited

    @property
    def told_of(self) -> frozenset[str]:
        """The cases that are spoken of."""
        culprits = {id_ for each in self.corrections for id_ in each.by} & self.reports.keys()
        news = (case.reports[0].case for case in self.news)
        late = (each.opening.case for each in self.awaited.late)
        return frozenset((*news, *late, *(self.reports[id_].case for id_ in culprits)))

    def moved(self, report: Recorded) -> Moved:
        """Of one that did a correction. What was told since the digest before and corrected at
        once has never been said otherwise: it is only told."""
        chain = [each for each in self.reports.values() if each.place == report.place]
        if not any(each.live_at(self.published.as_of) for each in chain):
            return Moved.WITHDRAWN
        said = self.previous and any(each.live_at(self.previous.as_of) for each in chain)
        return Moved.CORRECTED if said else Moved.TOLD

    def gained(self, standing: Standing) -> Amount | None:
        """The change of a value since the digest before; None where they do not compare."""
        found = (s for s in self.before if s.key_result.id == standing.key_result.id)
        was = next(found, None)
        if was is None or was.value is None or standing.value is None:
            return None
        same = was.period == standing.period or standing.key_result.period == ROLLING
        return standing.value - was.value if same else None


class Known(Protocol):
    """What was known at a moment.

    `reports` are those that were live then: all of them, or at the least, of a digest that has
    one before it, those of the cases in which anything was recorded or ended since that one.
    """

    @property
    def reports(self) -> tuple[Recorded, ...]: ...

    def standings(self, rows: Sequence[KeyResult], day: date) -> tuple[Standing, ...]:
        """These rows on a day. Of the reports behind them, at least those among `reports`."""

    def owed(self, day: date) -> tuple[Owed, ...]: ...

    def silent(self, day: date) -> tuple[str, ...]:
        """The members that nothing has been heard from for long."""

    def late(self, day: date) -> tuple[Late, ...]:
        """The open inquiries whose answers are late."""


@dataclass(frozen=True, slots=True)
class ByReports:
    """What was known, told by all reports that were live then. What was told in secret does not
    show that a municipality has been heard from."""

    plan: Plan
    reports: tuple[Recorded, ...]
    is_secret: Callable[[Recorded], bool] = lambda _: False

    def standings(self, rows: Sequence[KeyResult], day: date) -> tuple[Standing, ...]:
        return standings(self.plan, rows, self.reports, day)

    def owed(self, day: date) -> tuple[Owed, ...]:
        return owed(self.plan, self.reports, day)

    def silent(self, day: date) -> tuple[str, ...]:
        return silent_members(self.plan, self.reports, day, self.is_secret)

    def late(self, day: date) -> tuple[Late, ...]:
        told = (report for report in self.reports if report.day <= day)
        return late(inquiries(told, self.plan.inquiries), day)


def digest_facts(
    plan: Plan,
    published: Published,
    known: Known,
    before: tuple[Published, Known] | None = None,
    *,
    silent: frozenset[str] = frozenset(),
) -> DigestFacts:
    """`known` is what was known at the digest's moment; `before` is the digest before it, and what
    was known then. Kinds of report that are `silent` are not told as news."""
    day, own = published.day, len(plan.key_results)
    now = known.standings(plan.rows, day)
    news = (report for report in known.reports if report.kind not in silent)
    previous, known_before = before or (None, ByReports(plan, ()))
    said = known_before.standings(plan.rows, previous.day) if previous else ()
    return DigestFacts(
        published=published,
        previous=previous,
        standings=now[:own],
        beside=now[own:],
        before=said,
        closed=tuple(_closed(plan, known, previous.day, day)) if previous else (),
        news=_news(news, known_before if previous else None),
        corrections=_corrections(plan, said, known_before, known),
        reports={report.id: report for report in (*known_before.reports, *known.reports)},
        awaited=awaited(known, day),
    )


def awaited(known: Known, day: date) -> Awaited:
    """What is waited for on a day, by what was known."""
    return Awaited(tuple(_missing(known.owed(day), day)), known.silent(day), known.late(day))


def _closed(plan: Plan, known: Known, previous: date, day: date) -> Iterator[Standing]:
    """The last day of each period that lies between two digests: no Sunday may fall on it."""
    for key_result in plan.key_results:
        period = period_for(plan, key_result, previous)
        if key_result.period != ROLLING and previous <= period.end < day:
            yield from known.standings((key_result,), period.end)


def _corrections(
    plan: Plan, said: tuple[Standing, ...], known_then: Known, known_now: Known
) -> tuple[Correction, ...]:
    """What was `said` in the digest before, and what held at the ends of earlier periods, and is
    not so. Only what is fed by the reports that have come or gone, and tell of that day or an
    earlier one, can have changed."""
    if not said:
        return ()
    day, then, now = said[0].day, known_then.reports, known_now.reports
    ids = {report.id for report in then} ^ {report.id for report in now}
    moved = [report for report in (*then, *now) if report.id in ids and report.day <= day]
    rows = [row for row in plan.key_results if {report.kind for report in moved} & {*row.fed_by}]
    ends = {
        period_for(plan, row, report.day).end
        for report in moved
        for row in rows
        if report.kind in row.fed_by and row.period != ROLLING
    }
    found: list[Correction] = []
    for end in sorted(end for end in ends if end < day):
        ending = [row for row in rows if period_for(plan, row, end).end == end]
        stood, stands = (known.standings(ending, end) for known in (known_then, known_now))
        found += corrections(plan, stood, stands, then, now)
    return (*found, *corrections(plan, said, known_now.standings(rows, day), then, now))


def _news(known: Iterable[Recorded], before: Known | None) -> tuple[Case, ...]:
    """Cases that something new has been told of: of which nothing was known at the digest before,
    corrected since or not. A correction of what was known then is no news."""
    told = [report for report in known if report.kind != NOTHING]
    if before is None:
        return cases(told)
    known_then = {report.place for report in before.reports}
    new = {report.thing for report in told if report.place not in known_then}
    return cases(report for report in told if report.thing in new)


def _missing(all_owed: Iterable[Owed], day: date) -> Iterator[Missing]:
    near = [each for each in all_owed if each.overdue or each.due - day <= DUE_SOON]

    def same(each: Owed) -> tuple[date, str, str]:
        return each.due, each.duty.id, each.period.key

    for _, group in groupby(sorted(near, key=same), key=same):
        several = list(group)
        one = several[0]
        members = tuple(each.member for each in several)
        yield Missing(one.duty, one.period, one.due, one.overdue, members)
