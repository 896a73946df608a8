"""Many write at once: in one transaction, and yet each for itself."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context, copy_context
from time import monotonic

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.ledger import group, writer
from bot.ledger.engine import Engines
from bot.ledger.patience import _until, left
from bot.ledger.store import Books, Ledger, LedgerBusyError
from tests.bot.ledger.cast import JUNE
from tests.fakes import Killed

on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture
def commits(engines: Engines) -> list[int]:
    """One entry for each commit."""
    seen: list[int] = []
    event.listen(engines.writing, "commit", lambda _connection: seen.append(1))
    return seen


Work = Callable[[Books], object]
Ask = Callable[..., Future[object]]
"""Of a work, and perhaps the context in which it is asked for."""


@contextmanager
def together(ledger: Ledger) -> Iterator[Ask]:
    """What is asked for in here goes into one transaction, which goes on at the end of `with`."""
    begun, go = threading.Event(), threading.Event()

    def first(_books: Books) -> None:
        begun.set()
        go.wait(5)

    def ask(work: Work, within: Context | None = None) -> Future[object]:
        before = waiting(ledger)
        future = pool.submit((within or copy_context()).copy().run, ledger.write, work)
        while waiting(ledger) == before:
            pass
        return future

    with ThreadPoolExecutor(10) as pool:
        pool.submit(ledger.write, first)
        begun.wait(5)
        try:
            yield ask
        finally:
            go.set()


def waiting(ledger: Ledger) -> int:
    return len(ledger._writer._waiting)


def take(key: str) -> Work:
    return lambda books: books.handled.first(key, JUNE)


def take_and(key: str, error: BaseException) -> Work:
    def work(books: Books) -> None:
        books.handled.first(key, JUNE)
        raise error

    return work


def taken(ledger: Ledger, *keys: str) -> list[bool]:
    return ledger.read(lambda books: [books.handled.seen(key) for key in keys])


def test_those_who_wait_at_once_wait_for_the_disk_once(ledger: Ledger, commits: list[int]):
    with together(ledger) as ask:
        asked = [ask(take(str(number))) for number in range(8)]
    assert [each.result() for each in asked] == [True] * 8
    assert len(commits) == 1


def test_more_than_go_into_one_transaction_are_written_by_the_next_of_them(
    ledger: Ledger, commits: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer, "MOST", 3)
    with together(ledger) as ask:
        asked = [ask(take(str(number))) for number in range(8)]
    assert [each.result() for each in asked] == [True] * 8
    assert len(commits) == 3  # with the one that they waited for


def test_they_are_written_in_the_order_in_which_they_came(ledger: Ledger):
    order: list[int] = []
    with together(ledger) as ask:
        for number in range(8):
            ask(lambda _books, number=number: order.append(number))
    assert order == list(range(8))


@pytest.mark.parametrize(
    "error", [InterruptedError(), TimeoutError(), RuntimeError(), Killed()], ids=repr
)
def test_one_that_fails_is_undone_alone(ledger: Ledger, error: BaseException):
    with together(ledger) as ask:
        before, failing, after = ask(take("a")), ask(take_and("b", error)), ask(take("c"))
    assert before.result() is after.result() is True
    with pytest.raises(type(error)):
        failing.result()
    assert taken(ledger, "a", "b", "c") == [True, False, True]


def test_one_that_the_database_refuses_is_undone_alone(ledger: Ledger):
    with together(ledger) as ask:
        refused = ask(lambda books: books.held.keep("slack:U9", "workshop", {}, None, JUNE))
        after = ask(take("a"))
    assert after.result()
    with pytest.raises(IntegrityError):
        refused.result()


def test_what_was_given_up_is_never_written(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    with together(ledger) as ask:
        monkeypatch.setattr(writer, "TO_BE_BEGUN", 0)
        given_up = ask(take("a"))
        with pytest.raises(LedgerBusyError):
            given_up.result()
        monkeypatch.undo()
        after = ask(take("b"))
    assert after.result()
    assert taken(ledger, "a", "b") == [False, True]


def test_what_has_begun_is_waited_for_until_it_is_known_how_it_ends(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer, "TO_BE_BEGUN", 0.0005)
    begun, go = threading.Event(), threading.Event()

    def slow(books: Books) -> bool:
        begun.set()
        return go.wait(5) and books.handled.first("a", JUNE)

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ledger.write, slow)
        if begun.wait(1):  # else it was given up before it was begun, and that is that
            assert not answer.done()
            go.set()
            assert answer.result() is True
        assert taken(ledger, "a") == [begun.is_set()]


def test_when_the_transaction_cannot_be_saved_all_are_told(ledger: Ledger, engines: Engines):
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    with together(ledger) as ask:
        asked = [ask(take("a")), ask(take("b"))]
        event.listen(engines.writing, "commit", fail)
    for each in asked:
        with pytest.raises(OperationalError, match="disk I/O"):
            each.result()
    event.remove(engines.writing, "commit", fail)
    assert taken(ledger, "a", "b") == [False, False]
    assert ledger.write(take("a"))


def test_what_was_undone_with_one_that_failed_is_done_once_more(ledger: Ledger):
    runs: list[str] = []

    def counted(key: str, error: Exception | None = None) -> Work:
        def work(books: Books) -> None:
            runs.append(key)
            (take_and(key, error) if error else take(key))(books)

        return work

    with together(ledger) as ask:
        asked = [ask(counted("a")), ask(counted("b", TimeoutError())), ask(counted("c"))]
    assert [type(each.exception()) for each in asked] == [type(None), TimeoutError, type(None)]
    assert runs == ["a", "b", "a", "c"]
    assert taken(ledger, "a", "b", "c") == [True, False, True]


def undo_all(books: Books) -> None:
    """As SQLite may when the disk is full: https://www.sqlite.org/lang_transaction.html"""
    books._connection.exec_driver_sql("ROLLBACK")
    raise InterruptedError


