"""All or nothing, within the deadline, on both databases."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.ledger.engine import DEADLINE_SECONDS, Engines, connect
from bot.ledger.store import Books, Ledger, LedgerBusyError
from tests.bot.ledger.cast import JUNE, MARIA


def take(books: Books, key: str = "k") -> bool:
    return books.handled.first(key, JUNE)


def meet_and_fail(books: Books) -> None:
    books.people.meet(MARIA)
    books.held.keep(MARIA.id, "workshop", {}, None, JUNE)
    books.outbox.put(key="k", token="t", recipient="r", notice={}, at=JUNE)
    raise InterruptedError


def test_a_rollback_leaves_nothing(ledger: Ledger):
    with pytest.raises(InterruptedError):
        ledger.write(meet_and_fail)
    assert ledger.read(lambda books: (books.people.all(), books.outbox.unsettled())) == ((), 0)


def test_what_is_not_committed_is_seen_by_nobody_else(ledger: Ledger, elsewhere: Ledger):
    def work(books: Books) -> tuple[bool, bool]:
        take(books)
        other = elsewhere.read(lambda other: other.handled.seen("k"))
        return books.handled.seen("k"), other

    assert ledger.write(work) == (True, False)
    assert elsewhere.read(lambda books: books.handled.seen("k"))


def test_nobody_reports_who_is_not_in_the_people_book(ledger: Ledger):
    with pytest.raises(IntegrityError):
        ledger.write(lambda books: books.held.keep("slack:U9", "workshop", {}, None, JUNE))


def test_who_waits_too_long_for_a_lock_is_told_so_and_saves_nothing(
    ledger: Ledger, elsewhere: Ledger
):
    def busy(books: Books) -> float:
        take(books)
        began = time.monotonic()
        with pytest.raises(LedgerBusyError):
            elsewhere.write(lambda other: (other.people.meet(MARIA), take(other)))
        return time.monotonic() - began

    assert ledger.write(busy) <= DEADLINE_SECONDS
    assert elsewhere.read(lambda books: books.people.all()) == ()
    elsewhere.write(lambda books: books.people.meet(MARIA))


def test_who_waits_too_long_for_a_connection_is_told_so(engines: Engines, ledger: Ledger):
    pool = engines.writing.pool.size()
    held, go = threading.Barrier(pool + 1), threading.Event()

    def hold() -> None:
        with engines.writing.connect():
            held.wait(5)
            go.wait(5)

    holding = [threading.Thread(target=hold) for _ in range(pool)]
    for each in holding:
        each.start()
    held.wait(5)
    began = time.monotonic()
    with pytest.raises(LedgerBusyError):
        ledger.write(take)
    waited = time.monotonic() - began
    go.set()
    for each in holding:
        each.join()
    assert waited <= DEADLINE_SECONDS
    assert not ledger.read(lambda books: books.handled.seen("k"))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_sqlite_loses_nothing_that_was_committed(engines: Engines, pragma: str, value: object):
    for engine in (engines.writing, engines.reading):
        with engine.begin() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_only_two_kinds_of_database_are_known():
    with pytest.raises(ValueError, match="mysql"):
        connect("mysql://localhost/brobot")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_spellings_of_postgresql_are_one(scheme: str):
    engines = connect(f"{scheme}://u:p@localhost/brobot")
    assert engines.writing is engines.reading
    assert engines.writing.url.drivername == "postgresql+psycopg"


def test_a_database_that_is_not_there_does_not_answer():
    nowhere = Ledger(connect("postgresql://u:p@127.0.0.1:9/brobot"))
    assert not nowhere.answers()
    nowhere.close()


def test_a_database_that_is_there_answers(ledger: Ledger):
    assert ledger.answers()


MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(moments=st.lists(MOMENTS, min_size=1, max_size=4, unique=True), text=TEXTS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_moments_keep_their_microseconds_and_order_and_texts_every_letter(
    ledger: Ledger, moments: list[datetime], text: str
):
    def work(books: Books) -> None:
        for moment in [*moments, moments[0] + timedelta(microseconds=1)]:
            books.pulse.beat("worker", moment)
            assert books.pulse.last("worker") == moment
        books.people.meet(MARIA)
        for moment in moments:
            books.held.keep(MARIA.id, "workshop", {"text": text}, None, moment)
        held = books.held.waiting(MARIA.id)
        assert [(each.held_at, each.answers) for each in held] == [
            (moment, {"text": text}) for moment in moments
        ]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        ledger.write(work)
