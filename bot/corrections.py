"""What was published and is no longer true, and the reports that did it.

Pure functions: what was known when it was said against what is known now.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.adding import Additive, added_up
from bot.ledger.recorded import Recorded
from bot.measures import Amount, Part, Question, cases
from bot.plan.model import KeyResult, Plan, Stages
from bot.standing import Standing, question_on


@dataclass(frozen=True, slots=True)
class Change:
    """A key result that stands otherwise than before."""

    before: Standing
    now: Standing

    @property
    def key_result(self) -> KeyResult:
        return self.now.key_result


def changes(before: tuple[Standing, ...], now: tuple[Standing, ...]) -> tuple[Change, ...]:
    """The key results whose value, fulfilment or status is another, in the order of `now`."""
    earlier = {each.key_result.id: each for each in before}
    pairs = [(earlier[s.key_result.id], s) for s in now if s.key_result.id in earlier]
    return tuple(Change(was, is_) for was, is_ in pairs if _seen(was) != _seen(is_))


def _seen(standing: Standing) -> tuple[object, ...]:
    return standing.value, standing.measured.met, standing.status, standing.measured.parts


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that was published and is no longer true, and the ids of the reports that did it: as
    they are now, or as they were last if they are no more."""

    then: Standing
    now: Standing
    by: tuple[int, ...]

    @property
    def key_result(self) -> KeyResult:
        return self.now.key_result


def corrections(
    plan: Plan,
    said: tuple[Standing, ...],
    true: tuple[Standing, ...],
    known_then: Iterable[Recorded],
    known_now: Iterable[Recorded],
) -> tuple[Correction, ...]:
    """What was `said` of a day, and is now known to have been otherwise: what is `true` of it.

    `known_then` are the reports that were live when it was said, `known_now` those that are live
    now. What did it are reports told of afterwards, and reports corrected or withdrawn; those of
    them only without which it would be otherwise, as far as that can be told.
    """
    moved = _moved(tuple(known_then), tuple(known_now))
    several = changes(said, true)
    return tuple(
        Correction(each.before, each.now, _culprits(plan, each, moved)) for each in several
    )


# --- Which reports did it

ByPlace = Mapping[int, Recorded]
"""Reports by their place in the order of telling, which a correction keeps."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """The cases in which something has come or gone: as they were known, and as they are."""

    then: ByPlace
    now: ByPlace

    @property
    def places(self) -> set[int]:
        """Of the reports that have come or gone."""
        return {
            place
            for place in self.then.keys() | self.now.keys()
            if _id(self.then, place) != _id(self.now, place)
        }

    def of(self, unit: frozenset[int]) -> "_Moved":
        then = {place: self.then[place] for place in unit & self.then.keys()}
        return _Moved(then, {place: self.now[place] for place in unit & self.now.keys()})

    def undone(self, place: int) -> tuple[Recorded, ...]:
        """What is known now, but for one report that is as it was."""
        kept = {each: report for each, report in self.now.items() if each != place}
        return tuple((kept | ({place: self.then[place]} if place in self.then else {})).values())


def _id(told: ByPlace, place: int) -> int | None:
    return told[place].id if place in told else None


def _moved(then: tuple[Recorded, ...], now: tuple[Recorded, ...]) -> _Moved:
    ids = {report.id for report in then} ^ {report.id for report in now}
    touched = {report.case for report in (*then, *now) if report.id in ids}
    some = ((report for report in told if report.case in touched) for told in (then, now))
    return _Moved(*({report.place: report for report in each} for each in some))


def _culprits(plan: Plan, change: Change, moved: _Moved) -> tuple[int, ...]:
    behind = {*change.before.measured.behind, *change.now.measured.behind}
    told = (*moved.then.items(), *moved.now.items())
    suspects = {place for place, report in told if report.id in behind} & moved.places
    guilty = suspects & _decisive(plan, change, moved, suspects) or suspects
    latest = (moved.now.get(place) or moved.then[place] for place in guilty)
    return tuple(sorted(report.id for report in latest))


def _decisive(plan: Plan, change: Change, moved: _Moved, suspects: set[int]) -> set[int]:
    """The places of the reports that changed what their case adds, looked for among the cases of
    those suspected. Of a measure that does not add up nobody can tell from one case alone."""
    row, day = change.key_result, change.now.day
    if not isinstance(row.measure, Additive):
        return moved.places
    trial = _Trial(row.measure, question_on(plan, row, day), frozenset(row.fed_by), day)
    units: dict[Hashable, set[int]] = defaultdict(set)
    for place, report in (*moved.then.items(), *moved.now.items()):
        units[trial.unit(report)].add(place)
    tried = (frozenset(unit) for unit in units.values() if unit & suspects)
    return {place for unit in tried for place in trial.found(moved.of(unit))}


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a row's measure makes of a single unit, with and without what has come and gone."""

    measure: Additive
    question: Question
    kinds: frozenset[str]
    day: date

    def unit(self, report: Recorded) -> Hashable:
        """What is counted together, as `adding.units` has it."""
        return report.case if isinstance(self.measure, Stages) else report.thing

    def found(self, moved: _Moved) -> set[int]:
        """Several who told of the same thing may only have changed it together."""
        stands = self._says(moved.now.values())
        if stands == self._says(moved.then.values()):
            return set()
        alone = {p for p in moved.places if self._says(moved.undone(p)) != stands}
        return alone or moved.places

    def _says(self, told: Iterable[Recorded]) -> tuple[Amount | None, tuple[Part, ...]]:
        known = cases(r for r in told if r.kind in self.kinds and r.day <= self.day)
        found = added_up(self.measure, replace(self.question, cases=known))
        return found.value, found.parts
