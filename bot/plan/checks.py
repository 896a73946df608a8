"""What must hold between the parts of a plan file, beyond what each part says of itself."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise

from bot.calendar import Span
from bot.plan.lines import Path
from bot.plan.model import (
    ROLLING,
    Count,
    Coverage,
    Direction,
    KeyResult,
    MeanFloor,
    Plan,
    Ratio,
    Stages,
    Sum,
)

Kinds = Mapping[str, frozenset[str]]
"""Report kind → the names of its fields."""

_A_COMMON_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Fault:
    """Where in the file, and what is wrong there, as a sentence."""

    path: Path
    sentence: str


Found = Iterator[Fault]


def faults_of(plan: Plan, kinds: Kinds | None) -> tuple[Fault, ...]:
    """Every fault between the parts. With `kinds`, also those against the report kinds."""
    found = [fault for check in _CHECKS for fault in check(plan)]
    if kinds is not None:
        found += _unknown_kinds(plan, kinds)
        found += _unknown_fields(plan, kinds)
    return tuple(found)


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """` Did you mean "workshop"?`, or nothing."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def _period(plan: Plan) -> Found:
    if plan.ends <= plan.starts:
        yield Fault(("ends",), f"the plan ends {plan.ends}, before it has begun {plan.starts}.")
    hours = plan.working_hours
    if hours.end <= hours.start:
        yield Fault(("working_hours", "end"), "working hours end before they start.")


def _unique(plan: Plan) -> Found:
    office = plan.network.office
    yield from _repeated([(("members", i, "code"), m.code) for i, m in enumerate(plan.members)])
    yield from _repeated([(("objectives", i, "id"), o.id) for i, o in enumerate(plan.objectives)])
    yield from _repeated([((*path, "id"), row.id) for path, row in _rows(plan)])
    yield from _repeated([(("duties", i, "id"), d.id) for i, d in enumerate(plan.duties)])
    for name, entries in plan.lists.items():
        yield from _repeated(
            [(("lists", name, i, "code"), each.code) for i, each in enumerate(entries)]
        )
    if office.code in plan.member_codes:
        yield Fault(("network", "office", "code"), f'"{office.code}" is also a member\'s code.')


def _names(plan: Plan) -> Found:
    # A name or an alias in a typed line, and a domain in an address, must mean one member.
    said: list[tuple[Path, str]] = []
    domains: list[tuple[Path, str]] = [
        (("network", "office", "email_domains"), name) for name in plan.network.office.email_domains
    ]
    for i, member in enumerate(plan.members):
        said.append((("members", i, "name"), member.name.casefold()))
        said += [(("members", i, "aliases"), alias.casefold()) for alias in member.aliases]
        domains += [(("members", i, "email_domains"), name) for name in member.email_domains]
    yield from _repeated(said)
    yield from _repeated(domains)


def _repeated(entries: list[tuple[Path, str]]) -> Found:
    seen: Counter[str] = Counter()
    for path, word in entries:
        seen[word] += 1
        if seen[word] > 1:
            yield Fault(path, f'"{word}" is there more than once.')


def _references(plan: Plan) -> Found:
    objectives = [objective.id for objective in plan.objectives]
    for path, row in _rows(plan):
        if (name := row.objective) not in objectives:
            sentence = f'no objective is called "{name}".{did_you_mean(name, objectives)}'
            yield Fault((*path, "objective"), sentence)
    parties = (*plan.member_codes, plan.network.office.code)
    for i, duty in enumerate(plan.duties):
        for code in plan.those(duty):
            if code not in parties:
                yield Fault(("duties", i, "whom"), f'no member has the code "{code}".')


def _rows(plan: Plan) -> Iterator[tuple[Path, KeyResult]]:
    """Each key result, and each row beside them, with its place in the file."""
    for i, key_result in enumerate(plan.key_results):
        yield ("key_results", i), key_result
    for i, row in enumerate(plan.beside):
        yield ("beside", i), row


def _key_results(plan: Plan) -> Found:
    for path, key_result in _rows(plan):
        yield from _target(plan, key_result, path)
        yield from _steps(key_result, path)
        yield from _measure(key_result, path)


def _target(plan: Plan, key_result: KeyResult, path: Path) -> Found:
    target, measure = plan.target_of(key_result), key_result.measure
    here = (*path, "target")
    if key_result.target == "all" and not isinstance(measure, Coverage):
        yield Fault(here, '"all" means every member and fits "coverage" only.')
    elif target is None:
        if not (isinstance(measure, Sum) and measure.growth):
            yield Fault(here, "is missing: only a sum with growth can do without one.")
    elif isinstance(measure, Coverage) and target > len(plan.members):
        yield Fault(here, f"{target} is more than the {len(plan.members)} members.")
    elif target <= 0 and not isinstance(measure, Ratio):
        yield Fault(here, "must be more than 0.")
    elif not _leads_from(key_result.baseline, target, key_result.direction):
        sentence = f"{target} cannot be reached {key_result.direction} from {key_result.baseline}."
        yield Fault(here, sentence)


def _leads_from(baseline: Decimal, target: Decimal, direction: Direction) -> bool:
    match direction:
        case Direction.RISING:
            return target > baseline
        case Direction.FALLING:
            return target < baseline
        case Direction.MAINTAIN:
            return True


