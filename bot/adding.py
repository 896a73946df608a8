"""The measures that add up from one case to the next, which most do; and `measured` for all.

Pure functions. `added` says what one case adds on which day, and `said` what the totals of some
days say. So sums that were kept from before (`tallies.py`) say just what the cases would.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from bot.calendar import Period
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.measures import (
    Amount,
    Case,
    Measured,
    Part,
    Question,
    agrees,
    coverage,
    distinct,
    ids_of,
    mean_floor,
    number,
    values_of,
)
from bot.pace import decimal
from bot.plan.model import Count, Coverage, Distinct, MeanFloor, Measure, Ratio, Stages, Sum

Additive = Count | Sum | Ratio | Stages
"""The measures that add up from one case to the next."""


class Entry(NamedTuple):
    """What one case adds: so much of something, on a day."""

    name: str
    day: date
    amount: Amount


FOUND = "found"
"""The entry of everything that is looked at, whether it counts or not."""
_COUNTED, _SUM, _TOP, _BOTTOM = "counted", "sum", "top", "bottom"
_BEGUN, _THROUGH = "begun", "through"

THIS_PERIOD, PREVIOUS_PERIOD = "this period", "previous period"
"""The parts of a ratio. Which periods these are, depends on the row and the day."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the entries of some days come to, and the last of these days with a FOUND."""

    amounts: Mapping[str, Amount]
    latest: date | None

    def of(self, name: str) -> Amount:
        return self.amounts.get(name, 0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case is held against before it adds anything.

    `period_at` tells the periods apart: two days are of one period if it says the same of both.
    """

    members: frozenset[str]
    period_at: Callable[[date], Hashable]


# --- What a case adds


def units(measure: Additive, cases: Iterable[Case]) -> Iterable[tuple[Case, ...]]:
    """What adds something: each thing told of by itself, or all that belongs to one life."""
    if not isinstance(measure, Stages):
        return ((case,) for case in cases)
    lives: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        lives[case.reports[0].case].append(case)
    return map(tuple, lives.values())


def added(measure: Additive, unit: tuple[Case, ...], terms: Terms) -> Iterable[Entry]:
    """What one unit adds; nothing if the filter does not let it through."""
    match measure:
        case Stages():
            return _added_by_life(measure, unit, terms)
        case Count():
            return _added_to_count(measure, unit[0], terms)
        case Sum():
            return _added_to_sum(measure, unit[0])
        case Ratio():
            return _added_to_ratio(measure, unit[0])


def _added_to_count(measure: Count, case: Case, terms: Terms) -> Iterator[Entry]:
    if not agrees(case.answers, measure.where):
        return
    yield Entry(FOUND, case.day, 1)
    parties = len(case.members & terms.members)
    filled = all(values_of(case.answers, field) for field in measure.filled)
    if parties >= measure.min_members and filled:
        yield Entry(_COUNTED, case.day, 1)
        for field, value in _demanded(measure):
            if value in map(str, values_of(case.answers, field)):
                yield Entry(_occurs(field, value), case.day, 1)


def _demanded(measure: Count) -> Iterator[tuple[str, str]]:
    for field, values in measure.one_of_each.items():
        yield from ((field, str(value)) for value in values)


def _occurs(field: str, value: str) -> str:
    return f"occurs:{field}:{value}"


def _added_to_sum(measure: Sum, case: Case) -> Iterator[Entry]:
    if not agrees(case.answers, measure.where):
        return
    yield Entry(FOUND, case.day, 1)
    amount = number(case.answers.get(measure.field))
    if amount is not None:
        yield Entry(_SUM, case.day, amount)


def _added_to_ratio(measure: Ratio, case: Case) -> Iterator[Entry]:
    """A figure without its counterpart is left out."""
    if not agrees(case.answers, measure.where):
        return
    yield Entry(FOUND, case.day, 1)
    top = number(case.answers.get(measure.numerator))
    bottom = number(case.answers.get(measure.denominator))
    if top is not None and bottom is not None:
        yield Entry(_TOP, case.day, top)
        yield Entry(_BOTTOM, case.day, bottom)


def _added_by_life(measure: Stages, unit: tuple[Case, ...], terms: Terms) -> Iterator[Entry]:
    """Reports of any kind tell of a stage; the first says whether the case counts. It is begun in
    each period in which something was told of it."""
    reports = sorted((r for case in unit for r in case.reports), key=lambda report: report.place)
    if not agrees(reports[0].answers, measure.where):
        return
    begun: dict[Hashable, date] = {}
    for day in sorted({report.day for report in reports}):
        yield Entry(FOUND, day, 1)
        begun.setdefault(terms.period_at(day), day)
    yield from (Entry(_BEGUN, day, 1) for day in begun.values())
    through = _through_on(measure, reports)
    if through is not None:
        yield Entry(_THROUGH, through, 1)


def _through_on(measure: Stages, reports: Iterable[Recorded]) -> date | None:
    """When a case has reached its last stage, for the first time."""
    days: dict[object, date] = {}
    for report in reports:
        for value in values_of(report.answers, measure.field):
            days[value] = min(report.day, days.get(value, report.day))
    if not days.keys() >= {*measure.values}:
        return None
    return max(days[value] for value in measure.values)


def totals(entries: Iterable[Entry]) -> Totals:
    amounts: dict[str, Amount] = defaultdict(int)
    latest = None
    for name, day, amount in entries:
        amounts[name] += amount
        if name == FOUND and (latest is None or day > latest):
            latest = day
    return Totals(amounts, latest)


# --- What the totals say


def stretches(measure: Additive, question: Question) -> tuple[Period, ...]:
    """The days whose totals `said` asks for: the period's, and those it is held against."""
    match measure:
        case Ratio():
            return question.period, question.period.previous()
        case Sum(growth=True):
            return question.period, _same_days_last_year(question)
        case _:
            return (question.period,)


def _same_days_last_year(question: Question) -> Period:
    return Period(_year_before(question.period.start), _year_before(question.day))


def _year_before(day: date) -> date:
    """29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def said(measure: Additive, question: Question, *several: Totals) -> Measured:
    """What the totals of its stretches say, without the reports behind it. The question's cases
    are not looked at."""
    match measure:
        case Count():
            return _count(measure, question, *several)
        case Sum():
            return _total(question, *several)
        case Ratio():
            return _ratio(measure, question, *several)
        case Stages():
            return _stages(question, *several)


def _whole(value: Amount) -> Amount:
    return int(value) if value == int(value) else value


def _count(measure: Count, question: Question, now: Totals) -> Measured:
    """How many cases; each demanded kind must be among them for the target to be met."""
    occurs = [(value, now.of(_occurs(field, value))) for field, value in _demanded(measure)]
    parts = tuple(Part(value, have, 1, holds=have >= 1) for value, have in occurs)
    met = question.reached(now.of(_COUNTED)) and all(part.holds for part in parts)
    return Measured(now.of(_COUNTED), parts, latest=now.latest, met=met)


def _total(question: Question, now: Totals, earlier: Totals | None = None) -> Measured:
    """The sum; with growth also last year's at the same date. Without a target, any increase
    meets it."""
    value = now.of(_SUM)
    if earlier is None:
        return Measured(_whole(value), latest=now.latest, met=question.reached(value))
    before = earlier.of(_SUM)
    parts = (Part(N_("last year at the same date"), _whole(before)),)
    met = value > before if question.target is None else question.reached(value)
    return Measured(_whole(value), parts, latest=now.latest, met=met)


def _ratio(measure: Ratio, question: Question, now: Totals, earlier: Totals) -> Measured:
    """The pooled ratio against the previous period's: 0.20 is 20 % more. None where one lacks."""
    top, bottom, top_then, bottom_then = (t.of(n) for t in (now, earlier) for n in (_TOP, _BOTTOM))
    parts = (
        Part(THIS_PERIOD, _whole(top), _whole(bottom)),
        Part(PREVIOUS_PERIOD, _whole(top_then), _whole(bottom_then)),
    )
    if not (bottom and top_then and bottom_then):
        return Measured(None, parts, latest=now.latest)
    change = Fraction(top) / Fraction(bottom) / (Fraction(top_then) / Fraction(bottom_then)) - 1
    thin, met = min(top, top_then) < measure.enough, question.reached(change)
    return Measured(decimal(change), parts, latest=now.latest, met=met, thin=thin)


def _stages(question: Question, now: Totals) -> Measured:
    """How many cases have gone through all stages, the last of them in the period."""
    parts = (Part(N_("cases begun"), now.of(_BEGUN)),)
    through = now.of(_THROUGH)
    return Measured(through, parts, latest=now.latest, met=question.reached(through))


# --- The two together

Added = tuple[tuple[Case, ...], list[Entry]]
"""A unit and what it adds."""


def added_up(measure: Additive, question: Question) -> Measured:
    """What the question's cases come to, and the reports behind it."""
    several = [_added_on(days, measure, question) for days in stretches(measure, question)]
    sums = (totals(entry for _, entries in here for entry in entries) for here in several)
    behind = ids_of(case for here in several for case in _counting(measure, here))
    return replace(said(measure, question, *sums), behind=behind)


def _added_on(days: Period, measure: Additive, question: Question) -> list[Added]:
    terms = Terms(frozenset(question.members), question.period.contains)
    first, last, near = days.start, days.end, question.cases
    if not isinstance(measure, Stages):  # a life is told of on many days
        near = tuple(case for case in near if first <= case.day <= last)
    return [
        (unit, [entry for entry in added(measure, unit, terms) if first <= entry.day <= last])
        for unit in units(measure, near)
    ]


def _counting(measure: Additive, several: Iterable[Added]) -> Iterator[Case]:
    """The cases that the value rests on."""
    name = {Count: _COUNTED, Stages: _THROUGH}.get(type(measure), FOUND)
    for unit, entries in several:
        if any(entry.name == name for entry in entries):
            yield from unit


def measured(measure: Measure, question: Question) -> Measured:
    """What the measure says of the question's period."""
    match measure:
        case Distinct():
            return distinct(measure, question)
        case Coverage():
            return coverage(measure, question)
        case MeanFloor():
            return mean_floor(measure, question)
        case _:
            return added_up(measure, question)
