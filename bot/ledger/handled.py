"""Which submissions have been taken, so that a repeated one changes nothing."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import handled


class Handled:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, key: str) -> bool:
        query = select(handled.c.key).where(handled.c.key == key)
        return self._connection.execute(query).first() is not None

    def first(self, key: str, at: datetime) -> bool:
        """True the first time `key` comes, and only if the transaction it comes in is saved."""
        return insert_or_ignore(self._connection, handled, {"key": key, "at": at})
