"""Histories of reports, as they come to a ledger: told, corrected, withdrawn, over months.

Few days, few cases and few municipalities, so that much falls on the same ones. By a plan that has
every way to measure over every kind of period.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.calendar import Span
from bot.clock import MovableClock
from bot.ledger.recorded import Ended, Ending
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.plan.model import ROLLING, Count, KeyResult, Plan, Sum
from tests.bot.examples import BRO
from tests.bot.ledger.cast import MARIA

KUMLA, NORA, LAXA = HOMES = ("1881", "1884", "1860")


def _like(id_: str, other: str, **change: object) -> KeyResult:
    row = next(row for row in BRO.rows if row.id == other)
    return row.model_copy(update={"id": id_, **change})


_PLAIN = Count(measure="count", min_members=2)
_VALUE = Sum(measure="sum", field="investment_sek")
PLAN: Plan = BRO.model_copy(
    update={
        "beside": (
            *BRO.beside,
            _like("C12", "S4", period=ROLLING, measure=_PLAIN),
            _like("CM", "S4", period=Span.MONTH, beside=("inquiries",)),
            _like("SP", "I1", period=Span.PLAN, measure=_VALUE),
            _like("SQ", "I1", period=Span.QUARTER, measure=_VALUE),
            _like("LY", "SM1", period=Span.YEAR),
            _like("L12", "SM1", period=ROLLING),
        )
    }
)

DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        *("2025-06-11", "2025-06-12", "2025-06-13", "2025-12-31", "2026-01-01", "2026-05-29"),
        *("2026-06-09", "2026-06-11", "2026-06-12", "2026-06-15", "2026-06-16", "2026-07-01"),
        *("2026-12-31", "2027-01-01", "2027-06-12", "2027-12-31", "2028-01-03"),
    )
)
days = st.sampled_from(DAYS)
_homes = st.sampled_from(HOMES)
_some = st.lists(_homes, unique=True, max_size=3).map(tuple)
_figure = st.sampled_from([None, "", 0, 1, 7, "0.25", "1.5", 40_000_000])
_odd = st.sampled_from(["0.333", 10**12, "many", True])


def _answers(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


_yes = st.sampled_from([True, True, False])
_text = st.sampled_from(["", "x"])
_since = st.dictionaries(_homes, days.map(str), max_size=3)
_KINDS: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[dict[str, Any]]]] = {
    "workshop": (
        st.just(""),
        _answers(
            form=st.sampled_from(["workshop", "training"]),
            theme=st.sampled_from(["service", "investment"]),
        ),
    ),
    "arena": (
        st.just(""),
        _answers(
            goal=_text, follow_up=_text, scope=st.sampled_from(["national", "international", ""])
        ),
    ),
    "etablering": (
        st.just(""),
        _answers(asked_since=_since, answer_due=st.one_of(st.none(), days.map(str))),
    ),
    "etablering_kvittens": (_homes, st.just({})),
    "etablering_svar": (_homes, _answers(verdict=st.sampled_from(["yes", "no"]))),
    "etablering_steg": (st.just(""), _answers(stage=st.just("visit"))),
    "etablering_forlorad": (st.just(""), st.just({})),
    "etablering_landad": (
        st.just(""),
        _answers(
            area=st.sampled_from(["logistics", "industry", "food"]),
            investment_sek=st.one_of(_figure, _figure, _figure, _odd),
        ),
    ),
    "kampanj": (st.just(""), _answers(programme=st.sampled_from(["smart_move"] * 3 + ["own"]))),
    "kampanj_steg": (
        st.sampled_from(["create", "run", "follow_up"]),
        _answers(stage=st.sampled_from(["create", "run", "follow_up"])),
    ),
    "kampanj_resultat": (
        st.sampled_from(["web", "email"]),
        _answers(conversions=_figure, visits=_figure),
    ),
    "beredskap": (
        st.just(""),
        _answers(
            **dict.fromkeys(
                (
                    *("contact", "intake_routine", "land_register"),
                    *("premises_updated", "power", "secrecy_routine"),
                ),
                _yes,
            )
        ),
    ),
    "foretagskontakt": (
        st.just(""),
        _answers(company=st.sampled_from(["Alfa", "beta"]), strategic=_yes),
    ),
}


@dataclass(frozen=True)
class Told:
    kind: str
    part: str
    case: str
    day: date
    home: str
    members: tuple[str, ...]
    answers: dict[str, Any]


@dataclass(frozen=True)
class Corrected:
    which: int
    day: date
    members: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    which: int


def _told(kind: str) -> st.SearchStrategy[Told]:
    part, answers = _KINDS[kind]
    case = st.sampled_from(["a", "b", "c"])
    return st.builds(Told, st.just(kind), part, case, days, _homes, _some, answers)


_number = st.integers(0, 20)
Step = Told | Corrected | Withdrawn


def steps(*kinds: str) -> st.SearchStrategy[Step]:
    """Reports of these kinds, or of all, some of them corrected or withdrawn."""
    several = [_told(kind) for kind in kinds or sorted(_KINDS)]
    told = st.one_of(*several)
    changed = st.builds(Corrected, _number, days, _some), st.builds(Withdrawn, _number)
    return st.one_of(told, told, told, told, *changed)


INQUIRIES = ("etablering", "etablering_kvittens", "etablering_svar", "etablering_forlorad")
CAMPAIGNS = ("kampanj", "kampanj_steg", "kampanj_steg", "kampanj_resultat")
PAUSES = st.sampled_from([0, 0, 1, 6, 20, 20, 600, 3000]).map(lambda n: timedelta(minutes=n))


@dataclass
class Telling:
    """Somebody who tells a ledger of it, while a clock is moved."""

    ledger: Ledger
    clock: MovableClock

    def __post_init__(self) -> None:
        self.ledger.write(lambda books: books.people.meet(MARIA))

    def takes(self, step: Step) -> None:
        self.ledger.write(lambda books: self._write(books, step))

    def passes(self, time: timedelta) -> None:
        self.clock.set(self.clock() + time)

    def _write(self, books: Books, step: Step) -> None:
        now = self.clock()
        if isinstance(step, Told):
            part = step.home if step.part in HOMES else step.part
            books.reports.add(replace(_NEW, **{**vars(step), "part": part}), now)
            return
        # With a clock that was set back, some have ended later than now.
        live = [each for each in books.reports.known_at(now) if each.ending is None]
        if not live:
            return
        old = live[step.which % len(live)]
        if isinstance(step, Withdrawn):
            books.reports.end(old.id, Ending(Ended.WITHDRAWN, now, MARIA.id, ""))
            return
        same = {"case": old.case, "kind": old.kind, "part": old.part, "answers": old.answers}
        change = {"day": step.day, "members": step.members, "supersedes": old.id}
        books.reports.add(replace(_NEW, home=old.home, **same, **change), now)


_NEW = NewReport("", "", DAYS[0], (), {}, MARIA.id, "", MARIA.id)