def _steps(key_result: KeyResult, path: Path) -> Found:
    steps, here = key_result.steps, (*path, "steps")
    if not steps:
        return
    if steps[-1].share != 1:
        yield Fault(here, f"the last share must be 1, not {steps[-1].share}.")
    if any(later.share < earlier.share for earlier, later in pairwise(steps)):
        yield Fault(here, "a share must not be lower than the one before it.")
    yearly = key_result.period == Span.YEAR
    if any(isinstance(step.by, date) == yearly for step in steps):
        form = 'month and day, such as "06-30"' if yearly else "a date, such as 2026-06-30"
        yield Fault(here, f"with the period {key_result.period} a step is by {form}.")
    elif any(str(later.by) <= str(earlier.by) for earlier, later in pairwise(steps)):
        yield Fault(here, "the days must follow on each other.")
    elif yearly and not all(_exists(str(step.by)) for step in steps):
        yield Fault(here, "there is no such day in every year.")


def _exists(month_day: str) -> bool:
    try:
        return bool(date.fromisoformat(f"{_A_COMMON_YEAR}-{month_day}"))
    except ValueError:
        return False


def _measure(key_result: KeyResult, path: Path) -> Found:
    measure, here = key_result.measure, (*path, "measure")
    rolling = key_result.period == ROLLING
    compares = isinstance(measure, Ratio) or (isinstance(measure, Sum) and measure.growth)
    if compares and (rolling or key_result.period != Span.YEAR):
        yield Fault((*path, "period"), "what is compared with last year has the period year.")
    falling = key_result.direction is Direction.FALLING
    if falling and not isinstance(measure, MeanFloor | Ratio):
        sentence = "what adds up cannot fall: it would be met at once."
        yield Fault((*path, "direction"), sentence)
    if isinstance(measure, Coverage):
        for i, requirement in enumerate(measure.requirements):
            spot = (*here, "requirements", i)
            if requirement.kind not in key_result.fed_by:
                sentence = f'"{requirement.kind}" is not among fed_by.'
                yield Fault((*spot, "kind"), sentence)
            if bool(requirement.field) != bool(requirement.values):
                yield Fault(spot, "give both field and values, or neither.")


def _retention(plan: Plan) -> Found:
    """Nothing goes while the plan counts it, nor what a year of it is held against."""
    yield from _repeated(
        [(("retention", i, "kind"), rule.kind) for i, rule in enumerate(plan.retention)]
    )
    earliest = plan.earliest_for(*(kind for row in plan.rows for kind in row.fed_by))
    for i, rule in enumerate(plan.retention):
        if rule.after != "plan ends" and earliest.year + rule.keep_years <= plan.ends.year:
            least = plan.ends.year + 1 - earliest.year
            sentence = f"what the plan still counts would be disposed of: at least {least} years."
            yield Fault(("retention", i, "keep_years"), sentence)


_CHECKS: tuple[Callable[[Plan], Found], ...] = (
    _period,
    _unique,
    _names,
    _references,
    _key_results,
    _retention,
)


# --- Against the report kinds


def _unknown_kinds(plan: Plan, kinds: Kinds) -> Found:
    known = (*kinds, *plan.planned_kinds)
    used: list[tuple[Path, str]] = [
        ((*path, "fed_by"), kind) for path, row in _rows(plan) for kind in row.fed_by
    ]
    used += [(("retention", i, "kind"), rule.kind) for i, rule in enumerate(plan.retention)]
    used += [(("duties", i, "kind"), duty.kind) for i, duty in enumerate(plan.duties)]
    for path, kind in used:
        if kind not in known:
            yield Fault(path, f'no report is called "{kind}".{did_you_mean(kind, known)}')


def _unknown_fields(plan: Plan, kinds: Kinds) -> Found:
    for path, kind, field in _fields_used(plan):
        fields = kinds.get(kind)
        if fields is not None and field not in fields:
            guess = did_you_mean(field, sorted(fields))
            yield Fault(path, f'the report "{kind}" has no field "{field}".{guess}')


def _fields_used(plan: Plan) -> Iterator[tuple[Path, str, str]]:
    """Where a field is named, the report it is looked for in, its name."""
    for where, key_result in _rows(plan):
        path: Path = (*where, "measure")
        measure = key_result.measure
        if isinstance(measure, Stages):
            # The kind that opens the case is named first, its steps after it.
            opening, step = key_result.fed_by[0], key_result.fed_by[-1]
            yield (*path, "field"), step, measure.field
            yield from (((*path, "where", field), opening, field) for field in measure.where)
        elif isinstance(measure, Coverage):
            for n, requirement in enumerate(measure.requirements):
                spot = (*path, "requirements", n)
                for field in requirement.where:
                    yield (*spot, "where", field), requirement.kind, field
                if requirement.field:
                    yield (*spot, "field"), requirement.kind, requirement.field
        else:
            for key, field in _named_by(measure):
                for kind in key_result.fed_by:
                    yield (*path, *key), kind, field


def _named_by(measure: object) -> Iterator[tuple[Path, str]]:
    for key in ("field", "numerator", "denominator", "mean_of", "round"):
        if field := getattr(measure, key, None):
            yield (key,), field
    for key in ("where", "one_of_each"):
        yield from (((key, field), field) for field in getattr(measure, key, {}))
    if isinstance(measure, Count):
        yield from ((("filled",), field) for field in measure.filled)
    if isinstance(measure, MeanFloor):
        yield from ((("floor_for",), field) for field in measure.floor_for)
