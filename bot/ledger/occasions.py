"""What is due, as rows: each occasion of an alarm is claimed once per recipient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, update

from bot.ledger.sql import insert_new, insert_or_ignore
from bot.ledger.tables import nudged, occasions

EVERYBODY = "*"
"""The recipient of an occasion, or of a case, as a whole."""

# Made once: to put a statement together costs SQLAlchemy more than to execute it.
_BY_KEY = select(occasions).where(
    occasions.c.alarm == bindparam("alarm"),
    occasions.c.period == bindparam("period"),
    occasions.c.recipient == bindparam("recipient"),
)


class OccasionState(StrEnum):
    DONE = "done"
    """Its message has been put in the outbox."""
    POSTPONED = "postponed"
    """The recipient asked to hear of it later."""
    DROPPED = "dropped"
    """It could not come in its time and had lost its point when it could."""


@dataclass(frozen=True, slots=True)
class OccasionRow:
    alarm: str
    period: str
    recipient: str
    subject: str
    due_at: datetime
    state: OccasionState
    skipped: tuple[str, ...] = ()
    """The periods before this one that were missed while nothing ran."""


class Occasions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, row: OccasionRow) -> bool:
        """True for the one who claims it; everyone after that gets False."""
        return insert_or_ignore(self._connection, occasions, _values(row))

    def claim_for(self, row: OccasionRow, recipients: Iterable[str]) -> frozenset[str]:
        """As `claim`, for each of these recipients: those it has been claimed for."""
        same = {name: value for name, value in _values(row).items() if name != "recipient"}
        return insert_new(self._connection, occasions, {"recipient": [*recipients]}, same)

    def get(self, alarm: str, period: str, recipient: str) -> OccasionRow | None:
        key = {"alarm": alarm, "period": period, "recipient": recipient}
        row = self._connection.execute(_BY_KEY, key).one_or_none()
        return _occasion(row) if row else None

    def of_alarm(self, alarm: str) -> tuple[OccasionRow, ...]:
        query = select(occasions).where(occasions.c.alarm == alarm)
        rows = self._connection.execute(query.order_by(occasions.c.due_at))
        return tuple(_occasion(row) for row in rows)

    def postpone(self, alarm: str, period: str, recipient: str, until: datetime) -> bool:
        """Move one occasion for one recipient; the series goes on. False if there is none."""
        values = {"state": OccasionState.POSTPONED.value, "due_at": until}
        statement = update(occasions).where(*_key(alarm, period, recipient)).values(**values)
        return self._connection.execute(statement).rowcount == 1

    def postponed_until(self, now: datetime) -> tuple[OccasionRow, ...]:
        query = select(occasions).where(
            occasions.c.state == OccasionState.POSTPONED.value, occasions.c.due_at <= now
        )
        rows = self._connection.execute(query.order_by(occasions.c.id))
        return tuple(_occasion(row) for row in rows)

    def resume(self, row: OccasionRow) -> bool:
        """Take a postponed occasion up again. True for the one who takes it."""
        statement = update(occasions).where(
            *_key(row.alarm, row.period, row.recipient),
            occasions.c.state == OccasionState.POSTPONED.value,
            occasions.c.due_at == row.due_at,
        )
        return (
            self._connection.execute(statement.values(state=OccasionState.DONE.value)).rowcount == 1
        )

    def may_nudge(self, recipient: str, subject: str, day: date) -> bool:
        """Claim the day's one message to somebody on a subject. False if it has been sent."""
        return bool(self.may_be_nudged([recipient], subject, day))

    def may_be_nudged(self, recipients: Iterable[str], subject: str, day: date) -> frozenset[str]:
        """As `may_nudge`, for each of these: those it has not been sent to."""
        same = {"subject": subject, "day": day}
        return insert_new(self._connection, nudged, {"recipient": [*recipients]}, same)


def _values(row: OccasionRow) -> dict[str, object]:
    return {
        "alarm": row.alarm,
        "period": row.period,
        "recipient": row.recipient,
        "subject": row.subject,
        "due_at": row.due_at,
        "state": row.state.value,
        "skipped": list(row.skipped),
    }


def _key(alarm: str, period: str, recipient: str) -> Sequence[ColumnElement[bool]]:
    return (
        occasions.c.alarm == alarm,
        occasions.c.period == period,
        occasions.c.recipient == recipient,
    )


def _occasion(row: Row[tuple[object, ...]]) -> OccasionRow:
    return OccasionRow(
        alarm=row.alarm,
        period=row.period,
        recipient=row.recipient,
        subject=row.subject,
        due_at=row.due_at,
        state=OccasionState(row.state),
        skipped=tuple(row.skipped),
    )