@on_sqlite
def test_when_sqlite_undoes_all_of_it_the_others_are_done_once_more(ledger: Ledger):
    with together(ledger) as ask:
        before, undoing, after = ask(take("a")), ask(undo_all), ask(take("b"))
    assert before.result() is after.result() is True
    with pytest.raises(InterruptedError):
        undoing.result()
    assert taken(ledger, "a", "b") == [True, True]


@on_sqlite
def test_when_sqlite_undoes_all_of_it_once_more_all_are_told(ledger: Ledger):
    runs = iter([take("b"), undo_all])

    def undone_the_second_time(books: Books) -> None:
        next(runs)(books)

    with together(ledger) as ask:
        asked = [ask(take("a")), ask(undone_the_second_time)]
        ask(take_and("c", TimeoutError()))
    for each in asked:
        with pytest.raises(OperationalError):
            each.result()
    assert ledger.write(take("d"))
    assert taken(ledger, "a", "b", "c", "d") == [False, False, False, True]


@pytest.mark.parametrize("words", ["disk I/O error", "database is locked"])
@pytest.mark.parametrize("where", ["begin", "commit"])
def test_who_was_undone_with_one_that_failed_is_answered_whatever_comes_of_the_second_run(
    ledger: Ledger, engines: Engines, where: str, words: str, monkeypatch: pytest.MonkeyPatch
):
    def fail(_connection: object) -> None:
        raise OperationalError(where, {}, Exception(words))

    monkeypatch.setattr(group, "_ENOUGH", 10)
    with together(ledger) as ask:
        asked = [ask(take("a")), ask(take_and("b", TimeoutError())), ask(take("c"))]
        event.listen(engines.writing, where, fail)
    errors = [each.exception(5) for each in asked]
    event.remove(engines.writing, where, fail)
    assert isinstance(errors[1], TimeoutError)
    assert all(isinstance(each, OperationalError | LedgerBusyError) for each in errors[::2])
    assert ledger.write(take("d"))
    assert taken(ledger, "a", "b", "c", "d") == [False, False, False, True]


@on_postgresql
def test_if_the_connection_is_lost_when_they_are_done_once_more_all_are_told_so(
    ledger: Ledger, engines: Engines
):
    runs: list[int] = []

    def lost_the_second_time(books: Books) -> None:
        runs.append(1)
        if len(runs) > 1:
            cut_off(engines, books)
        books.outbox.get("a")

    with together(ledger) as ask:
        asked = [ask(take("a")), ask(lost_the_second_time), ask(take("c"))]
        ask(take_and("d", TimeoutError()))
    for each in asked:
        with pytest.raises(LedgerBusyError):
            each.result()
    assert taken(ledger, "a", "c", "d") == [False, False, False]


