"""The reminders that admins have made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, insert, select, update

from bot.ledger.tables import reminders


class ReminderState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StoredReminder:
    id: int
    answers: Mapping[str, object]
    state: ReminderState
    made_by: str
    made_at: datetime
    active_since: datetime
    """Occasions before this are not owed: it was made, changed or resumed then."""


class Reminders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, answers: Mapping[str, object], by: str, at: datetime) -> int:
        values = {"answers": dict(answers), "state": ReminderState.ACTIVE.value}
        statement = insert(reminders).values(**values, made_by=by, made_at=at)
        key = self._connection.execute(statement).inserted_primary_key
        assert key is not None
        return int(key[0])

    def change(
        self, reminder_id: int, answers: Mapping[str, object], by: str, at: datetime
    ) -> bool:
        return self._update(reminder_id, by, at, answers=dict(answers))

    def turn(self, reminder_id: int, state: ReminderState, by: str, at: datetime) -> bool:
        return self._update(reminder_id, by, at, state=state.value)

    def get(self, reminder_id: int) -> StoredReminder | None:
        query = select(reminders).where(reminders.c.id == reminder_id)
        row = self._connection.execute(query).one_or_none()
        return stored_from(row) if row else None

    def current(self) -> tuple[StoredReminder, ...]:
        """Active and paused ones."""
        query = select(reminders).where(reminders.c.state != ReminderState.ENDED.value)
        rows = self._connection.execute(query.order_by(reminders.c.id))
        return tuple(stored_from(row) for row in rows)

    def take(self, ids: Iterable[int]) -> tuple[StoredReminder, ...]:
        """As they are now and stay until the transaction ends, but for those that another one has
        taken. SQLite has one writer anyway."""
        query = select(reminders).where(reminders.c.id.in_(ids)).order_by(reminders.c.id)
        rows = self._connection.execute(query.with_for_update(skip_locked=True))
        return tuple(stored_from(row) for row in rows)

    def _update(self, reminder_id: int, by: str, at: datetime, **values: object) -> bool:
        """False if there is no such reminder or it has ended."""
        still = reminders.c.state != ReminderState.ENDED.value
        statement = update(reminders).where(reminders.c.id == reminder_id, still)
        stamped = statement.values(changed_by=by, changed_at=at, **values)
        return self._connection.execute(stamped).rowcount == 1


def stored_from(row: Row[tuple[object, ...]]) -> StoredReminder:
    return StoredReminder(
        id=row.id,
        answers=row.answers,
        state=ReminderState(row.state),
        made_by=row.made_by,
        made_at=row.made_at,
        active_since=row.changed_at or row.made_at,
    )
