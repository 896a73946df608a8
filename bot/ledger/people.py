"""The people book."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.ledger.prepared import Prepared
from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import people
from bot.people import ERASED, Person, Role

_BY_ID = Prepared(select(people).where(people.c.id == bindparam("id")))


class People:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person_id: str) -> Person | None:
        row = _BY_ID.first(self._connection, id=person_id)
        return _person(row) if row else None

    def named(self, person_ids: Iterable[str]) -> dict[str, Person]:
        query = select(people).where(people.c.id.in_(set(person_ids)))
        return {row.id: _person(row) for row in self._connection.execute(query)}

    def all(self) -> tuple[Person, ...]:
        """Everybody there is: of somebody erased only what they reported is left."""
        query = select(people).where(~people.c.id.startswith(ERASED)).order_by(people.c.name)
        return tuple(_person(row) for row in self._connection.execute(query))

    def meet(self, person: Person) -> Person:
        """Remember somebody new; whoever is known already stays as they are."""
        insert_or_ignore(self._connection, people, _row(person))
        return self.get(person.id) or person

    def save(self, person: Person) -> None:
        row = _row(person)
        self._connection.execute(update(people).where(people.c.id == person.id).values(**row))

    def stored(self, person_id: str) -> Person:
        """Somebody known to be in the book, as written there. KeyError if they are not."""
        person = self.get(person_id)
        if person is None:
            raise KeyError(person_id)
        return person

    def ask_for_home(self, person_id: str, home: str) -> bool:
        """Note what somebody asks for. False if that very request stands already."""
        person = self.stored(person_id)
        if person.wanted_home == home:
            return False
        self.save(replace(person, wanted_home=home))
        return True


def _person(row: Sequence[Any]) -> Person:
    told = dict(zip(people.c.keys(), row, strict=True))
    return Person(**{**told, "roles": frozenset(map(Role, told["roles"]))})


def _row(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "home": person.home,
        "wanted_home": person.wanted_home,
        "roles": sorted(person.roles),
        "language": person.language,
        "met_at": person.met_at,
    }
