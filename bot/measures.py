"""The few ways to measure: from live reports and a period to a value and what it is made of.

Pure functions. Reports about the same thing are counted once, however many told of it: the one
recorded first says when and what, and all of them together say which municipalities.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from bot.calendar import Period
from bot.language import N_, Code
from bot.ledger.recorded import Recorded
from bot.pace import decimal
from bot.plan.model import (
    Count,
    Coverage,
    Distinct,
    MeanFloor,
    Measure,
    Ratio,
    Requirement,
    Stages,
    Sum,
    Where,
)

Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One number beside the value: `have` of `of`. `holds` is None where nothing is demanded.

    `name` is one of this file's own words (an English msgid) or a field or value of the report;
    `words` are the plan's own words for it, where it has some.
    """

    name: str
    have: Amount
    of: Amount | None = None
    holds: bool | None = None
    words: Mapping[Code, str] | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    `value` is None where there is nothing to compute from. `met` is None where that, or a target,
    is missing. `behind` are the ids of the reports that the value rests on, `latest` the day of
    the latest report that was looked at, counted or not. `fulfilled` are the codes of the members
    that fulfil a coverage's requirements. `thin` where the numbers are too small for the value to
    say anything.
    """

    value: Amount | None
    parts: tuple[Part, ...] = ()
    behind: tuple[int, ...] = ()
    latest: date | None = None
    met: bool | None = None
    fulfilled: tuple[str, ...] = ()
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was reported, by one or by several."""

    day: date
    answers: Mapping[str, object]
    members: frozenset[str]
    reports: tuple[Recorded, ...]

    @property
    def kind(self) -> str:
        return self.reports[0].kind

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(report.id for report in self.reports)


@dataclass(frozen=True, slots=True)
class Question:
    """All that a measure is asked with.

    `cases` are those of the kinds that feed it, whatever their day: those of the previous period
    are needed too.
    """

    cases: tuple[Case, ...]
    period: Period
    day: date
    members: tuple[str, ...]
    target: Decimal | None
    falling: bool = False

    def reached(self, value: Amount | Fraction) -> bool | None:
        if self.target is None:
            return None
        return value <= self.target if self.falling else value >= self.target


def cases(reports: Iterable[Recorded]) -> tuple[Case, ...]:
    """The reports grouped by what they are about, what was first told of first; so are the reports
    of each."""
    grouped: dict[tuple[str, str, str], list[Recorded]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.place):
        grouped[report.thing].append(report)
    return tuple(_case(group) for group in grouped.values())


def _case(group: list[Recorded]) -> Case:
    lead = group[0]
    members = frozenset().union(*(report.members for report in group))
    return Case(lead.day, lead.answers, members, tuple(group))


def agrees(answers: Mapping[str, object], where: Where) -> bool:
    """Whether every field has one of its values; a list of values has it if one of them is."""
    return all(any(value in values for value in _values(answers, f)) for f, values in where.items())


def _values(answers: Mapping[str, object], field: str) -> tuple[object, ...]:
    value = answers.get(field)
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)


def number(value: object) -> Decimal | None:
    """A number as the ledger keeps it (JSON number or text), or None for anything else."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _whole(value: Decimal) -> Amount:
    return int(value) if value == value.to_integral_value() else value


def _within(question: Question, where: Where, period: Period | None = None) -> tuple[Case, ...]:
    """The cases of the period that the filter lets through."""
    period = period or question.period
    days = (case for case in question.cases if period.contains(case.day))
    return tuple(case for case in days if agrees(case.answers, where))


def _latest(found: Iterable[Case]) -> date | None:
    return max((case.day for case in found), default=None)


def _ids(found: Iterable[Case]) -> tuple[int, ...]:
    return tuple(sorted({id_ for case in found for id_ in case.ids}))


# --- The measures


def measured(measure: Measure, question: Question) -> Measured:  # noqa: PLR0911 - one for each
    """What the measure says of the question's period."""
    match measure:
        case Count():
            return count(measure, question)
        case Distinct():
            return distinct(measure, question)
        case Coverage():
            return coverage(measure, question)
        case MeanFloor():
            return mean_floor(measure, question)
        case Sum():
            return total(measure, question)
        case Ratio():
            return ratio(measure, question)
        case Stages():
            return stages(measure, question)


