"""Establishment inquiries as they stand: who has been asked, who has answered, and the clock.

Pure functions over what has been recorded. All limits are dates: whatever happens on the day is in
time.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.adding import Entry, Totals, totals
from bot.calendar import Period, working_day_after
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.measures import Part
from bot.plan.model import Inquiries

INQUIRY = "etablering"
ACKNOWLEDGEMENT = "etablering_kvittens"
ANSWER = "etablering_svar"
PROGRESS = "etablering_steg"
LANDED = "etablering_landad"
LOST = "etablering_forlorad"
KINDS = (INQUIRY, ACKNOWLEDGEMENT, ANSWER, PROGRESS, LANDED, LOST)
CLOSING = (LANDED, LOST)

log = logging.getLogger(__name__)

REGISTERED = "registered"
DORMANT = "dormant"


@dataclass(frozen=True, slots=True)
class Ask:
    """One municipality's part in an inquiry. `until` is the day the case was closed on."""

    home: str
    asked_on: date
    acknowledge_by: date
    answer_by: date
    acknowledged_on: date | None
    answered_on: date | None
    verdict: str | None
    until: date | None

    @property
    def limits(self) -> tuple[tuple[date, date | None], ...]:
        """To acknowledge and to answer: until when, and when it was done."""
        return (self.acknowledge_by, self.acknowledged_on), (self.answer_by, self.answered_on)

    @property
    def next_limit(self) -> date | None:
        """What comes next; None when all has been done or nothing is waited for any longer."""
        if self.until is not None:
            return None
        return next((by for by, done in self.limits if done is None), None)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One case. `stage` is the last that was reached; `closing` the report that closed it."""

    opening: Recorded
    asks: tuple[Ask, ...]
    stage: str
    closing: Recorded | None
    news_on: date
    """The day of the latest step, or on which it was told of if that was later."""

    @property
    def case(self) -> str:
        return self.opening.case

    @property
    def is_open(self) -> bool:
        return self.closing is None

    @property
    def nearest(self) -> Ask | None:
        """Whose date is the nearest that anybody has to keep."""
        dated = [(ask.next_limit, ask) for ask in self.asks if ask.next_limit is not None]
        return min(dated, key=lambda pair: pair[0], default=(None, None))[1]

    @property
    def next_limit(self) -> date | None:
        """The nearest date that anybody has to keep."""
        return self.nearest.next_limit if self.nearest else None

    def ask_of(self, home: str | None) -> Ask | None:
        return next((ask for ask in self.asks if ask.home == home), None)


def inquiries(reports: Iterable[Recorded], rules: Inquiries) -> tuple[Inquiry, ...]:
    """All cases in what is known, the first registered first; without those withdrawn."""
    grouped: dict[str, list[Recorded]] = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.place):
        if report.kind in KINDS:
            grouped[report.case].append(report)
    return tuple(found for group in grouped.values() if (found := _readable(group, rules)))


def _readable(group: list[Recorded], rules: Inquiries) -> Inquiry | None:
    """A single odd row must not take all the others with it."""
    try:
        return inquiry_of(group, rules)
    except (KeyError, ValueError):
        log.exception("the inquiry that report %s tells of cannot be read", group[0].id)
        return None


def inquiry_of(reports: Iterable[Recorded], rules: Inquiries) -> Inquiry | None:
    """The case that these live reports tell of; None without the one that opened it."""
    live = [report for report in reports if report.kind in KINDS]
    opening = next((report for report in live if report.kind == INQUIRY), None)
    if opening is None:
        return None
    closing = next((report for report in live if report.kind in CLOSING), None)
    asks = tuple(_asks(opening, live, rules, closing.day if closing else None))
    news_on = max(max(report.day, report.recorded_at.date()) for report in live)
    return Inquiry(opening, asks, _stage(live, closing), closing, news_on)


def _stage(live: Iterable[Recorded], closing: Recorded | None) -> str:
    if closing is not None:
        return "landed" if closing.kind == LANDED else "lost"
    steps = sorted((r for r in live if r.kind == PROGRESS), key=lambda r: (r.day, r.place))
    return str(steps[-1].answers["stage"]) if steps else REGISTERED


def _asks(
    opening: Recorded, live: Iterable[Recorded], rules: Inquiries, until: date | None
) -> Iterator[Ask]:
    steps = {(report.kind, report.home): report for report in live}
    since, due = opening.answers.get("asked_since"), opening.answers.get("answer_due")
    for home, day in dict(since if isinstance(since, Mapping) else {}).items():
        asked_on = date.fromisoformat(str(day))
        acknowledge_by, answer_by = limits(asked_on, due, rules)
        acknowledged, answer = steps.get((ACKNOWLEDGEMENT, home)), steps.get((ANSWER, home))
        yield Ask(
            home=home,
            asked_on=asked_on,
            acknowledge_by=acknowledge_by,
            answer_by=answer_by,
            acknowledged_on=min((r.day for r in (acknowledged, answer) if r), default=None),
            answered_on=answer.day if answer else None,
            verdict=str(answer.answers["verdict"]) if answer else None,
            until=until,
        )


def limits(asked_on: date, due: object, rules: Inquiries) -> tuple[date, date]:
    """Until when to acknowledge, and until when to answer. The asker's own date goes before the
    plan's number of days, unless it had passed when the municipality was asked."""
    theirs = date.fromisoformat(str(due)) if due else None
    answer_by = working_day_after(asked_on, rules.answer_working_days)
    if theirs is not None and theirs >= asked_on:
        answer_by = theirs
    return min(working_day_after(asked_on, rules.acknowledge_working_days), answer_by), answer_by


