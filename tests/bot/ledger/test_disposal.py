"""What is removed for good, on both databases: all of a case, and of the rest what may go."""

from datetime import timedelta

import pytest

from bot.ledger.disposal import SOME, Keep
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.store import Books, Ledger
from bot.notices import Guide, InquiryAsked, Receipt
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA
from tests.bot.ledger.test_erasures import everywhere, report, said

LATER = JUNE + timedelta(days=1)


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    ledger.write(lambda books: everywhere(books, MARIA))
    return ledger


def settle(books: Books) -> None:
    """Everything has been said."""
    books.outbox.drop(LATER, (), "said")


def test_a_case_goes_with_its_corrections_readings_and_messages_and_no_other(full: Ledger):
    def work(books: Books) -> None:
        told = books.reports.of_case("case")
        said(books, "receipt", MARIA.id, Receipt(report=told[0].id))
        said(books, "asked", MARIA.id, InquiryAsked(case="case", home="1881"))
        books.disposal.case("case", told)

    full.write(work)
    read = full.read
    assert read(lambda books: books.reports.of_case("case")) == ()
    assert read(lambda books: books.readings.of_case("case")) == ()
    assert read(lambda books: [books.outbox.get(key) for key in ("receipt", "asked")]) == [None] * 2
    assert len(read(lambda books: books.reports.of_case("near"))) == 1
    assert read(lambda books: books.outbox.get(f"guide:{MARIA.id}"))


def test_settled_messages_go_but_for_those_of_a_case_and_those_unsaid(full: Ledger):
    def work(books: Books) -> tuple[int, int | None]:
        told = books.reports.of_case("case")
        said(books, "receipt", JOHAN.id, Receipt(report=told[0].id))
        settle(books)
        said(books, "unsaid", JOHAN.id, Guide())
        return books.disposal.messages(LATER, 0)

    assert full.write(work) == (4, None)
    left = full.read(lambda books: books.outbox.keys_beginning(""))
    assert set(left) == {"receipt", "unsaid"}


def test_many_messages_go_some_at_a_time(ledger: Ledger):
    def work(books: Books) -> None:
        for number in range(SOME + 5):
            said(books, f"guide:{number}", JOHAN.id, Guide())
        settle(books)

    ledger.write(work)
    count, at = ledger.write(lambda books: books.disposal.messages(LATER, 0))
    assert count == SOME
    assert at is not None
    assert ledger.write(lambda books: books.disposal.messages(LATER, at)) == (5, None)


def test_keys_and_notes_of_reminders_go_by_their_age(full: Ledger):
    def work(books: Books) -> list[int]:
        books.handled.first("old", JUNE)
        books.handled.first("new", LATER)
        for alarm in ("digest", "inquiry:case"):
            done = OccasionState.DONE
            books.occasions.claim(OccasionRow(alarm, "p", "slack:C1", "s", JUNE, done))
        return [
            books.disposal.keys(LATER),
            books.disposal.occasions(LATER),
            books.disposal.nudges(LATER.date()),
        ]

    assert full.write(work) == [1, 1, 1]
    assert full.read(lambda books: books.handled.seen("new"))
    assert full.read(lambda books: books.occasions.of_alarm("digest"))
    assert full.read(lambda books: books.occasions.of_alarm("inquiry:case"))


def test_a_case_is_kept_for_the_latest_reason_until_that_is_lifted(full: Ledger):
    for why in ("Forskning", "Begärd ut"):
        full.write(lambda books, why=why: books.disposal.keep(Keep("case", why, MARIA.id, JUNE)))
    assert full.read(lambda books: books.disposal.kept()) == (
        Keep("case", "Begärd ut", MARIA.id, JUNE),
    )
    assert full.write(lambda books: books.disposal.lift("case"))
    assert not full.write(lambda books: books.disposal.lift("case"))


def test_a_report_recorded_after_the_disposal_of_another_case_is_as_ever(full: Ledger):
    full.write(lambda books: books.disposal.case("case", books.reports.of_case("case")))
    added = full.write(lambda books: books.reports.add(report(MARIA.id, case="new"), LATER))
    assert full.read(lambda books: books.reports.of_case("new")) == (added,)
