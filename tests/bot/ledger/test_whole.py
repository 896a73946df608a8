"""Requests that hold no thread: all that one of them reads and writes is one transaction."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event

from bot.ledger import writer
from bot.ledger.engine import Engines
from bot.ledger.patience import DEADLINE_SECONDS, left, somebody_waits
from bot.ledger.store import Ledger, LedgerBusyError
from tests.bot.ledger.test_writer import take, taken

Whole = Callable[[], object]


@pytest.fixture
def commits(engines: Engines) -> list[int]:
    """One entry for each commit of what was written."""
    seen: list[int] = []
    event.listen(engines.writing, "commit", lambda _connection: seen.append(1))
    return seen


def writes(ledger: Ledger, key: str) -> Whole:
    """Looks whether it is there, and puts it there: true if it was not."""

    def work() -> bool:
        before = ledger.read(lambda books: books.handled.seen(key))
        ledger.write(take(key))
        return not before and ledger.read(lambda books: books.handled.seen(key))

    return work


def carries_on(ledger: Ledger, key: str) -> Whole:
    """A part of it fails, and it says so in its own words."""

    def fail(_books: object) -> None:
        raise TimeoutError

    def work() -> str:
        ledger.write(take(key))
        with suppress(TimeoutError):
            ledger.write(fail)
        return "refused"

    return work


def fails(ledger: Ledger, key: str) -> Whole:
    def work() -> None:
        ledger.write(take(key))
        raise InterruptedError

    return work


def asked(ledger: Ledger, *works: Whole) -> list[Any]:
    """All of them at once, while somebody else writes: what comes of each."""
    return asyncio.run(_asked_while_busy(ledger, works))


async def _asked_while_busy(ledger: Ledger, works: tuple[Whole, ...]) -> list[Any]:
    begun, go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go.wait(5)

    holding = asyncio.create_task(ledger.whole(hold))
    await asyncio.to_thread(begun.wait, 5)
    asking = [asyncio.create_task(ledger.whole(work)) for work in works]
    await asyncio.sleep(0)  # all of them stand in line
    go.set()
    await holding
    return await asyncio.gather(*asking, return_exceptions=True)


def test_what_it_writes_it_reads(ledger: Ledger, commits: list[int]):
    assert asyncio.run(ledger.whole(writes(ledger, "a"))) is True
    assert len(commits) == 1
    assert taken(ledger, "a") == [True]


def test_those_who_wait_at_once_wait_for_the_disk_once(ledger: Ledger, commits: list[int]):
    assert asked(ledger, *(writes(ledger, str(n)) for n in range(8))) == [True] * 8
    assert len(commits) == 1


def test_who_waits_in_a_thread_is_written_with_them(ledger: Ledger, commits: list[int]):
    def writes_beside() -> None:
        beside.append(pool.submit(ledger.write, take("b")))
        while not ledger._writer._waiting:
            pass

    beside: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        asyncio.run(ledger.whole(writes_beside))
        assert beside[0].result() is True
    assert len(commits) == 1
    assert taken(ledger, "b") == [True]


def test_one_that_fails_is_undone_alone(ledger: Ledger):
    works = (writes(ledger, "a"), fails(ledger, "b"), writes(ledger, "c"))
    before, failing, after = asked(ledger, *works)
    assert before is after is True
    assert isinstance(failing, InterruptedError)
    assert taken(ledger, "a", "b", "c") == [True, False, True]


def test_one_that_carries_on_when_a_part_of_it_fails_is_undone_and_has_its_say(ledger: Ledger):
    works = (writes(ledger, "a"), carries_on(ledger, "b"), writes(ledger, "c"))
    assert asked(ledger, *works) == [True, "refused", True]
    assert taken(ledger, "a", "b", "c") == [True, False, True]


def test_alone_too(ledger: Ledger):
    assert asyncio.run(ledger.whole(carries_on(ledger, "a"))) == "refused"
    with pytest.raises(InterruptedError):
        asyncio.run(ledger.whole(fails(ledger, "b")))
    assert taken(ledger, "a", "b") == [False, False]


def test_what_was_given_up_is_never_written(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writer, "TO_BE_BEGUN", 0)
    begun, go = threading.Event(), threading.Event()

    def hold(_books: object) -> None:
        begun.set()
        go.wait(5)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(ledger._writer.hand_in, hold).result()
        begun.wait(5)
        with pytest.raises(LedgerBusyError):
            asyncio.run(ledger.whole(writes(ledger, "a")))
        go.set()
        holding.result()
    assert ledger.write(take("b"))
    assert taken(ledger, "a", "b") == [False, True]


def test_what_has_begun_is_waited_for_until_it_is_known_how_it_ends(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer, "TO_BE_BEGUN", 0.1)
    begun, go = threading.Event(), threading.Event()

    def slow() -> object:
        begun.set()
        go.wait(5)
        return ledger.write(take("a"))

    async def scenario() -> object:
        asking = asyncio.create_task(ledger.whole(slow))
        await asyncio.wait([asking], timeout=0.5)  # longer than it waits to be begun
        if begun.is_set():  # else it was given up before it was begun, and that is that
            assert not asking.done()
            go.set()
        return (await asyncio.gather(asking, return_exceptions=True))[0]

    said = asyncio.run(scenario())
    assert taken(ledger, "a") == [begun.is_set()]
    assert (said is True) is begun.is_set()


def test_its_time_is_counted_from_when_it_was_asked_for(ledger: Ledger):
    async def scenario() -> list[float]:
        with somebody_waits():
            return [await ledger.whole(left), left()]

    within, after = asyncio.run(scenario())
    assert after <= within <= DEADLINE_SECONDS
    assert asyncio.run(ledger.whole(left)) > DEADLINE_SECONDS  # nobody waits


def test_closing_writes_what_waits(engines_of: Callable[[str], Engines], url: str):
    closing = Ledger(engines_of(url))

    def close_meanwhile() -> None:
        while not closing._writer._waiting:
            pass
        closer.start()
        while not closing._writer._closed:
            pass

    async def scenario() -> list[object]:
        works: list[Coroutine[Any, Any, object]] = [
            closing.whole(close_meanwhile),
            closing.whole(writes(closing, "a")),
        ]
        return await asyncio.gather(*works)

    closer = threading.Thread(target=closing.close)
    assert asyncio.run(scenario()) == [None, True]
    closer.join()
    assert taken(Ledger(engines_of(url)), "a") == [True]


def test_after_that_nothing_is_written(engines_of: Callable[[str], Engines], url: str):
    closed = Ledger(engines_of(url))
    closed.close()
    with pytest.raises(LedgerBusyError):
        asyncio.run(closed.whole(writes(closed, "a")))
    assert taken(closed, "a") == [False]


def test_what_it_does_is_done_in_the_order_in_which_it_was_asked_for(ledger: Ledger):
    order: list[int] = []
    asked(ledger, *(lambda n=n: order.append(n) for n in range(8)))
    assert order == list(range(8))


def test_who_waits_no_longer_has_nothing_written(ledger: Ledger):
    begun, go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go.wait(5)

    async def scenario() -> None:
        holding = asyncio.create_task(ledger.whole(hold))
        await asyncio.to_thread(begun.wait, 5)
        asking = asyncio.create_task(ledger.whole(writes(ledger, "a")))
        await asyncio.sleep(0)  # it stands in line
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        go.set()
        await holding

    asyncio.run(scenario())
    assert ledger.write(take("b"))
    assert taken(ledger, "a", "b") == [False, True]


def test_when_there_is_no_thread_to_be_had_one_is_told_and_the_next_is_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    def no_thread(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    with pytest.raises(RuntimeError):
        asyncio.run(ledger.whole(writes(ledger, "a")))
    monkeypatch.undo()
    assert asyncio.run(ledger.whole(writes(ledger, "b"))) is True
    assert ledger.write(take("c"))
    assert taken(ledger, "a", "b", "c") == [False, True, True]


def busy(_books: object) -> None:
    raise LedgerBusyError


def test_what_was_undone_is_watched_as_such_also_where_it_has_its_say(ledger: Ledger):
    outcomes: list[str] = []

    @contextmanager
    def watch() -> Iterator[None]:
        try:
            yield
            outcomes.append("saved")
        except Exception as error:
            outcomes.append("busy" if isinstance(error, LedgerBusyError) else "undone")
            raise

    def says_busy() -> str:
        with suppress(LedgerBusyError):
            ledger.read(busy)
        return "refused"

    ledger.watch(watch)
    assert asyncio.run(ledger.whole(writes(ledger, "a"))) is True
    assert asyncio.run(ledger.whole(carries_on(ledger, "b"))) == "refused"
    assert asyncio.run(ledger.whole(says_busy)) == "refused"
    assert outcomes == ["saved", "undone", "busy"]


def test_what_was_refused_when_something_was_read_undoes_nothing(ledger: Ledger):
    def refuse(_books: object) -> None:
        raise PermissionError

    def work() -> None:
        ledger.write(take("a"))
        with suppress(PermissionError):
            ledger.read(refuse)

    asyncio.run(ledger.whole(work))
    assert taken(ledger, "a") == [True]