# --- Who is late


@dataclass(frozen=True, slots=True)
class Late:
    """An open inquiry, with whose answers are `missing` and when each of them was due."""

    opening: Recorded
    missing: tuple[tuple[str, date], ...]

    @property
    def due(self) -> date:
        """When the first of the answers was due."""
        return min(due for _, due in self.missing)

    @property
    def homes(self) -> tuple[str, ...]:
        return tuple(home for home, _ in self.missing)


def late(several: Iterable[Inquiry], day: date) -> tuple[Late, ...]:
    """The open inquiries in which an answer was due before the day."""
    return _first_due_first(Late(each.opening, _missing(each, day)) for each in several)


def late_of(home: str, several: Iterable[Late]) -> tuple[Late, ...]:
    """What is late of one municipality, by its own limits."""
    return _first_due_first(
        replace(each, missing=tuple((of, due) for of, due in each.missing if of == home))
        for each in several
    )


def _missing(inquiry: Inquiry, day: date) -> tuple[tuple[str, date], ...]:
    asks = inquiry.asks if inquiry.is_open else ()
    late = (ask for ask in asks if ask.answered_on is None and ask.answer_by < day)
    return tuple((ask.home, ask.answer_by) for ask in late)


def _first_due_first(several: Iterable[Late]) -> tuple[Late, ...]:
    """Those in which anything is missing."""
    missing = (each for each in several if each.missing)
    return tuple(sorted(missing, key=lambda each: (each.due, each.opening.id)))


# --- How well the clock is kept


@dataclass(frozen=True, slots=True)
class Kept:
    """How many limits of a kind were kept, of those that were due or done by the day."""

    have: int = 0
    of: int = 0


_DUE, _IN_TIME = "due", "in time"
_LIMITS = {
    "acknowledged": N_("inquiries acknowledged in time"),
    "answered": N_("inquiries answered in time"),
}


def added(inquiry: Inquiry, day: date, home: str | None = None) -> Iterator[Entry]:
    """What a case adds to the limits that were due or done by the day, and to those kept: of all
    municipalities, or of one. What is done counts from the day it was done, what is not done from
    the day after its limit, for the day of the limit; neither if the case was closed before."""
    for ask in inquiry.asks:
        if home in (None, ask.home):
            for name, (by, done) in zip(_LIMITS, ask.limits, strict=True):
                if done is not None:
                    yield Entry(f"{name}:{_DUE}", min(by, done), 1)
                    yield Entry(f"{name}:{_IN_TIME}", min(by, done), int(done <= by))
                elif day > by and not (ask.until is not None and ask.until <= by):
                    yield Entry(f"{name}:{_DUE}", by, 1)


def open_limits(inquiry: Inquiry) -> Iterator[date]:
    """The limits of what is not done yet. On the days after them something may count that nobody
    has told of."""
    return (by for ask in inquiry.asks for by, done in ask.limits if done is None)


def limits_kept(found: Totals) -> tuple[Kept, Kept]:
    """Acknowledged and answered in time."""
    several = ((found.of(f"{n}:{_IN_TIME}"), found.of(f"{n}:{_DUE}")) for n in _LIMITS)
    acknowledged, answered = (Kept(int(have), int(of)) for have, of in several)
    return acknowledged, answered


def kept(
    several: Iterable[Inquiry], period: Period, day: date, home: str | None = None
) -> tuple[Kept, Kept]:
    """Acknowledged and answered in time, in the period as far as it has come on the day."""
    entries = (entry for each in several for entry in added(each, day, home))
    return limits_kept(totals(entry for entry in entries if period.contains(entry.day)))


def beside(acknowledged: Kept, answered: Kept) -> tuple[Part, ...]:
    """The two shares, to be shown beside a key result; nothing where there are none yet."""
    pairs = zip(_LIMITS.values(), (acknowledged, answered), strict=True)
    return tuple(Part(name, each.have, each.of) for name, each in pairs if each.of)