def cut_off(engines: Engines, books: Books) -> None:
    """As a database does that is shut down."""
    with engines.reading.begin() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({backend_of(books)}, 5000)")


def backend_of(books: Books) -> int:
    found: int = books._connection.connection.driver_connection.info.backend_pid
    return found


@on_postgresql
def test_who_is_cut_off_for_standing_still_is_told_that_nothing_was_saved(
    ledger: Ledger, engines: Engines
):
    def stands_still(books: Books) -> None:
        books.handled.first("a", JUNE)
        books._connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 1")
        with engines.reading.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            there = f"SELECT 1 FROM pg_stat_activity WHERE pid = {backend_of(books)}"
            while other.exec_driver_sql(there).first():
                pass

    with pytest.raises(LedgerBusyError):
        ledger.write(stands_still)
    assert taken(ledger, "a") == [False]


def test_another_process_that_comes_in_between_is_waited_for(ledger: Ledger, engines: Engines):
    locked = iter([True, True, False])

    def begin(_connection: object) -> None:
        if next(locked):
            raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with together(ledger) as ask:
        asked = [ask(take("a")), ask(take_and("b", TimeoutError()))]
        event.listen(engines.writing, "begin", begin)
    assert asked[0].result(5)
    event.remove(engines.writing, "begin", begin)
    assert taken(ledger, "a", "b") == [True, False]


def test_the_commit_is_waited_for_as_long_as_anybody_of_them_has(
    ledger: Ledger, engines: Engines, monkeypatch: pytest.MonkeyPatch
):
    left_then: list[float] = []
    event.listen(engines.writing, "commit", lambda _connection: left_then.append(left()))
    hurried, patient = copy_context(), copy_context()
    hurried.run(_until.set, monotonic() + 0.3)
    patient.run(_until.set, monotonic() + 1.9)
    monkeypatch.setattr(writer, "MOST", 1)
    with together(ledger) as ask:  # the one that they wait for is committed alone
        monkeypatch.undo()
        ask(take("a"), hurried)
        ask(take("b"), patient)
        ask(take("c"), hurried)
    assert 1 < left_then[1] < 1.9


@on_sqlite
def test_on_a_full_disk_nothing_is_said_to_be_saved_that_is_not(ledger: Ledger, engines: Engines):
    with engines.writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1").scalar()
    with together(ledger) as ask:
        asked = {str(n): ask(take(f"{n}" + "x" * 5000)) for n in range(4)}
    saved = [key for key, each in asked.items() if each.exception() is None]
    assert len(saved) < len(asked)
    found = taken(ledger, *(key + "x" * 5000 for key in asked))
    assert [key for key, is_there in zip(asked, found, strict=True) if is_there] == saved


@on_sqlite
def test_another_process_that_writes_is_waited_for(ledger: Ledger, elsewhere: Ledger):
    begun = threading.Event()

    def hold(books: Books) -> None:
        begun.set()
        while not waiting(ledger):
            pass

    with ThreadPoolExecutor(2) as pool:
        pool.submit(elsewhere.write, hold)
        begun.wait(5)
        assert pool.submit(ledger.write, take("a")).result()


def test_closing_writes_what_waits(engines_of: Callable[[str], Engines], url: str):
    closing = Ledger(engines_of(url))
    with together(closing) as ask:
        asked = [ask(take("a")), ask(take("b"))]
        closer = threading.Thread(target=closing.close)
        closer.start()
    closer.join()
    assert [each.result() for each in asked] == [True, True]
    assert taken(Ledger(engines_of(url)), "a", "b") == [True, True]


def test_after_that_nothing_is_written(engines_of: Callable[[str], Engines], url: str):
    closed = Ledger(engines_of(url))
    closed.close()
    with pytest.raises(LedgerBusyError):
        closed.write(take("a"))
    assert taken(closed, "a") == [False]
