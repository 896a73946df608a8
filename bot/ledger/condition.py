"""How the machinery is doing, read from what it leaves in the database: numbers and times only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from bot.ledger.occasions import OccasionState
from bot.ledger.outbox import Delivery
from bot.ledger.tables import occasions, outbox, pulse

WAITING = (Delivery.PENDING, Delivery.SENDING, Delivery.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Condition:
    """`messages` counts the outbox by state. `waiting_since` is when the oldest message that waits
    was put there, `failed_at` when the newest one was that never arrived. `claimed` counts the
    occasions by the first word of their alarm (the rest may name a case), and `last_due` says when
    the newest of each was due; `overdue` counts those put off whose time has come. `beats` says
    when each alarm and other pulse was last noted."""

    messages: Mapping[Delivery, int]
    waiting_since: datetime | None
    failed_at: datetime | None
    claimed: Mapping[str, int]
    last_due: Mapping[str, datetime]
    overdue: int
    beats: Mapping[str, datetime]

    @property
    def waiting(self) -> int:
        return sum(self.messages.get(state, 0) for state in WAITING)


def condition(connection: Connection, now: datetime) -> Condition:
    claimed, last_due = _claimed(connection)
    return Condition(
        messages={Delivery(state): n for state, n in _counted(connection, outbox.c.state)},
        waiting_since=_put(connection, func.min(outbox.c.created_at), WAITING),
        failed_at=_put(connection, func.max(outbox.c.created_at), (Delivery.FAILED,)),
        claimed=claimed,
        last_due=last_due,
        overdue=_overdue(connection, now),
        beats=_beats(connection),
    )


def _counted(connection: Connection, column: ColumnElement[str]) -> list[tuple[str, int]]:
    query = select(column, func.count()).group_by(column)
    return [(name, count) for name, count in connection.execute(query)]


def _claimed(connection: Connection) -> tuple[Mapping[str, int], Mapping[str, datetime]]:
    counts: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    due = func.max(occasions.c.due_at)
    query = select(occasions.c.alarm, func.count(), due).group_by(occasions.c.alarm)
    for alarm, count, last in connection.execute(query):
        word = alarm.partition(":")[0]
        counts[word] += count
        newest[word] = max(last, newest.get(word, last))
    return counts, newest


def _beats(connection: Connection) -> dict[str, datetime]:
    return {row.name: row.at for row in connection.execute(select(pulse))}


def _put(
    connection: Connection, when: ColumnElement[datetime], states: tuple[Delivery, ...]
) -> datetime | None:
    among = outbox.c.state.in_([state.value for state in states])
    return connection.execute(select(when).where(among)).scalar_one()


def _overdue(connection: Connection, now: datetime) -> int:
    late = occasions.c.state == OccasionState.POSTPONED.value, occasions.c.due_at <= now
    return int(connection.execute(select(func.count()).where(*late)).scalar_one())
