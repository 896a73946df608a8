"""All that is kept about one person, wherever in the ledger it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from bot.ledger.held import HeldReport
from bot.ledger.readings import Reading
from bot.ledger.recorded import Recorded
from bot.ledger.reminders import StoredReminder, stored_from
from bot.ledger.reports import recorded_from
from bot.ledger.sql import holds
from bot.ledger.tables import held, keeps, nudged, occasions, outbox, readings, reminders, reports


@dataclass(frozen=True, slots=True)
class Message:
    """Something said to somebody, or about to be: what kind of notice, when, what became of it."""

    notice: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Kept:
    """`reports` are those they made, `ended` others' that they changed or withdrew, `named` others'
    that name them. `notes` is how many notes there are of when they may be reminded again."""

    reports: tuple[Recorded, ...]
    ended: tuple[Recorded, ...]
    named: tuple[Recorded, ...]
    held: tuple[HeldReport, ...]
    reminders: tuple[StoredReminder, ...]
    messages: tuple[Message, ...]
    readings: tuple[Reading, ...]
    keeps: tuple[str, ...]
    """The cases that they have had kept from disposal."""
    notes: int


class About:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, id_: str) -> Kept:
        own = reports.c.reporter == id_
        return Kept(
            reports=self._reports(own),
            ended=self._reports(~own, reports.c.ended_by == id_),
            named=self._reports(~own, holds(reports.c.answers, id_)),
            held=self._held(id_),
            reminders=self._reminders(id_),
            messages=self._messages(id_),
            readings=self._readings(id_),
            keeps=self._keeps(id_),
            notes=self._notes(id_),
        )

    def _reports(self, *which: ColumnElement[bool]) -> tuple[Recorded, ...]:
        query = select(reports).where(*which).order_by(reports.c.id)
        return tuple(recorded_from(row) for row in self._connection.execute(query))

    def _held(self, id_: str) -> tuple[HeldReport, ...]:
        waits = held.c.person == id_, held.c.let_go.is_(False)
        query = select(held).where(*waits).order_by(held.c.id)
        rows = self._connection.execute(query)
        return tuple(HeldReport(r.id, r.person, r.kind, r.answers, r.case, r.held_at) for r in rows)

    def _reminders(self, id_: str) -> tuple[StoredReminder, ...]:
        theirs = or_(
            reminders.c.made_by == id_,
            reminders.c.changed_by == id_,
            holds(reminders.c.answers, id_),
        )
        rows = self._connection.execute(select(reminders).where(theirs).order_by(reminders.c.id))
        return tuple(stored_from(row) for row in rows)

    def _messages(self, id_: str) -> tuple[Message, ...]:
        query = select(outbox).where(outbox.c.recipient == id_).order_by(outbox.c.id)
        rows = self._connection.execute(query)
        return tuple(Message(str(r.notice.get("say", "")), r.created_at, r.state) for r in rows)

    def _readings(self, id_: str) -> tuple[Reading, ...]:
        query = select(readings).where(readings.c.person == id_).order_by(readings.c.id)
        return tuple(Reading(r.case, r.person, r.at) for r in self._connection.execute(query))

    def _keeps(self, id_: str) -> tuple[str, ...]:
        query = select(keeps.c.case).where(keeps.c.by == id_).order_by(keeps.c.case)
        return tuple(self._connection.execute(query).scalars())

    def _notes(self, id_: str) -> int:
        counts = (
            select(func.count()).where(table.c.recipient == id_) for table in (occasions, nudged)
        )
        return sum(int(self._connection.execute(count).scalar_one()) for count in counts)
