"""What the previous release says to the database, kept as data in `previous_release.json`.

While a release is rolled out, processes of the one before work for some minutes on the database
that has been migrated already. Their code is not at hand in a plain copy of this repository (the
history may be shallow or absent), so its statements are: one of every statement that any book of
the ledger makes, with what was answered to it, on both databases, recorded from that release's own
code by an event hook. `test_previous_release.py` says them again to the present schema.

Renew it at a release, before the first migration after it is written:

    python -m tests.torture.storage.previous_release

A book's method that `working` does not use is named, and nothing is written before it does.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.ledger.engine import connect
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.outbox import Delivery
from bot.ledger.recorded import Ended, Ending
from bot.ledger.reminders import ReminderState
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.ledger.tallies import Tallied
from tests import databases
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA, after
from tests.torture.storage.whole import revisions

FILE = Path(__file__).with_suffix(".json")
DAY = date(2026, 6, 12)


@dataclass(frozen=True)
class Said:
    """A statement with its parameters, and what was answered: the rows, or how many it changed."""

    statement: str
    parameters: Any
    answer: Any


def working(books: Books) -> None:
    """Every method of every book, at least once."""
    for part in (_people, _reports, _tallies, _outbox, _reminders, _occasions, _rest):
        part(books)


def _people(books: Books) -> None:
    books.one_at_a_time()
    books.people.meet(MARIA)
    books.people.meet(JOHAN)
    books.people.ask_for_home(JOHAN.id, "1881")
    books.people.save(books.people.stored(JOHAN.id))
    books.people.named([MARIA.id, JOHAN.id])
    books.people.all()


def _reports(books: Books) -> None:
    told = NewReport(
        "case", "workshop", DAY, ("1881",), {"title": "Exportdag"}, MARIA.id, "1881", MARIA.id
    )
    first = books.reports.add(told, JUNE)
    corrected = NewReport(**{**vars_of(told), "supersedes": first.id, "part": "a part"})
    second = books.reports.add(corrected, after(1))
    books.reports.known_at(after(1))
    books.reports.live_of(["workshop", "nothing"])
    books.reports.live_between("workshop", DAY, DAY)
    books.reports.end(second.id, Ending(Ended.WITHDRAWN, after(2), MARIA.id, "Fel"))
    books.reports.of_case("case")


def _tallies(books: Books) -> None:
    begun = Tallied("fingerprint", JUNE, "")
    done = replace(begun, counted_to=None)
    books.tallies.begin(begun)
    books.tallies.move(begun, done)
    books.tallies.tallied("fingerprint")
    for amount in (100, 200):
        books.tallies.add("fingerprint", [(("S4", "found", DAY, DAY), amount)])
    books.tallies.sums("fingerprint", "S4", (DAY, DAY), by=DAY, by_day="found")
    books.tallies.told_of("workshop")
    books.tallies.cases_after("", 10)
    books.tallies.touched(JUNE, after(1))
    books.tallies.happened(JUNE, after(1))
    books.tallies.discard_unused(JUNE)


def vars_of(told: NewReport) -> dict[str, Any]:
    return {name: getattr(told, name) for name in NewReport.__slots__}


def _outbox(books: Books) -> None:
    for key in ("first", "second", "third"):
        notice = {"words": key}
        books.outbox.put(key=key, token=key, recipient=MARIA.id, notice=notice, at=JUNE)
    for moment, state in ((after(5), Delivery.SENT), (after(7), Delivery.UNKNOWN)):
        books.outbox.due(moment)
        [head] = books.outbox.next_in_line(moment)
        books.outbox.claim(head, moment)
        if state is Delivery.SENT:
            books.outbox.settle(head, state, place={"ts": "1"})
        else:
            books.outbox.put_off(head, state, after(60), "timeout")
    books.outbox.keys_beginning("fir")
    books.outbox.unsettled()
    books.outbox.drop(after(7), ["digest"], "left unsaid")
    books.outbox.get("first")


def _reminders(books: Books) -> None:
    made = books.reminders.add({"subject": "workshop"}, MARIA.id, JUNE)
    books.reminders.change(made, {"subject": "kampanj"}, JOHAN.id, after(1))
    books.reminders.turn(made, ReminderState.PAUSED, MARIA.id, after(2))
    books.reminders.get(made)
    books.reminders.current()


def _occasions(books: Books) -> None:
    row = OccasionRow("digest", "2026-v24", "slack:C1", "", JUNE, OccasionState.DONE, ("2026-v23",))
    books.occasions.claim(row)
    books.occasions.postpone(row.alarm, row.period, row.recipient, after(60))
    [postponed] = books.occasions.postponed_until(JUNE + timedelta(hours=1))
    books.occasions.resume(postponed)
    books.occasions.get(row.alarm, row.period, row.recipient)
    books.occasions.of_alarm("digest")
    books.occasions.may_nudge(MARIA.id, "workshop", DAY)


def _rest(books: Books) -> None:
    books.handled.first("view:1", JUNE)
    books.handled.seen("view:1")
    books.held.keep(JOHAN.id, "workshop", {"title": "Frukost"}, None, JUNE)
    [waiting] = books.held.waiting(JOHAN.id)
    books.held.let_go(waiting.id)
    books.readings.note(MARIA.id, ["case"], JUNE)
    books.readings.of_case("case")
    books.pulse.beat("delivery", JUNE)
    books.pulse.beat("delivery", after(1))
    books.pulse.first("installed", JUNE)
    books.pulse.beginning("inst")
    books.pulse.clear("installed")


def read(dialect: str) -> list[Said]:
    return [Said(**each) for each in json.loads(FILE.read_text())[dialect]]


def recorded_at() -> str:
    """The revision of the schema that the previous release was made for."""
    revision: str = json.loads(FILE.read_text())["revision"]
    return revision


def say(connection: Connection, said: Said) -> Any:
    """Say it again. What is answered now."""
    parameters = said.parameters
    if isinstance(parameters, list):
        parameters = tuple(parameters)
    return _answer(connection.connection.cursor().execute(said.statement, parameters))


def record(url: str) -> list[Said]:
    """What `working` says to an empty, migrated database."""
    engines, heard = connect(url), []
    _listen(engines.writing, heard)
    Ledger(engines).write(working)
    engines.dispose()
    with_answers = connect(_emptied(url))
    with with_answers.writing.begin() as connection:
        kept = [Said(s, p, say(connection, Said(s, p, None))) for s, p in heard]
    with_answers.dispose()
    return kept


def _listen(engine: Engine, heard: list[tuple[str, Any]]) -> None:
    def hear(_connection, _cursor, statement, parameters, _context, _many) -> None:
        if not statement.startswith("BEGIN"):
            heard.append((statement, json.loads(json.dumps(parameters, default=_plain))))

    event.listen(engine, "before_cursor_execute", hear)


def _plain(value: object) -> object:
    """psycopg wraps what is JSON, and takes a day as text as well."""
    return str(value) if isinstance(value, date) else json.dumps(value.obj)  # type: ignore[attr-defined]


def _emptied(url: str) -> str:
    engines = connect(url)
    databases.empty(engines.writing)
    engines.dispose()
    return url


def _answer(cursor: Any) -> Any:
    if cursor.description is None:
        return cursor.rowcount
    return json.loads(json.dumps([list(row) for row in cursor.fetchall()], default=str))


def unused(url: str) -> set[str]:
    """The methods of books that `working` does not use."""
    engines, used = connect(url), set()
    with engines.writing.begin() as connection:
        books = Books(connection)
        wanted = {f"{name}.{each}" for name, book in _books(books) for each in _methods(book)}
        for name, book in _books(books):
            for each in _methods(book):
                setattr(book, each, _noting(used, f"{name}.{each}", getattr(book, each)))
        working(books)
        connection.rollback()
    engines.dispose()
    return wanted - used


def _books(books: Books) -> Iterator[tuple[str, Any]]:
    return ((name, book) for name, book in vars(books).items() if not name.startswith("_"))


def _methods(book: object) -> list[str]:
    found = inspect.getmembers(type(book), inspect.isfunction)
    return [name for name, _ in found if not name.startswith("_")]


def _noting(used: set[str], name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    def noting(*arguments: Any, **named: Any) -> Any:
        used.add(name)
        return method(*arguments, **named)

    return noting


def _renew() -> None:
    with TemporaryDirectory() as folder, databases.postgresql(Path(folder)) as server:
        urls = {
            "sqlite": databases.sqlite(Path(folder)),
            "postgresql": databases.migrated(server("recorded")),
        }
        left_out = unused(urls["sqlite"])
        if left_out:
            raise SystemExit(f"`working` does not use {', '.join(sorted(left_out))}")
        kept: dict[str, Any] = {"revision": revisions()[-1]}
        for name, url in urls.items():
            kept[name] = [vars(each) for each in record(url)]
    FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    _renew()