def count(measure: Count, question: Question) -> Measured:
    """How many cases; each demanded kind must be among them for the target to be met."""
    found = _within(question, measure.where)
    counted = [case for case in found if _counts(case, measure, question)]
    parts = tuple(
        _occurs(counted, field, str(value))
        for field, values in measure.one_of_each.items()
        for value in values
    )
    met = question.reached(len(counted)) and all(part.holds for part in parts)
    return Measured(len(counted), parts, _ids(counted), _latest(found), met)


def _counts(case: Case, measure: Count, question: Question) -> bool:
    parties = case.members & frozenset(question.members)
    filled = all(_values(case.answers, field) for field in measure.filled)
    return len(parties) >= measure.min_members and filled


def _occurs(counted: Iterable[Case], field: str, value: str) -> Part:
    have = sum(value in map(str, _values(case.answers, field)) for case in counted)
    return Part(value, have, 1, holds=have >= 1)


def distinct(measure: Distinct, question: Question) -> Measured:
    """How many different values occur often enough. Capitals and outer spaces are disregarded."""
    found = _within(question, measure.where)
    by_value: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        for value in {str(v).strip().casefold() for v in _values(case.answers, measure.field)}:
            by_value[value].append(case)
    enough = [group for group in by_value.values() if len(group) >= measure.at_least]
    behind = _ids(case for group in enough for case in group)
    parts = (Part(N_("mentioned at least once"), len(by_value)),)
    return Measured(len(enough), parts, behind, _latest(found), question.reached(len(enough)))


def coverage(measure: Coverage, question: Question) -> Measured:
    """How many members fulfil every requirement. What each case says is credited to all in it."""
    found = _within(question, {})
    by_member = {code: [c for c in found if code in c.members] for code in question.members}
    done = [
        {code: _fulfilling(need, theirs) for code, theirs in by_member.items()}
        for need in measure.requirements
    ]
    fulfilled = tuple(code for code in question.members if all(each[code] for each in done))
    parts = tuple(
        _fulfilled_by(need, each) for need, each in zip(measure.requirements, done, strict=True)
    )
    behind = _ids(case for each in done for theirs in each.values() for case in theirs)
    met = question.reached(len(fulfilled))
    return Measured(len(fulfilled), parts, behind, _latest(found), met, fulfilled)


def _fulfilled_by(need: Requirement, each: Mapping[str, tuple[Case, ...]]) -> Part:
    have = sum(bool(theirs) for theirs in each.values())
    return Part("members", have, len(each), have == len(each), need.label)


def _fulfilling(need: Requirement, theirs: Iterable[Case]) -> tuple[Case, ...]:
    """The cases by which a member fulfils the requirement; none if it does not."""
    of_kind = [case for case in theirs if case.kind == need.kind]
    if need.latest:
        of_kind = sorted(of_kind, key=lambda case: (case.day, case.reports[0].id))[-1:]
    agreeing = tuple(case for case in of_kind if agrees(case.answers, need.where))
    if need.field is None:
        return agreeing
    seen = {value for case in agreeing for value in _values(case.answers, need.field)}
    return agreeing if seen.issuperset(need.values) else ()


def mean_floor(measure: MeanFloor, question: Question) -> Measured:
    """The mean of the latest round, and how many published cells reach the floor.

    Where the target is falling the floor is a ceiling.
    """
    found = _latest_round(_within(question, {}), measure.round)
    of_member = _by_member(found, question.members)
    totals = _cells(of_member.values(), (measure.mean_of,))
    cells = _cells(of_member.values(), measure.floor_for)
    high = sum((c <= measure.floor) if question.falling else (c >= measure.floor) for c in cells)
    all_high = bool(cells) and high == len(cells)
    parts = (
        Part(N_("members with a value"), len(totals), len(question.members)),
        Part(N_("values that reach the floor"), high, len(cells), holds=all_high),
    )
    behind, latest = _ids(of_member.values()), _latest(found)
    if not totals:
        return Measured(None, parts, behind, latest)
    mean = Fraction(sum(totals)) / len(totals)
    met = question.reached(mean) and all_high
    return Measured(decimal(mean), parts, behind, latest, met)


def _latest_round(found: Iterable[Case], field: str) -> tuple[Case, ...]:
    rounds = [(number(case.answers.get(field)), case) for case in found]
    newest = max((r for r, _ in rounds if r is not None), default=None)
    return tuple(case for r, case in rounds if r is not None and r == newest)


