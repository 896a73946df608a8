"""The report book: nothing is overwritten, and every past moment can be seen again."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import compress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ledger.engine import Engines
from bot.ledger.recorded import Ended, Ending, Recorded
from bot.ledger.reports import NewReport, NoLongerCurrentError
from bot.ledger.store import Books, Ledger
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after
from tests.databases import empty

DAY = date(2026, 6, 11)


@pytest.fixture(autouse=True)
def people(ledger: Ledger) -> None:
    ledger.write(meet_all)


def meet_all(books: Books) -> None:
    for person in (MARIA, JOHAN):
        books.people.meet(person)


def add(books: Books, at: datetime = JUNE, supersedes: int | None = None, **more) -> Recorded:
    given = {
        "case": "c1",
        "kind": "workshop",
        "day": DAY,
        "members": ("1881", "1861"),
        "answers": {"title": "Exportdag åäö", "participants": 24, "notes": None},
        "reporter": MARIA.id,
        "home": "1881",
    } | more
    return books.reports.add(
        NewReport(**{"by": given["reporter"], **given}, supersedes=supersedes), at
    )


def withdrawn(at: datetime) -> Ending:
    return Ending(Ended.WITHDRAWN, at, JOHAN.id, "Inställd")


def test_a_report_comes_back_as_it_was_told(ledger: Ledger):
    added = ledger.write(add)
    assert ledger.read(lambda books: books.reports.get(added.id)) == Recorded(
        id=added.id,
        case="c1",
        kind="workshop",
        day=DAY,
        members=("1881", "1861"),
        answers={"title": "Exportdag åäö", "participants": 24, "notes": None},
        reporter=MARIA.id,
        home="1881",
        recorded_at=JUNE,
    )


def test_a_correction_takes_the_place_of_what_it_corrects_and_erases_nothing(ledger: Ledger):
    first = ledger.write(add)
    second = ledger.write(lambda books: add(books, after(60), first.id, reporter=JOHAN.id))
    assert second.supersedes == first.id
    by_johan = Ending(Ended.SUPERSEDED, after(60), JOHAN.id, "")
    told = ledger.read(lambda books: books.reports.of_case("c1"))
    assert told == (replace(first, ending=by_johan), second)


def test_a_withdrawal_says_who_why_and_when(ledger: Ledger):
    report = ledger.write(add)
    ledger.write(lambda books: books.reports.end(report.id, withdrawn(after(1))))
    ended = ledger.read(lambda books: books.reports.get(report.id))
    assert ended == replace(report, ending=withdrawn(after(1)))


def again(books: Books, report_id: int) -> None:
    books.reports.end(report_id, withdrawn(after(9)))


def corrected_again(books: Books, report_id: int) -> None:
    add(books, after(9), report_id)


@pytest.mark.parametrize("later", [again, corrected_again])
@pytest.mark.parametrize("known", [True, False])
def test_what_has_ended_or_never_was_cannot_end(ledger: Ledger, later: Callable, known: bool):
    report = ledger.write(add)
    ledger.write(lambda books: books.reports.end(report.id, withdrawn(after(1))))
    before = ledger.read(lambda books: books.reports.of_case("c1"))
    with pytest.raises(NoLongerCurrentError):
        ledger.write(lambda books: later(books, report.id if known else 999))
    assert ledger.read(lambda books: books.reports.of_case("c1")) == before


def test_live_reports_of_a_kind_are_found_by_their_day(ledger: Ledger):
    def work(books: Books) -> list[int]:
        days = [DAY - timedelta(1), DAY, DAY + timedelta(2), DAY + timedelta(3)]
        found = [add(books, day=day).id for day in days]
        add(books, kind="inquiry")
        books.reports.end(add(books).id, withdrawn(JUNE))
        return found

    _early, first, second, _late = ledger.write(work)
    live = ledger.read(lambda b: b.reports.live_between("workshop", DAY, DAY + timedelta(2)))
    assert [report.id for report in live] == [first, second]


def test_what_is_known_can_be_asked_for_by_kind_and_cases_several_at_once(ledger: Ledger):
    def work(books: Books) -> None:
        workshop, inquiry = add(books), add(books, kind="etablering", case="c2")
        assert books.reports.known_at(JUNE, kinds=["workshop", "nothing"]) == (workshop,)
        assert books.reports.known_at(JUNE) == (workshop, inquiry)
        found = books.reports.of_cases(["c1", "c2", "c3"])
        assert found == {"c1": [workshop], "c2": [inquiry], "c3": []}
        assert books.reports.of_cases(["c1", "c2"], ["workshop"]) == {"c1": [workshop], "c2": []}

    ledger.write(work)


# --- The past, rebuilt: random histories against a model of plain dicts

MOMENTS = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(days=3)])
ACTS = st.sampled_from(["report", "correct", "withdraw"])
HISTORIES = st.lists(st.tuples(ACTS, MOMENTS, st.integers(0, 5)), max_size=12)


@dataclass
class Told:
    """What was true after each act, as somebody would note it who was there."""

    now: datetime = JUNE
    truth: dict[int, Recorded] = field(default_factory=dict)
    remembered: list[tuple[datetime, set[int]]] = field(default_factory=list)

    def act(self, books: Books, what: str, pause: timedelta, which: int) -> None:
        self.now += pause
        chosen = sorted(self.truth)[which % len(self.truth)] if self.truth else None
        if what == "report" or chosen is None:
            self._add(add(books, self.now))
        elif what == "correct":
            self._add(add(books, self.now, chosen))
            del self.truth[chosen]
        else:
            books.reports.end(chosen, withdrawn(self.now))
            del self.truth[chosen]
        self.remembered.append((self.now, set(self.truth)))

    def _add(self, report: Recorded) -> None:
        self.truth[report.id] = report

    def at(self, moment: datetime) -> set[int]:
        return next((ids for at, ids in reversed(self.remembered) if at <= moment), set())


@given(history=HISTORIES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_past_moment_is_rebuilt_as_it_was_known_then(
    ledger: Ledger, engines: Engines, history: list[tuple[str, timedelta, int]]
):
    empty(engines.writing)
    told = Told()

    def work(books: Books) -> None:
        meet_all(books)
        for act in history:
            told.act(books, *act)

    ledger.write(work)

    def rebuilt(books: Books) -> None:
        everything = books.reports.of_case("c1")
        for at, _ in [*told.remembered, (JUNE, None)]:
            for moment in (at - timedelta(microseconds=1), at, at + timedelta(microseconds=1)):
                known = books.reports.known_at(moment)
                assert {report.id for report in known} == told.at(moment)
                assert known == tuple(each for each in everything if each.live_at(moment))
                either = books.reports.known_at(moment, JUNE)
                both = (each.live_at(moment) or each.live_at(JUNE) for each in everything)
                assert either == tuple(compress(everything, both))

    ledger.read(rebuilt)
