"""Erasing somebody: what need not stay goes, and what must stay no longer tells who they were.

Reports are the official record of the plan's numbers. They stay, told by a pseudonym that is a
random word: nothing leads back from it. Free text stays as it was written; `mentions` finds where
a name stands in it.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, or_, select, update

from bot.ledger.people import People
from bot.ledger.reminders import ReminderState
from bot.ledger.sql import holds, insert_or_ignore
from bot.ledger.tables import (
    aliases,
    erasures,
    held,
    keeps,
    nudged,
    occasions,
    outbox,
    people,
    readings,
    reminders,
    reports,
)
from bot.ledger.tallies import Tallies
from bot.people import Person

POINTING: tuple[Column[Any], ...] = (
    reports.c.reporter,
    reports.c.ended_by,
    reminders.c.made_by,
    reminders.c.changed_by,
    readings.c.person,
    keeps.c.by,
)
"""What stays, and points to the pseudonym from now on."""

GOING: tuple[Column[Any], ...] = (
    held.c.person,
    outbox.c.recipient,
    occasions.c.recipient,
    nudged.c.recipient,
    aliases.c.person,
)
"""Whose rows go: what they wrote and nobody let in, what was said to them or was to be, when they
may be reminded again, which word they have in the audit trail."""

NAMING: tuple[Column[Any], ...] = (reports.c.answers, reminders.c.answers, outbox.c.notice)
"""Where somebody may be named by their id among other things."""

KEYS: tuple[Column[Any], ...] = (outbox.c.key, outbox.c.thread_of, outbox.c.edits)
"""Names of messages to others that hold an id."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That somebody was erased at a moment, so that a backup from before does not bring them back.

    Only whoever has the id already can tell that it is theirs: HMAC-SHA256 of the id with a random
    key of its own. Which pseudonym they got does not stand in it.
    """

    salt: str
    digest: str
    at: datetime

    def is_for(self, person: Person) -> bool:
        """Whether it is this person who was erased, and not somebody who came back since."""
        known_before = person.met_at <= self.at
        return known_before and hmac.compare_digest(self.digest, _digest(person.id, self.salt))


def tombstone(person_id: str, salt: str, at: datetime) -> Tombstone:
    """`salt` is a random word."""
    return Tombstone(salt, _digest(person_id, salt), at)


def _digest(person_id: str, salt: str) -> str:
    return hmac.new(salt.encode(), person_id.encode(), hashlib.sha256).hexdigest()


class Erasures:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def erase(self, person_id: str, pseudonym: Person) -> dict[str, int]:
        """Put the pseudonym in the person's place. How many rows of what were touched."""
        # Whoever is about to refer to them comes first, or finds them gone.
        locked = select(people.c.id).where(people.c.id == person_id).with_for_update()
        self._connection.execute(locked)
        People(self._connection).meet(pseudonym)
        done = {"reports": self._count_reports(person_id)}
        self._end_reminders(person_id)
        # A plan may count whether a field is filled, and it may be one that named them.
        Tallies(self._connection).discard()
        for column in NAMING:
            self._unname(column, person_id, pseudonym.id)
        for column in POINTING:
            self._execute(update(column.table).where(column == person_id), {column: pseudonym.id})
        done |= {
            column.table.name: self._execute(delete(column.table).where(column == person_id))
            for column in GOING
        }
        for column in KEYS:
            self._rekey(column, person_id, pseudonym.id)
        self._execute(delete(people).where(people.c.id == person_id))
        del done[aliases.name]
        return done

    def _execute(self, statement: Any, values: dict[Column[Any], object] | None = None) -> int:
        changed = statement.values(values) if values else statement
        return int(self._connection.execute(changed).rowcount)

    def _count_reports(self, person_id: str) -> int:
        query = select(reports.c.id).where(reports.c.reporter == person_id)
        return len(self._connection.execute(query).all())

    def _end_reminders(self, person_id: str) -> None:
        """One for them alone has nobody left to reach."""
        naming = select(reminders).where(holds(reminders.c.answers, person_id))
        for row in self._connection.execute(naming).all():
            if row.answers.get("person") == person_id:
                ended = update(reminders).where(reminders.c.id == row.id)
                self._execute(ended, {reminders.c.state: ReminderState.ENDED.value})

    def _unname(self, column: Column[Any], person_id: str, pseudonym: str) -> None:
        table: Table = column.table
        naming = select(table.c.id, column).where(holds(column, person_id))
        for id_, told in self._connection.execute(naming).all():
            changed = _unnamed(told, person_id, pseudonym)
            self._execute(update(table).where(table.c.id == id_), {column: changed})

    def _rekey(self, column: Column[Any], person_id: str, pseudonym: str) -> None:
        query = select(outbox.c.id, column).where(column.contains(person_id, autoescape=True))
        for id_, key in self._connection.execute(query).all():
            # Between colons: an id may be the beginning of another.
            parted = f":{key}:".replace(f":{person_id}:", f":{pseudonym}:")
            self._execute(update(outbox).where(outbox.c.id == id_), {column: parted[1:-1]})

    def mentions(self, person: Person) -> tuple[int, ...]:
        """The reports in whose free text the person's name, address or id stands."""
        bare = person.id.partition(":")[2]
        words = [word for word in (person.name, person.email, bare) if word]
        found = [
            where
            for word in words
            for where in (
                holds(reports.c.answers, word, whole=False),
                reports.c.ended_why.contains(word, autoescape=True),
            )
        ]
        rows = self._connection.execute(select(reports).where(or_(*found)).order_by(reports.c.id))
        return tuple(row.id for row in rows if _is_told(row, person.id, words))

    # --- So that a backup does not bring them back

    def remember(self, several: tuple[Tombstone, ...]) -> None:
        for each in several:
            row = {"salt": each.salt, "digest": each.digest, "at": each.at}
            insert_or_ignore(self._connection, erasures, row)

    def tombstones(self) -> tuple[Tombstone, ...]:
        rows = self._connection.execute(select(erasures).order_by(erasures.c.at))
        return tuple(Tombstone(row.salt, row.digest, row.at) for row in rows)


def _is_told(row: Any, person_id: str, words: list[str]) -> bool:
    """Whether one of the words stands in what somebody wrote, and not only among the named."""
    answers = json.dumps(_unnamed(row.answers, person_id, ""), ensure_ascii=False)
    return any(word in f"{answers} {row.ended_why or ''}" for word in words)


def _unnamed(value: Any, person_id: str, pseudonym: str) -> Any:
    """JSON without the id: out of a list it goes, elsewhere the pseudonym stands for it."""
    match value:
        case dict():
            return {name: _unnamed(each, person_id, pseudonym) for name, each in value.items()}
        case list():
            kept = (each for each in value if each != person_id)
            return [_unnamed(each, person_id, pseudonym) for each in kept]
        case str() if value == person_id:
            return pseudonym
    return value