def _by_member(found: Iterable[Case], members: tuple[str, ...]) -> dict[str, Case]:
    """Each member's own case; where there are several, the latest holds."""
    ordered = sorted(found, key=lambda case: (case.day, case.reports[0].id))
    return {code: case for case in ordered for code in case.members if code in members}


def _cells(found: Iterable[Case], fields: tuple[str, ...]) -> list[Decimal]:
    values = (number(case.answers.get(field)) for case in found for field in fields)
    return [value for value in values if value is not None]


def total(measure: Sum, question: Question) -> Measured:
    """The sum; with growth also last year's at the same date. Without a target, any increase
    meets it."""
    found = _within(question, measure.where)
    value = _sum(found, measure.field)
    if not measure.growth:
        behind, latest = _ids(found), _latest(found)
        return Measured(_whole(value), (), behind, latest, question.reached(value))
    earlier = _within(question, measure.where, _same_days_last_year(question))
    before = _sum(earlier, measure.field)
    parts = (Part(N_("last year at the same date"), _whole(before)),)
    met = value > before if question.target is None else question.reached(value)
    return Measured(_whole(value), parts, _ids((*found, *earlier)), _latest(found), met)


def _sum(found: Iterable[Case], field: str) -> Decimal:
    values = (number(case.answers.get(field)) for case in found)
    return sum((value for value in values if value is not None), Decimal(0))


def _same_days_last_year(question: Question) -> Period:
    return Period(_year_before(question.period.start), _year_before(question.day))


def _year_before(day: date) -> date:
    """29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def ratio(measure: Ratio, question: Question) -> Measured:
    """The pooled ratio against the previous period's: 0.20 is 20 % more. None where one lacks."""
    found = _within(question, measure.where)
    earlier = _within(question, measure.where, question.period.previous())
    now, before = _pooled(found, measure), _pooled(earlier, measure)
    parts = (
        Part(N_("this period"), _whole(now[0]), _whole(now[1])),
        Part(N_("previous period"), _whole(before[0]), _whole(before[1])),
    )
    behind, latest = _ids((*found, *earlier)), _latest(found)
    if not (now[1] and before[0] and before[1]):
        return Measured(None, parts, behind, latest)
    change = Fraction(now[0]) / Fraction(now[1]) / (Fraction(before[0]) / Fraction(before[1])) - 1
    thin = min(now[0], before[0]) < measure.enough
    return Measured(decimal(change), parts, behind, latest, question.reached(change), thin=thin)


def _pooled(found: Iterable[Case], measure: Ratio) -> tuple[Decimal, Decimal]:
    """Σ numerator and Σ denominator of the cases that have both."""
    pairs = [
        (number(case.answers.get(measure.numerator)), number(case.answers.get(measure.denominator)))
        for case in found
    ]
    whole = [(top, bottom) for top, bottom in pairs if top is not None and bottom is not None]
    return sum((t for t, _ in whole), Decimal(0)), sum((b for _, b in whole), Decimal(0))


def stages(measure: Stages, question: Question) -> Measured:
    """How many cases have gone through all stages, the last of them in the period. Reports of any
    kind tell of a stage; the case's first report says whether it counts."""
    grouped: dict[str, list[Recorded]] = defaultdict(list)
    reports = (report for case in question.cases for report in case.reports)
    for report in sorted(reports, key=lambda report: report.place):
        grouped[report.case].append(report)
    counting = [group for group in grouped.values() if agrees(group[0].answers, measure.where)]
    begun = [g for g in counting if any(question.period.contains(r.day) for r in g)]
    through = [g for g in counting if _went_through(measure, g, question.period)]
    parts = (Part(N_("cases begun"), len(begun)),)
    behind = tuple(sorted(report.id for group in through for report in group))
    latest = max((report.day for group in begun for report in group), default=None)
    return Measured(len(through), parts, behind, latest, question.reached(len(through)))


def _went_through(measure: Stages, group: list[Recorded], period: Period) -> bool:
    """When a case has reached its last stage, for the first time."""
    days: dict[object, date] = {}
    for report in group:
        for value in _values(report.answers, measure.field):
            days[value] = min(report.day, days.get(value, report.day))
    if not days.keys() >= {*measure.values}:
        return False
    return period.contains(max(days[value] for value in measure.values))
