"""What a case of several steps asks of the ledger, on both databases."""

from datetime import date

import pytest

from bot.ledger.recorded import Ended, Ending
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.measures import cases
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after

DAY = date(2026, 6, 11)


@pytest.fixture(autouse=True)
def people(ledger: Ledger) -> None:
    ledger.write(lambda books: [books.people.meet(person) for person in (MARIA, JOHAN)])


def add(books: Books, kind: str, part: str = "", case: str = "c1", supersedes: int | None = None):
    new = NewReport(case, kind, DAY, (), {}, MARIA.id, "1881", MARIA.id, supersedes, part)
    return books.reports.add(new, JUNE)


def test_steps_of_a_case_keep_their_part_and_are_things_of_their_own(ledger: Ledger):
    def work(books: Books):
        for part in ("1881", "1861", "1861"):
            add(books, "etablering_svar", part)
        add(books, "etablering")
        return books.reports.known_at(JUNE)

    told = ledger.write(work)
    assert [report.part for report in told] == ["1881", "1861", "1861", ""]
    assert [len(case.reports) for case in cases(told)] == [1, 2, 1]


def test_the_live_reports_of_some_kinds_are_found_without_those_that_ended(ledger: Ledger):
    def work(books: Books):
        first = add(books, "etablering")
        add(books, "etablering", supersedes=first.id)
        gone = add(books, "etablering", case="c2")
        books.reports.end(gone.id, Ending(Ended.WITHDRAWN, JUNE, MARIA.id, ""))
        add(books, "workshop", case="c3")
        add(books, "kampanj", case="c4")
        return books.reports.live_of(("etablering", "kampanj")), books.reports.live_of(())

    found, none = ledger.write(work)
    assert [(report.kind, report.case) for report in found] == [
        ("etablering", "c1"),
        ("kampanj", "c4"),
    ]
    assert none == ()


def test_every_reading_is_kept_with_who_and_when_in_its_order(ledger: Ledger):
    def work(books: Books) -> None:
        books.readings.note(MARIA.id, {"c1", "c2"}, JUNE)
        books.readings.note(JOHAN.id, {"c1"}, after(60))
        books.readings.note(MARIA.id, set(), after(61))
        books.readings.note(MARIA.id, {"c1"}, after(62))

    ledger.write(work)
    found = ledger.read(lambda books: books.readings.of_case("c1"))
    told = [(reading.person, reading.at) for reading in found]
    assert told == [(MARIA.id, JUNE), (JOHAN.id, after(60)), (MARIA.id, after(62))]
