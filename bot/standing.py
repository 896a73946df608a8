"""How the plan stands: plan, reports and a day in; value, pace, forecast and status out.

A pure function, so that any day can be shown as it stood. The rules that are ours and not the
plan's are worked out by hand, example by example, in `tests/bot/standing_golden.md`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import chain

from bot.adding import Totals, added_up, measured, said, stretches
from bot.calendar import Period, Span, period_of
from bot.inquiries import KINDS as INQUIRY_KINDS
from bot.inquiries import beside, inquiries, kept, limits_kept
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Case, Measured, Part, Question, cases
from bot.pace import Forecast
from bot.plan.model import (
    ROLLING,
    Direction,
    KeyResult,
    Plan,
    Ratio,
)
from bot.tallies import additive, kinds_of
from bot.way import WHOLE, Way


class Status(StrEnum):
    MET = "met"
    ON_PLAN = "on_plan"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    SILENT = "silent"
    """Nothing to judge by: no report, none for long, or none that a value follows from."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one key result stands on a day.

    `share` is how much of the way from baseline to target is done: negative below the baseline,
    above 1 past the target. `expected` is the value that the pace asks for by now; where the plan
    names no target, last year's at the same date. `needed_per_month` is what each remaining month
    must bring. Each is None where it has no meaning.
    """

    key_result: KeyResult
    period: Period
    day: date
    measured: Measured
    target: Decimal | None
    share: Decimal | None
    expected: Decimal | None
    forecast: Forecast | None
    needed_per_month: Decimal | None
    status: Status
    beside: tuple[Part, ...] = ()
    """Numbers that are shown beside the value and do not decide the status."""

    @property
    def value(self) -> Amount | None:
        return self.measured.value

    @property
    def lacks_comparison(self) -> bool:
        """Whether there is something now, and nothing earlier to hold it against."""
        return self.value is None and isinstance(self.key_result.measure, Ratio)

    @property
    def counts_things(self) -> bool:
        """Whether the value is how many there are of something."""
        return isinstance(self.key_result.measure, WHOLE)


def standing(plan: Plan, reports: Iterable[Recorded], day: date) -> tuple[Standing, ...]:
    """Every key result of the plan on this day.

    `reports` are those that were live, as known at the moment in question; what happened after
    the day is left out. Before the plan begins and after it has ended, the first and the last
    period are shown.
    """
    return standings(plan, plan.key_results, reports, day)


def standing_of(
    plan: Plan, key_result: KeyResult, reports: Iterable[Recorded], day: date
) -> Standing:
    """One key result of the plan, or a row beside them, on this day; as `standing`."""
    return standings(plan, (key_result,), reports, day)[0]


def standings(
    plan: Plan, rows: Iterable[KeyResult], reports: Iterable[Recorded], day: date
) -> tuple[Standing, ...]:
    """These rows of the plan on this day; as `standing`."""
    by_kind: dict[str, list[Recorded]] = defaultdict(list)
    for report in reports:
        by_kind[report.kind].append(report)
    return standings_from(plan, rows, lambda kinds: chain(*(by_kind[kind] for kind in kinds)), day)


Told = Callable[[tuple[str, ...]], Iterable[Recorded]]
"""From kinds of report to all live reports of them."""

TotalsOf = Callable[[KeyResult, Period], Totals | None]
"""What all cases add to a row in a period by the day; None where nobody has added it up."""


def standings_from(
    plan: Plan,
    rows: Iterable[KeyResult],
    told: Told,
    day: date,
    *,
    totals_of: TotalsOf = lambda _row, _period: None,
    moved: Told = lambda _kinds: (),
) -> tuple[Standing, ...]:
    """As `standings`, where the reports of a row are asked for only if its totals are not known.
    Of the reports behind what totals tell only those among the `moved` are told."""
    source = _Source(plan, _by_day(told, day), _by_day(moved, day), day, totals_of)
    return tuple(_standing_of(source, row) for row in rows)


def _by_day(told: Told, day: date) -> "_Known":
    @cache  # several rows may be fed by the same kinds
    def known(kinds: tuple[str, ...]) -> tuple[Case, ...]:
        return cases(report for report in told(kinds) if report.day <= day)

    return known


_Known = Callable[[tuple[str, ...]], tuple[Case, ...]]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a row's figures are had from: from totals, or else from what was told by the day."""

    plan: Plan
    known: _Known
    moved: _Known
    day: date
    totals_of: TotalsOf

    def measured(self, row: KeyResult, question: Question) -> Measured:
        measure = additive(row)
        if measure is not None:
            several = [self.totals_of(row, days) for days in stretches(measure, question)]
            totals = [each for each in several if each is not None]
            if len(totals) == len(several):
                some = added_up(measure, replace(question, cases=self.moved(row.fed_by)))
                return replace(said(measure, question, *totals), behind=some.behind)
        return measured(row.measure, replace(question, cases=self.known(row.fed_by)))

    def beside(self, row: KeyResult, period: Period) -> tuple[Part, ...]:
        if "inquiries" not in row.beside:
            return ()
        found = self.totals_of(row, period)
        if found is not None:
            return beside(*limits_kept(found))
        steps = (report for case in self.known(INQUIRY_KINDS) for report in case.reports)
        return beside(*kept(inquiries(steps, self.plan.inquiries), period, self.day))


