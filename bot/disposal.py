"""What has outlived its rule: pure functions of the plan's rules, the reports and the day.

A case is disposed of whole or not at all. Where the plan has no rule for the kind that opened it,
it is kept for good: disposal needs a decision, and the plan file is where it is noted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar import local_day
from bot.ledger.recorded import Recorded
from bot.plan.model import Plan
from bot.plan.retention import Retention
from bot.reports import Report


@dataclass(frozen=True, slots=True)
class Outlived:
    """A case that may go from `due_on`, by `rule`."""

    case: str
    rule: Retention
    due_on: date
    reports: tuple[Recorded, ...]


def outlived(
    plan: Plan, kinds: Mapping[str, type[Report]], reports: Iterable[Recorded], by: date
) -> Iterator[Outlived]:
    """The cases that have outlived their rule by that day. `reports` are all there ever were."""
    rules = {rule.kind: rule for rule in plan.retention}
    cases: dict[str, list[Recorded]] = defaultdict(list)
    for report in reports:
        cases[report.case].append(report)
    for case, told in cases.items():
        rule = rules.get(_opened_as(told, kinds))
        due = due_on(rule, plan, kinds, told) if rule else None
        if rule and due and due <= by:
            yield Outlived(case, rule, due, tuple(told))


def misplaced(plan: Plan, kinds: Mapping[str, type[Report]]) -> Iterator[str]:
    """What is wrong with the rules for these kinds of report, as sentences."""
    closable = {kind.step_of for kind in kinds.values() if kind.closes}
    for rule in plan.retention:
        opening = kinds[rule.kind].step_of if rule.kind in kinds else None
        if opening:
            yield f'"{rule.kind}" is a step in a case: give the rule for "{opening}".'
        elif rule.after == "case closes" and rule.kind not in closable:
            yield f'nothing closes a case of "{rule.kind}": choose another "after".'


def _opened_as(told: Sequence[Recorded], kinds: Mapping[str, type[Report]]) -> str:
    """The kind that the case's rule is for; none for what this release does not know."""
    known = (report.kind for report in told if report.kind in kinds)
    return next((kind for kind in known if not kinds[kind].step_of), "")


def due_on(
    rule: Retention, plan: Plan, kinds: Mapping[str, type[Report]], told: Sequence[Recorded]
) -> date | None:
    """The first day on which the case may go; None while nobody can say. Whatever the rule counts
    from, the latest that was said in the case is kept as long."""
    latest = max(_latest(report) for report in told)
    last = local_day(latest, plan.zone)
    match rule.after:
        case "recorded":
            begins = last
        case "plan ends":
            begins = max(last, plan.ends)
        case "case closes":
            if not _is_closed(told, kinds):
                return None
            begins = last
    return years_after(begins, rule.keep_years)


def _latest(report: Recorded) -> datetime:
    return report.ending.at if report.ending else report.recorded_at


def _is_closed(told: Sequence[Recorded], kinds: Mapping[str, type[Report]]) -> bool:
    """A live report has closed it, or all of it has been withdrawn."""
    live = [report for report in told if report.ending is None]
    return not live or any(report.kind in kinds and kinds[report.kind].closes for report in live)


def years_after(day: date, years: int) -> date:
    """The same day of another year; 28 February for the 29th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
