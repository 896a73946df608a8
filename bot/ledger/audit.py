"""The audit trail: who did what, append-only, each entry bound to the one before it by a hash.

People stand in it by their alias, a random word whose meaning is kept in `aliases`: somebody is
erased by forgetting that, and the chain stays whole.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, Select, insert, or_, select, text

from bot.ledger.sql import insert_or_ignore
from bot.ledger.tables import aliases, audit

_ONE_AT_A_TIME = 4_726_020_028  # any number, as long as all processes use the same

SYSTEM, CONSOLE = "system", "console"
"""Who acts where nobody does: an alarm; somebody at the command line."""

Detail = str | int | bool | None


class Act(StrEnum):
    """What is worth a line. Never what somebody wrote."""

    PERSON_CHANGED = "person_changed"
    HOME_CONFIRMED = "home_confirmed"
    HOME_REFUSED = "home_refused"
    REMINDER_MADE = "reminder_made"
    REMINDER_CHANGED = "reminder_changed"
    REMINDER_TURNED = "reminder_turned"
    CORRECTED_FOR_OTHER = "corrected_for_other"
    WITHDRAWN_FOR_OTHER = "withdrawn_for_other"
    ANSWERED_FOR_OTHER = "answered_for_other"
    CONFIDENTIALITY_SET = "confidentiality_set"
    CONFIDENTIALITY_LIFTED = "confidentiality_lifted"
    EXTRACTED = "extracted"
    ERASED = "erased"
    DISPOSED = "disposed"
    KEPT = "kept"
    NO_LONGER_KEPT = "no_longer_kept"
    RESTORED = "restored"
    RELEASED = "released"
    PLAN_READ = "plan_read"


@dataclass(frozen=True, slots=True)
class Noted:
    """`actor` is an alias, SYSTEM or CONSOLE. `subject` is what it was done to, as `kind:id`; a
    person by their alias. `details` are codes and counts."""

    at: datetime
    actor: str
    action: Act
    subject: str
    details: Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the trail, whatever release wrote it."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Detail]
    previous: str
    hash: str

    @property
    def due_hash(self) -> str:
        """SHA-256 over all of it but its own hash, as canonical JSON; the previous one's is in."""
        told = {**asdict(self), "at": self.at.isoformat()}
        del told["hash"]
        packed = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(packed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how long the trail is, its head's hash, and the first fault, if any."""

    count: int
    head: str
    fault: str = ""


class Audit:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._noted: list[Noted] = []

    def note(self, noted: Noted) -> None:
        """Goes into the trail when the transaction ends: the trail is locked no longer than it
        takes to write, and whoever holds it waits for nobody else."""
        self._noted.append(noted)

    def write_down(self) -> None:
        """What has been noted goes into the trail. For the ledger, at the end of a transaction."""
        if not self._noted:
            return
        self._one_at_a_time()
        last = self.head()
        for noted in self._noted:
            last = self._append(noted, last)
        self._noted.clear()

    def _append(self, noted: Noted, last: Entry | None) -> Entry:
        number, previous = (last.number + 1, last.hash) if last else (1, "")
        told = {**asdict(noted), "action": noted.action.value, "details": dict(noted.details)}
        unbound = Entry(number=number, previous=previous, hash="", **told)
        entry = Entry(**{**asdict(unbound), "hash": unbound.due_hash})
        self._connection.execute(insert(audit).values(**asdict(entry)))
        return entry

    def _one_at_a_time(self) -> None:
        if self._connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            self._connection.execute(lock, {"number": _ONE_AT_A_TIME})

    def head(self) -> Entry | None:
        latest = select(audit).order_by(audit.c.number.desc()).limit(1)
        return next(self._fetch(latest), None)

    def all(self) -> Iterator[Entry]:
        """In order. To be used up within the transaction."""
        return self._fetch(select(audit).order_by(audit.c.number))

    def about(self, alias: str) -> tuple[Entry, ...]:
        """What somebody did, and what was done to them."""
        theirs = or_(audit.c.actor == alias, audit.c.subject == person_subject(alias))
        return tuple(self._fetch(select(audit).where(theirs).order_by(audit.c.number)))

    def latest(self, action: Act) -> Entry | None:
        query = select(audit).where(audit.c.action == action.value)
        return next(self._fetch(query.order_by(audit.c.number.desc()).limit(1)), None)

    def _fetch(self, query: Select[tuple[object, ...]]) -> Iterator[Entry]:
        return (_entry(row) for row in self._connection.execute(query))


class Aliases:
    """Which word somebody has in the trail."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person: str, new_alias: Callable[[], str]) -> str:
        """Somebody's alias; a new one the first time."""
        found = self.known(person)
        if found is None:
            row = {"person": person, "alias": new_alias()}
            insert_or_ignore(self._connection, aliases, row)
            found = self.known(person)
        assert found is not None
        return found

    def known(self, person: str) -> str | None:
        query = select(aliases.c.alias).where(aliases.c.person == person)
        return self._connection.execute(query).scalar_one_or_none()

    def people(self) -> Mapping[str, str]:
        """From alias to person."""
        rows = self._connection.execute(select(aliases.c.alias, aliases.c.person))
        return {row.alias: row.person for row in rows}


def person_subject(alias: str) -> str:
    return f"person:{alias}"


def verified(entries: Iterable[Entry], noted_head: str = "") -> Verdict:
    """Whether each entry is as it was written and follows on the one before it.

    Entries that are missing at the end leave no gap: that is found with `noted_head`, the hash of
    an earlier head that was written down elsewhere and must be among them.
    """
    count, head, fault, seen = 0, "", "", not noted_head
    for entry in entries:
        fault = fault or _fault(entry, count + 1, head)
        count, head = count + 1, entry.hash
        # A backup put in place says how far the trail had come that it replaced.
        seen = seen or noted_head in (head, entry.details.get("replaced_head"))
    if not seen:
        fault = fault or "The head that was noted is not in it: entries are missing at its end."
    return Verdict(count, head, fault)


def _fault(entry: Entry, number: int, previous: str) -> str:
    if entry.number != number:
        return f"Entry {number} is missing."
    if entry.previous != previous:
        return f"Entry {number} does not follow on the one before it."
    if entry.hash != entry.due_hash:
        return f"Entry {number} has been changed."
    return ""


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        number=row.number,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        details=row.details,
        previous=row.previous,
        hash=row.hash,
    )
