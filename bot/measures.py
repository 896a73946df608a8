"""The few ways to measure: from live reports and a period to a value and what it is made of.

Pure functions. Reports about the same thing are counted once, however many told of it: the one
recorded first says when and what, and all of them together say which municipalities.

The measures that add up from one case to the next stand in `adding.py`, with `measured` for all.
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
    Coverage,
    Distinct,
    MeanFloor,
    Requirement,
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
    return all(
        any(value in values for value in values_of(answers, f)) for f, values in where.items()
    )


def values_of(answers: Mapping[str, object], field: str) -> tuple[object, ...]:
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


def _within(question: Question, where: Where) -> tuple[Case, ...]:
    """The cases of the period that the filter lets through."""
    days = (case for case in question.cases if question.period.contains(case.day))
    return tuple(case for case in days if agrees(case.answers, where))


def _latest(found: Iterable[Case]) -> date | None:
    return max((case.day for case in found), default=None)


def ids_of(found: Iterable[Case]) -> tuple[int, ...]:
    return tuple(sorted({id_ for case in found for id_ in case.ids}))


# --- The measures


def distinct(measure: Distinct, question: Question) -> Measured:
    """How many different values occur often enough. Capitals and outer spaces are disregarded."""
    found = _within(question, measure.where)
    by_value: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        for value in {str(v).strip().casefold() for v in values_of(case.answers, measure.field)}:
            by_value[value].append(case)
    enough = [group for group in by_value.values() if len(group) >= measure.at_least]
    behind = ids_of(case for group in enough for case in group)
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
    behind = ids_of(case for each in done for theirs in each.values() for case in theirs)
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
    seen = {value for case in agreeing for value in values_of(case.answers, need.field)}
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
    behind, latest = ids_of(of_member.values()), _latest(found)
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
