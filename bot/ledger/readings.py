"""Who has read of a confidential case, and when. Append-only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.ledger.tables import readings


@dataclass(frozen=True, slots=True)
class Reading:
    case: str
    person: str
    at: datetime


class Readings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, person: str, cases: Iterable[str], at: datetime) -> None:
        rows = [{"case": case, "person": person, "at": at} for case in sorted(cases)]
        if rows:
            self._connection.execute(insert(readings), rows)

    def of_case(self, case: str) -> tuple[Reading, ...]:
        """In the order of reading."""
        query = select(readings).where(readings.c.case == case).order_by(readings.c.id)
        return tuple(Reading(r.case, r.person, r.at) for r in self._connection.execute(query))
