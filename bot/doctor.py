"""What an installation needs, looked at piece by piece, and what to do about what is missing.

Nothing in here changes anything. What belongs to a chat platform is looked at in its own folder
under `handlers/`.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.ledger.audit import verified
from bot.ledger.carrying import carried_from
from bot.ledger.engine import connect
from bot.ledger.journal import Journal, JournalError
from bot.ledger.schema import Schema, schema
from bot.ledger.store import HELD, Ledger
from bot.machine import USE_POSTGRESQL, Machine, on_a_network, sqlite_file
from bot.plan.model import Plan
from bot.presence import NO_WORKER, elsewhere, worker_was_seen

LEAST_SPACE = 500 * 2**20
"""Bytes. The database of a network of twelve grows by a few megabytes a year; a migration makes a
table anew beside the old one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do; empty where all is well."""

    what: str
    found: str
    remedy: str = ""


def plan_findings(plan: Plan) -> Iterator[Finding]:
    told = f"{len(plan.key_results)} key results, {len(plan.members)} members, zone {plan.zone}"
    yield Finding("Plan file", told)


def database_findings(url: str, machine: Machine, now: datetime, mounted: str) -> Iterator[Finding]:
    """Whether it can be reached, is at this release's schema, has room to grow, and, for SQLite,
    is used on one machine alone: `machine`, with these file systems `mounted`."""
    yield from _room(url)
    trouble = on_a_network(url, mounted)
    if trouble is not None:
        yield Finding("Database file", trouble, USE_POSTGRESQL)
    try:
        engines = connect(url)
        if not Ledger(engines).answers():
            reach = "Start it, or put DATABASE_URL right."
            yield Finding("Database", "does not answer", reach)
            return
        yield Finding("Database", make_url(url).get_backend_name())
        found = schema(engines)
        yield Finding("Schema", found, "Run: brobot migrate" if found is Schema.EARLIER else "")
        if found is not Schema.EARLIER:
            yield from _held(Ledger(engines))
            yield _audited(Ledger(engines))
            if sqlite_file(url):
                yield from _one_machine(Ledger(engines), machine, now)
        engines.dispose()
    except (SQLAlchemyError, ValueError) as error:
        # Only its kind: the text may hold the database's password.
        yield Finding("Database", type(error).__name__, "Put DATABASE_URL right.")


def _held(ledger: Ledger) -> Iterator[Finding]:
    since = ledger.read(lambda books: books.pulse.last(HELD))
    if since is not None:
        remedy = "When the bot is to speak again: brobot release"
        yield Finding("Outbox", f"held since {since:%Y-%m-%d %H:%M} UTC, after a restore", remedy)


def _one_machine(ledger: Ledger, machine: Machine, now: datetime) -> Iterator[Finding]:
    trouble = ledger.read(lambda books: elsewhere(books, machine, now))
    if trouble is not None:
        yield Finding("Machine", trouble, USE_POSTGRESQL)
    used = ledger.read(lambda books: bool(books.people.all()))
    if used and not ledger.read(worker_was_seen):
        yield Finding("Worker", NO_WORKER, f"Start it: brobot worker. {USE_POSTGRESQL}")


def erasure_findings(url: str, file: Path | None) -> Iterator[Finding]:
    """Whether whoever has been erased stands in the journal, outside of the database."""
    if file is None:
        remedy = "Set BROBOT_ERASURES to a file that is kept when the database is lost."
        yield Finding("Erasures", "no journal", remedy)
        return
    there = file if file.exists() else file.absolute().parent
    if file.is_dir() or not os.access(there, os.W_OK):
        yield Finding("Erasures", f"{file} cannot be written", "Let the bot write there.")
        return
    try:
        known, written = carried_from(url).tombstones, set(Journal(file).read())
    except JournalError as error:
        yield Finding("Erasures", str(error), "Put it right from a copy, or remove it.")
        return
    missing = sum(each not in written for each in known)
    told = f"{len(written)} in the journal" + (f", {missing} missing" if missing else "")
    yield Finding("Erasures", told, "Run: brobot backup FILE" if missing else "")


def _audited(ledger: Ledger) -> Finding:
    verdict = ledger.read(lambda books: verified(books.audit.all()))
    told = f"{verdict.count} entries, head {verdict.head[:16] or '-'}"
    remedy = "Somebody has written to the database by other ways: ask who may, and tell them."
    return Finding("Audit trail", verdict.fault or told, remedy if verdict.fault else "")


def _room(url: str) -> Iterator[Finding]:
    database = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not database:
        return
    folder = Path(database).absolute().parent
    if not folder.is_dir():
        yield Finding("Disk", f"there is no folder {folder}", "Make it, or put DATABASE_URL right.")
        return
    free = shutil.disk_usage(folder).free
    told = f"{free // 2**20} MiB free"
    need = f"Make room: {LEAST_SPACE // 2**20} MiB are wanted."
    yield Finding("Disk", told, "" if free >= LEAST_SPACE else need)


def report(findings: Iterator[Finding]) -> tuple[list[str], bool]:
    """A line for each, and whether all is well."""
    lines, well = [], True
    for each in findings:
        sign = "✔" if not each.remedy else "✘"
        lines.append(f"{sign} {each.what}: {each.found}")
        if each.remedy:
            lines.append(f"    {each.remedy}")
            well = False
    return lines, well
