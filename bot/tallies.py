"""What one case adds to the tallies of the plan, so that its standing need not be counted anew.

Pure functions. A tally says how much of something there is on a day (`Entry` in `adding.py`), and
**since when it shows**: whoever asks about a day is told nothing of what came after it. A case of
two reports may count otherwise from the second one's day on, and a limit of an inquiry that nobody
kept counts from the day after. So whatever a case adds on a day is put down as the change from
what it added before, dated by the day that changed it. All that shows by a day then adds up to
what the reports by that day say, for every day.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from inspect import getsource
from typing import NamedTuple

from bot import adding, calendar, inquiries, measures
from bot.adding import Additive, Entry, Terms, Totals, units
from bot.calendar import Span, period_of
from bot.ledger import recorded
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Case, cases
from bot.plan.model import ROLLING, KeyResult, Plan, Stages

UNFIT = "unfit"
"""The entry of what cannot be kept in whole hundredths. A row that has any is not tallied."""

_ONE = 100
"""In hundredths."""

_TOO_MUCH = 10**11
_DAY = timedelta(days=1)


CREDITED = "credited:"
"""What a row's name begins with that tells of a kind of report whom it credits: by their codes."""


class Tally(NamedTuple):
    """What is tallied: what (`name`) of which row, on which day, and since which day it shows. A
    row is one of the plan's, or a kind of report that somebody owes (`CREDITED`)."""

    row: str
    name: str
    day: date
    since: date


def additive(row: KeyResult) -> Additive | None:
    """The row's measure, if what its cases add can be kept. How many cases were begun in the last
    twelve months is another question for every day."""
    measure = row.measure
    if isinstance(measure, Stages) and row.period == ROLLING:
        return None
    return measure if isinstance(measure, Additive) else None


def fingerprint(plan: Plan) -> str:
    """Another one where anything may be counted otherwise: the plan, or the rules themselves."""
    about = {"id", "fed_by", "measure", "period", "beside"}
    rows = [row.model_dump_json(include=about) for row in plan.rows]
    owed = sorted({duty.kind for duty in plan.duties})
    bounds = f"{plan.period} {plan.member_codes} {plan.network.office.code} {plan.inquiries} {owed}"
    here = sys.modules[__name__]
    rules = map(getsource, (measures, adding, inquiries, calendar, recorded, here))
    holidays = version("holidays")  # working days follow them
    return sha256("\n".join([*rows, bounds, *rules, holidays]).encode()).hexdigest()[:32]


def credited(report: Recorded, plan: Plan) -> frozenset[str]:
    """The codes of those whose duty a report answers: whom it credits, and the office where it
    has made the report itself."""
    office = plan.network.office.code
    return frozenset((*report.members, office) if report.home == office else report.members)


# --- What one case adds


@dataclass(frozen=True, slots=True)
class _Adding:
    """What adds something to a row: `on` says what by a day; it changes on `days` only."""

    on: Callable[[date], Iterable[Entry]]
    days: Iterable[date]


