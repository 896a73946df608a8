"""What the processes of these tests do."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier, Event

from sqlalchemy import Engine, event

from bot.__main__ import main
from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger, LedgerBusyError
from tests.bot.ledger.cast import JUNE, MARIA


@dataclass
class Steps:
    """Counts what is said to the database; after step number `last` this process is no more."""

    last: int = 0
    taken: int = 0

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "after_cursor_execute", lambda *_: self.take())
        event.listen(engine, "commit", lambda *_: self.take())

    def take(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def migrating(url: str, steps: Steps, start: Barrier | None = None) -> None:
    """Bring a database to this release; the last step of all is that it is done."""
    engines = connect(url)
    steps.watch(engines.writing)
    if start is not None:
        start.wait(30)
    migrate(engines)
    steps.take()


def command(url: str, *arguments: str) -> None:
    """`brobot …` for this database."""
    os.environ["DATABASE_URL"] = url
    raise SystemExit(main(arguments))


def writing(url: str, who: str, begun: Barrier, stop: Event) -> None:
    """Report number after number, each in one transaction: a key, a report, a receipt."""
    ledger = Ledger(connect(url))
    number = 0
    while not stop.is_set():
        with suppress(LedgerBusyError):  # nothing was saved: it is tried again
            ledger.write(lambda books, number=number: report(books, who, number + 1))
            number += 1
            if number == 1:
                begun.wait(30)
    ledger.close()


def report(books: Books, who: str, number: int) -> None:
    books.people.meet(MARIA)
    books.handled.first(f"{who}:{number}", JUNE)
    told = NewReport(
        case=f"{who}:{number}",
        kind="workshop",
        day=JUNE.date(),
        members=("1881",),
        answers={"title": "Exportdag"},
        reporter=MARIA.id,
        home="1881",
        by=MARIA.id,
    )
    books.reports.add(told, JUNE)
    key = f"{who}:{number}"
    books.outbox.put(key=key, token=key, recipient=MARIA.id, notice={"words": key}, at=JUNE)
