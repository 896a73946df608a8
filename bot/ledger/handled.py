"""Which submissions have been taken, so that a repeated one changes nothing."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from bot.ledger.prepared import Prepared
from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import handled

_BY_KEY = Prepared(select(handled.c.key).where(handled.c.key == bindparam("key")))


class Handled:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, key: str) -> bool:
        return _BY_KEY.first(self._connection, key=key) is not None

    def first(self, key: str, at: datetime) -> bool:
        """True the first time `key` comes, and only if the transaction it comes in is saved."""
        return insert_or_ignore(self._connection, handled, {"key": key, "at": at})

    def forget(self, key: str) -> None:
        """It may come once more, as if it had never been."""
        self._connection.execute(delete(handled).where(handled.c.key == key))