def _standing_of(source: _Source, row: KeyResult) -> Standing:
    plan, day = source.plan, source.day
    question = question_on(plan, row, day)
    found = source.measured(row, question)
    way = Way(row, _frame(plan, row, day), min(day, plan.ends), question.target)
    return Standing(
        key_result=row,
        period=question.period,
        day=day,
        measured=found,
        target=question.target,
        share=way.share(found.value),
        expected=way.expected(found),
        forecast=way.forecast(found.value),
        needed_per_month=way.needed(found.value),
        status=_status(way, found),
        beside=source.beside(row, question.period),
    )


def question_on(plan: Plan, row: KeyResult, day: date) -> Question:
    """What the row's measure is asked, but for the cases."""
    period = period_for(plan, row, day)
    return Question(
        cases=(),
        period=period,
        day=max(min(day, plan.ends), period.start),
        members=plan.member_codes,
        target=plan.target_of(row),
        falling=row.direction is Direction.FALLING,
    )


def kinds_for(rows: Sequence[KeyResult]) -> frozenset[str]:
    """The kinds of report that these rows are worked out from; all others make no difference."""
    return frozenset(kind for row in rows for kind in kinds_of(row))


# --- Which days


def period_for(plan: Plan, key_result: KeyResult, day: date) -> Period:
    """The period whose reports are measured on this day."""
    if key_result.period == ROLLING:
        end = min(day, plan.ends)
        return Period(_a_year_back(end), end)
    return _frame(plan, key_result, day)


def _frame(plan: Plan, key_result: KeyResult, day: date) -> Period:
    """The period over which the target is approached; for a rolling value it is the plan's."""
    if not isinstance(key_result.period, Span):
        return plan.period
    within = min(max(day, plan.starts), plan.ends)
    return period_of(key_result.period, within, plan=plan.period)


def _a_year_back(end: date) -> date:
    """The first day of the twelve months that end on this one."""
    after = end + timedelta(days=1)
    try:
        return after.replace(year=after.year - 1)
    except ValueError:  # 29 February: the year before has none
        return date(after.year - 1, 3, 1)


# --- How it stands


def _status(way: Way, found: Measured) -> Status:
    if _silent(way, found):
        return Status.SILENT
    if found.met:
        return Status.MET
    expected, share = way.expected(found), way.share(found.value)
    if way.day >= way.frame.end or found.value is None or expected is None:
        return Status.BEHIND
    if share is not None and share >= 1:
        return Status.AT_RISK  # the number is reached, but something demanded beside it is not
    return _against(way, Fraction(found.value), Fraction(expected))


def _silent(way: Way, found: Measured) -> bool:
    if found.latest is None or found.value is None:
        return True
    stale = (way.day - found.latest).days > way.key_result.stale_after_days
    return stale and not (found.met and way.lasting)


def _against(way: Way, value: Fraction, expected: Fraction) -> Status:
    """The way gone against the way expected, both from the start in the wanted direction."""
    gone, due = value - way.start, expected - way.start
    if way.key_result.direction is Direction.FALLING:
        gone, due = -gone, -due
    # Nobody can hold two thirds of a workshop: half a one short is on plan, a whole one at risk.
    if gone >= due - (Fraction(1, 2) if way.whole else 0):
        return Status.ON_PLAN
    at_risk = gone >= due * Fraction(way.key_result.risk_share) or (way.whole and gone > due - 1)
    return Status.AT_RISK if at_risk else Status.BEHIND
