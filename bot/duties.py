"""Who owes which report: the plan's standing calendar against what has come in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import Period, at_wall_time, period_of, working_day_after
from bot.ledger.recorded import Recorded
from bot.plan.model import Duty, Plan
from bot.tallies import credited

NOTHING = "nothing"
"""The kind of report that says there is nothing to report. Its answers name the kind that there
was nothing `of` and the `period`, by its key; its `home` is whose answer it is."""


def said_nothing(report: Recorded) -> tuple[str, Period]:
    """Of which kind there was nothing to report, and for which period."""
    return str(report.answers["of"]), Period.parse(str(report.answers["period"]))


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that somebody owes. `member` is a municipality's code or the office's.

    `current` while the period runs: then it may still be reported, and is not overdue.
    """

    duty: Duty
    member: str
    period: Period
    due: date
    overdue: bool
    current: bool


def owed(plan: Plan, reports: Iterable[Recorded], day: date) -> tuple[Owed, ...]:
    """All that is owed on this day, what is due first coming first.

    `reports` are the live ones, as known at the moment in question. A duty is answered by a
    report of its kind that credits the member, with its day in the period, or by "nothing to
    report"; the office's by a report that it made itself. Duties begin and end with the plan.
    """
    live = tuple(report for report in reports if report.day <= day or report.kind == NOTHING)
    by_kind = {duty.kind: _credited(plan, duty, live) for duty in plan.duties}

    def answered(duty: Duty, period: Period) -> set[str]:
        days = by_kind[duty.kind].items()
        return {code for on, codes in days if period.contains(on) for code in codes}

    return owed_from(plan, answered, [r for r in live if r.kind == NOTHING], day)


Answered = Callable[[Duty, Period], AbstractSet[str]]
"""The codes of those who are credited by a report of the duty's kind with its day in the period."""


def owed_from(
    plan: Plan, answered: Answered, nothing: Iterable[Recorded], day: date
) -> tuple[Owed, ...]:
    """As `owed`, where it has been counted whom reports credit; `nothing` are those that say there
    is nothing to report."""
    told = tuple(nothing)
    found = [each for d in plan.duties for each in _owed_by_duty(plan, d, answered, told, day)]
    return tuple(sorted(found, key=lambda each: each.due))


def silent_members(
    plan: Plan,
    reports: Iterable[Recorded],
    day: date,
    is_secret: Callable[[Recorded], bool] = lambda _: False,
) -> tuple[str, ...]:
    """The members that nothing has been heard from or about in the plan's `silent_after_days`.

    Told late is told: the day of the recording counts as well as the day of the event. Nobody is
    silent before the plan has run for so long. What was told in secret does not show that a member
    has been heard from; it is only asked of a report where that would make a difference.
    """
    return silent_from(plan, lambda _since, _told_since: reports, day, is_secret)


Lately = Callable[[date, datetime], Iterable[Recorded]]
"""The reports about the days since a day, and those recorded since a moment; or more of them."""


def silent_from(
    plan: Plan, lately: Lately, day: date, is_secret: Callable[[Recorded], bool]
) -> tuple[str, ...]:
    """As `silent_members`, where no more is read than it takes to have heard from everybody."""
    since = day - timedelta(days=plan.silent_after_days - 1)
    if since < plan.starts:
        return ()
    told_since = at_wall_time(since, time.min, plan.zone)
    heard: set[str] = set()
    for report in lately(since, told_since):
        if heard.issuperset(plan.member_codes):
            break
        if report.day <= day and (report.day >= since or report.recorded_at >= told_since):
            named = {report.home, *report.members}
            if not named <= heard and not is_secret(report):
                heard |= named
    return tuple(code for code in plan.member_codes if code not in heard)


def _owed_by_duty(
    plan: Plan, duty: Duty, answered: Answered, nothing: tuple[Recorded, ...], day: date
) -> Iterator[Owed]:
    for period in _periods(plan, duty, day):
        done = answered(duty, period) | _with_nothing(duty, nothing, period)
        due = working_day_after(period.end, duty.due_working_days)
        for code in plan.those(duty):
            if code not in done:
                yield Owed(duty, code, period, due, day > due, period.contains(day))


def _periods(plan: Plan, duty: Duty, day: date) -> Iterator[Period]:
    """The duty's periods that have begun, from the plan's start to its end."""
    period = period_of(duty.span, plan.starts)
    while period.start <= min(day, plan.ends):
        if day >= plan.starts:
            yield period
        period = period.next()


def _credited(plan: Plan, duty: Duty, live: tuple[Recorded, ...]) -> dict[date, set[str]]:
    """By day, the codes of those whom a report of the duty's kind credits."""
    found: dict[date, set[str]] = defaultdict(set)
    for report in live:
        if report.kind == duty.kind:
            found[report.day] |= credited(report, plan)
    return found


def _with_nothing(duty: Duty, told: Iterable[Recorded], period: Period) -> set[str]:
    """The codes of those who have said that they have nothing to report."""
    nothing = {"of": duty.kind, "period": period.key}
    return {r.home for r in told if nothing.items() <= dict(r.answers).items()}
