"""What the database that a backup is about to replace knows and the backup does not: who has been
erased since, and how long the audit trail had become."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.ledger.audit import Entry
from bot.ledger.engine import Engines, connect
from bot.ledger.erasures import Tombstone
from bot.ledger.store import Books, Ledger, LedgerBusyError
from bot.ledger.tables import erasures


@dataclass(frozen=True, slots=True)
class Carried:
    """`readable` is false where there was a database that could not be asked."""

    tombstones: tuple[Tombstone, ...] = ()
    head: Entry | None = None
    readable: bool = True


def carried_from(database_url: str) -> Carried:
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite"
    if is_file and not (url.database and Path(url.database).exists()):
        return Carried()  # connecting would make one
    engines = connect(database_url)
    try:
        return _asked(engines)
    except (SQLAlchemyError, LedgerBusyError):
        return Carried(readable=False)
    finally:
        engines.dispose()


def _asked(engines: Engines) -> Carried:
    with engines.reading.connect() as connection:
        if not inspect(connection).has_table(erasures.name):
            return Carried()  # of a release from before there was any

    def work(books: Books) -> Carried:
        return Carried(books.erasures.tombstones(), books.audit.head())

    return Ledger(engines).read(work)
