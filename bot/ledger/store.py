"""The ledger: all that Brobot remembers, read and written in whole transactions."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.ledger.about import About
from bot.ledger.audit import Aliases, Audit
from bot.ledger.condition import Condition, condition
from bot.ledger.disposal import Disposal
from bot.ledger.engine import Engines, is_silence, is_wait
from bot.ledger.erasures import Erasures
from bot.ledger.handled import Handled
from bot.ledger.held import Held
from bot.ledger.occasions import Occasions
from bot.ledger.outbox import Outbox
from bot.ledger.patience import UnsureError
from bot.ledger.people import People
from bot.ledger.prepared import execute
from bot.ledger.readings import Readings
from bot.ledger.reminders import Reminders
from bot.ledger.reports import Reports
from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import pulse
from bot.ledger.tallies import Tallies
from bot.ledger.writer import NotBegunError, Writer, to_be_begun

T = TypeVar("T")
Watch = Callable[[], AbstractContextManager[None]]
"""What is entered before a transaction and left after it, with its error if it has one."""

_ONE_AT_A_TIME = 4_726_020_027  # any number, as long as all processes use the same


class LedgerBusyError(Exception):
    """The database did not answer in time. Nothing was saved; it can be tried again."""


class LedgerUnsureError(LedgerBusyError):
    """The database did not answer to the commit: what was written may be saved or not."""


class Books:
    """Every book of the ledger, within one transaction; `locked` if it is one at a time already."""

    def __init__(self, connection: Connection, *, locked: bool = False) -> None:
        self._connection = connection
        self._locked = locked
        self.people = People(connection)
        self.reports = Reports(connection)
        self.held = Held(connection)
        self.handled = Handled(connection)
        self.outbox = Outbox(connection)
        self.reminders = Reminders(connection)
        self.occasions = Occasions(connection)
        self.readings = Readings(connection)
        self.pulse = Pulse(connection)
        self.about = About(connection)
        self.disposal = Disposal(connection)
        self.erasures = Erasures(connection)
        self.tallies = Tallies(connection)
        self.audit = Audit(connection)
        self.aliases = Aliases(connection)

    def condition(self, now: datetime) -> Condition:
        """How the machinery is doing."""
        return condition(self._connection, now)

    def one_at_a_time(self) -> None:
        """From here to its end no other such work runs: for decisions that rest on what was read
        first. SQLite has one writer anyway."""
        if not self._locked:
            _one_at_a_time(self._connection)
            self._locked = True


def _one_at_a_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        execute(connection, f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


class Pulse:
    """When each worker last got something done. Progress, not promises."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str, at: datetime) -> None:
        if not insert_or_ignore(self._connection, pulse, {"name": name, "at": at}):
            statement = pulse.update().where(pulse.c.name == name).values(at=at)
            self._connection.execute(statement)

    def first(self, name: str, at: datetime) -> datetime:
        """The moment that was noted the first time this name was asked for."""
        insert_or_ignore(self._connection, pulse, {"name": name, "at": at})
        return self.last(name) or at

    def clear(self, name: str) -> None:
        self._connection.execute(pulse.delete().where(pulse.c.name == name))

    def beginning(self, prefix: str) -> dict[str, datetime]:
        """The last beat of all whose name begins so."""
        query = select(pulse.c.name, pulse.c.at).where(pulse.c.name.startswith(prefix))
        return {row.name: row.at for row in self._connection.execute(query)}

    def last(self, name: str) -> datetime | None:
        query = select(pulse.c.at).where(pulse.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()


HELD = "held"
"""The pulse that says since when nothing is said unasked: a backup has been restored."""

TROUBLE = "trouble"
"""The pulse that says when a worker last put an error in its log."""


class Ledger:
    """The only way to the database.

    Work is handed in as a function of the books and runs in one transaction: all of it is
    saved when `write` returns, none of it when it raises. Works of several are written together,
    and one of them may be run a second time: it must do nothing else that lasts.
    """

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._writer = Writer(engines.writing, _one_at_a_time)
        self._watch: Watch = nullcontext
        self._whole: ContextVar[_Whole | None] = ContextVar("whole", default=None)

    def watch(self, watch: Watch) -> None:
        """Have every writing transaction looked at from here on."""
        self._watch = watch

    def write(self, work: Callable[[Books], T]) -> T:
        """Raises LedgerBusyError when the database does not answer within the deadline: nothing is
        saved then. LedgerUnsureError, which is one, when nobody can tell."""
        if whole := self._whole.get():
            return whole.write(work)
        with self._watch(), _in_time():
            return self._writer.write(lambda connection: _done(work, connection))

    def read(self, work: Callable[[Books], T]) -> T:
        """Raises LedgerBusyError as `write` does."""
        if whole := self._whole.get():
            return whole.read(work)
        with _in_time(), self._engines.reading.begin() as connection:
            return _done(work, connection)

    async def whole(self, work: Callable[[], T]) -> T:
        """All that `work` reads and writes here, as one transaction, of which one runs at a time;
        raises as `write` does. If what it writes fails, or the database does, all of it is undone,
        even where the work carries on and returns something.

        No thread waits for it: the writer's own runs it, or whoever else writes just then. To wake
        a thread for each of sixteen works took as long as the works.
        """
        try:
            with self._watch(), _in_time():
                return await self._handed_in(work)
        except _UndoneError as undone:
            result: T = undone.result
            return result

    async def _handed_in(self, work: Callable[[], T]) -> T:
        asked = self._writer.hand_in(partial(self._run_whole, work))
        answer = asyncio.wrap_future(asked)
        try:
            await asyncio.wait([answer], timeout=to_be_begun())
        finally:  # also where nobody waits any longer
            given_up = asked.cancel()
        if given_up:
            raise NotBegunError
        return await answer

    def _run_whole(self, work: Callable[[], T], connection: Connection) -> T:
        whole = _Whole(connection)
        token = self._whole.set(whole)
        try:
            result = work()
        except StopIteration as error:
            raise RuntimeError from error  # the event loop takes it for its own
        finally:
            self._whole.reset(token)
        if whole.failure is None:
            return result
        busy = isinstance(whole.failure, LedgerBusyError)
        raise _UndoneAsBusyError(result) if busy else _UndoneError(result)

    def answers(self) -> bool:
        """Whether the database can be reached at all."""
        try:
            with self._engines.reading.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (DBAPIError, PoolTimeoutError):
            return False
        return True

    def close(self) -> None:
        """What has been handed in is written first."""
        self._writer.close()
        self._engines.dispose()


@dataclass(slots=True)
class _Whole:
    """A transaction that is still going on, for those who read and write within it."""

    connection: Connection
    failure: BaseException | None = None
    """Why it cannot be saved."""

    def read(self, work: Callable[[Books], T]) -> T:
        try:
            return self._part(work)
        except (LedgerBusyError, DBAPIError) as error:
            self.failure = error
            raise

    def write(self, work: Callable[[Books], T]) -> T:
        try:
            return self._part(work)
        except BaseException as error:
            self.failure = error
            raise

    def _part(self, work: Callable[[Books], T]) -> T:
        with _in_time():
            return _done(work, self.connection, locked=True)


class _UndoneError(Exception):
    """What has been done is to be undone, and this is what came of it all the same."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class _UndoneAsBusyError(_UndoneError, LedgerBusyError):
    """The database did not answer, and the work has said so in its own words. Also the other kind,
    so that whoever watches counts it among those."""


def _done(work: Callable[[Books], T], connection: Connection, *, locked: bool = False) -> T:
    books = Books(connection, locked=locked)
    done = work(books)
    books.audit.write_down()
    return done


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except (PoolTimeoutError, NotBegunError) as error:
        raise LedgerBusyError from error
    except DBAPIError as error:
        if isinstance(error.orig, UnsureError):
            raise LedgerUnsureError from error
        if is_wait(error) or is_silence(error):
            raise LedgerBusyError from error
        raise
