"""What was answered to a submission, so that a repeated one gets the same answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import replies


class Replies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, key: str, at: datetime) -> bool:
        """Claim `key`. False if it has been claimed before: then `given` has the answer."""
        return insert_or_ignore(self._connection, replies, {"key": key, "at": at})

    def finish(self, key: str, reply: Mapping[str, object]) -> None:
        statement = update(replies).where(replies.c.key == key)
        self._connection.execute(statement.values(reply=dict(reply)))

    def given(self, key: str) -> Mapping[str, object] | None:
        query = select(replies.c.reply).where(replies.c.key == key)
        reply: Mapping[str, object] | None = self._connection.execute(query).scalar_one_or_none()
        return reply