class Tallier:
    """Made once for a plan, since much of it is the same for every case."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = [(row, _terms(plan, row), kinds_of(row)) for row in plan.rows]
        self._owed = {duty.kind for duty in plan.duties}

    def of(self, told: Sequence[Recorded]) -> Counter[Tally]:
        """What a case adds, of which these are all live reports."""
        found: Counter[Tally] = Counter()
        by_kind: dict[str, list[Recorded]] = defaultdict(list)
        for report in told:
            by_kind[report.kind].append(report)
        for row, terms, kinds in self._rows:
            if kinds.isdisjoint(by_kind):
                continue
            for each in self._adding(row, terms, by_kind):
                for (name, day, since), amount in _unfolded(each):
                    found[Tally(row.id, name, day, since)] += amount
        for report in told:
            if report.kind in self._owed:
                for code in credited(report, self._plan):
                    found[Tally(CREDITED + report.kind, code, report.day, report.day)] += _ONE
        return found

    def _adding(
        self, row: KeyResult, terms: Terms, by_kind: Mapping[str, list[Recorded]]
    ) -> Iterator[_Adding]:
        measure = additive(row)
        if measure is not None and (told := _of_kinds(by_kind, row.fed_by)):
            for unit in units(measure, cases(told)):
                yield _measuring(measure, unit, terms)
        if "inquiries" in row.beside and (steps := _of_kinds(by_kind, inquiries.KINDS)):
            yield self._clock(steps)

    def _clock(self, steps: Sequence[Recorded]) -> _Adding:
        @cache
        def by(day: date) -> tuple[inquiries.Inquiry, ...]:
            known = (step for step in steps if step.day <= day)
            return inquiries.inquiries(known, self._plan.inquiries)

        def on(day: date) -> Iterator[Entry]:
            return (entry for each in by(day) for entry in inquiries.added(each, day))

        told = {step.day for step in steps}
        open_ = {limit for day in told for each in by(day) for limit in inquiries.open_limits(each)}
        return _Adding(on, told | {limit + _DAY for limit in open_})


def _of_kinds(by_kind: Mapping[str, list[Recorded]], kinds: Iterable[str]) -> tuple[Recorded, ...]:
    return tuple(report for kind in kinds for report in by_kind.get(kind, ()))


def kinds_of(row: KeyResult) -> frozenset[str]:
    """The kinds of report that the row is worked out from."""
    clock = inquiries.KINDS if "inquiries" in row.beside else ()
    return frozenset((*row.fed_by, *clock))


def _terms(plan: Plan, row: KeyResult) -> Terms:
    return Terms(frozenset(plan.member_codes), _period_at(plan, row))


def _period_at(plan: Plan, row: KeyResult) -> Callable[[date], Hashable]:
    span = row.period
    if not isinstance(span, Span) or span is Span.PLAN:
        return plan.period.contains
    return lambda day: period_of(span, day)


def _measuring(measure: Additive, unit: tuple[Case, ...], terms: Terms) -> _Adding:
    told = [report for case in unit for report in case.reports]

    def on(day: date) -> Iterable[Entry]:
        known = [report for report in told if report.day <= day]
        return adding.added(measure, cases(known) if len(known) < len(told) else unit, terms)

    return _Adding(on, {report.day for report in told})


def _unfolded(adding: _Adding) -> Iterator[tuple[tuple[str, date, date], int]]:
    """What shows since when, each time as the change from what showed before."""
    before: Counter[tuple[str, date]] = Counter()
    for since in sorted(adding.days):
        now: Counter[tuple[str, date]] = Counter()
        for entry in adding.on(since):
            name, amount = _exact(entry)
            now[name, entry.day] += amount
        for name, day in now.keys() | before.keys():
            if change := now[name, day] - before[name, day]:
                yield (name, day, since), change
        before = now


def _exact(entry: Entry) -> tuple[str, int]:
    amount = hundredths(entry.amount)
    return (UNFIT, 1) if amount is None else (entry.name, amount)


def hundredths(amount: Amount) -> int | None:
    """None for what is no whole number of them, or too large to be added up in any database."""
    exact = Decimal(amount)
    if abs(exact) >= _TOO_MUCH or exact != round(exact, 2):
        return None
    return int(exact.scaleb(2))


# --- What the tallies of some days come to

Sums = Counter[tuple[str, date | None]]
"""In hundredths, by what it is of; what is FOUND also by its day."""


def totals_from(sums: Sums) -> Totals | None:
    """None if something among them could not be kept."""
    amounts: Counter[str] = Counter()
    for (name, _), amount in sums.items():
        amounts[name] += amount
    if amounts[UNFIT]:
        return None
    latest = max((day for (_, day), amount in sums.items() if day and amount), default=None)
    return Totals({name: _amount(amount) for name, amount in amounts.items()}, latest)


def _amount(in_hundredths: int) -> Amount:
    whole, rest = divmod(in_hundredths, 100)
    return Decimal(in_hundredths).scaleb(-2) if rest else whole
