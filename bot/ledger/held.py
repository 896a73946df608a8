"""What somebody reported before it was known whom they speak for. It goes in on approval."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.ledger.prepared import Prepared
from bot.ledger.tables import held, people


@dataclass(frozen=True, slots=True)
class HeldReport:
    id: int
    person: str
    kind: str
    answers: Mapping[str, object]
    case: str | None
    """The case that it was said to belong to."""
    held_at: datetime


_WAITING = Prepared(
    select(*(held.c[field.name] for field in fields(HeldReport)))
    .where(held.c.person == bindparam("person"), held.c.let_go.is_(False))
    .order_by(held.c.id)
)


class Held:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self,
        person: str,
        kind: str,
        answers: Mapping[str, object],
        case: str | None,
        at: datetime,
    ) -> None:
        values = {"person": person, "kind": kind, "answers": dict(answers), "case": case}
        self._connection.execute(insert(held).values(**values, held_at=at, let_go=False))

    def waiting(self, person: str) -> tuple[HeldReport, ...]:
        rows = _WAITING.all(self._connection, person=person)
        return tuple(HeldReport(*row) for row in rows)

    def of_confirmed(self) -> tuple[str, ...]:
        """Those who speak for somebody, and of whom something is still held."""
        query = select(held.c.person).join(people, people.c.id == held.c.person).distinct()
        query = query.where(held.c.let_go.is_(False), people.c.home.is_not(None))
        return tuple(self._connection.execute(query).scalars())

    def let_go(self, held_id: int) -> bool:
        """True for the one who takes it out: what it held is a report from then on."""
        statement = delete(held).where(held.c.id == held_id, held.c.let_go.is_(False))
        return self._connection.execute(statement).rowcount == 1

    def clear(self) -> None:
        """Of what a former release has let go it kept a copy."""
        self._connection.execute(delete(held).where(held.c.let_go.is_(True)))
