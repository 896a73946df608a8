"""What an installation needs, looked at piece by piece, and what to do about what is missing.

Nothing in here changes anything. What belongs to a chat platform is looked at in its own folder
under `handlers/`.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.ledger.audit import verified
from bot.ledger.carrying import carried_from
from bot.ledger.condition import Condition
from bot.ledger.engine import Engines, connect
from bot.ledger.journal import Journal, JournalError
from bot.ledger.outbox import Delivery
from bot.ledger.schema import Schema, schema
from bot.ledger.store import HELD, Ledger, LedgerBusyError
from bot.ledger.unreached import why_unreached
from bot.machine import (
    MAKE_WRITABLE,
    USE_POSTGRESQL,
    Machine,
    on_a_network,
    sqlite_file,
    unwritable,
)
from bot.plan.model import Plan
from bot.presence import NO_WORKER, elsewhere
from bot.settings import Wrong

LEAST_SPACE = 500 * 2**20
"""Bytes. The database of a network of twelve grows by a few megabytes a year; a migration makes a
table anew beside the old one."""

STILL_AFTER = timedelta(minutes=2)
"""A worker notes its progress twice a minute, and one that does not ends itself before this."""

LATE_AFTER = timedelta(minutes=15)
"""The outbox tries a message at least so often: one that has waited longer has been in trouble."""

FAILED_LATELY = timedelta(days=7)
"""What never arrived stays counted for years; what is older than this has been seen to or never
will be."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do; empty where all is well."""

    what: str
    found: str
    remedy: str = ""


def settings_findings(wrong: Iterable[Wrong]) -> Iterator[Finding]:
    """Each that is missing or wrong. What hangs on none of them is looked at all the same."""
    well = True
    for each in wrong:
        well = False
        remedy = f"Put {each.setting} right where the bot has its settings from (README, step 6)."
        yield Finding("Settings", each.sentence, remedy)
    if well:
        yield Finding("Settings", "all that are needed are there")


Load = Callable[[str], ZoneInfo]


def packaged(zone: str) -> ZoneInfo:
    """The zone as the bot has been installed with it (tzdata), whatever this machine says."""
    with files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, zone)


def zone_findings(
    zone: str, now: datetime, here: Load = ZoneInfo, ours: Load = packaged
) -> Iterator[Finding]:
    """Whether a zone can be loaded, and for a year from now has the offsets that it has in our own
    data: digests and reminders go by this machine's, where it has any."""
    try:
        theirs, known = here(zone), ours(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError, ImportError) as error:
        remedy = "Install the bot anew (README, step 1): tzdata comes with it."
        yield Finding("Time zone", f"{zone} cannot be loaded ({type(error).__name__})", remedy)
        return
    told = f"{zone}, now UTC{now.astimezone(theirs):%z}"
    year = [now + timedelta(days=days) for days in range(366)]
    apart = [day for day in year if _offset(day, theirs) != _offset(day, known)]
    if apart:
        told += f"; on {apart[0]:%Y-%m-%d} our own data have {apart[0].astimezone(known):%z}"
    remedy = "Bring this machine's time zone data up to date (package tzdata), or the bot."
    yield Finding("Time zone", told, remedy if apart else "")


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def plan_findings(plan: Plan) -> Iterator[Finding]:
    told = f"{len(plan.key_results)} key results, {len(plan.members)} members, zone {plan.zone}"
    yield Finding("Plan file", told)


def database_findings(
    url: str, machine: Machine, now: datetime, mounted: str, alarms: Collection[str]
) -> Iterator[Finding]:
    """Whether it can be reached, is at this release's schema, has room to grow, and, for SQLite,
    is used on one machine alone: `machine`, with these file systems `mounted`. And what it tells
    of the worker, by the pulses of these `alarms`."""
    trouble = on_a_network(url, mounted)
    if trouble is not None:
        yield Finding("Database file", trouble, USE_POSTGRESQL)
    yield from _room(url)
    file = sqlite_file(url)
    if unwritable(url):
        return
    if file and not file.exists():  # connecting would make one, as whoever has called the doctor
        yield Finding("Schema", "there is no database yet", "Run: brobot migrate")
        return
    engines = connect(url)
    try:
        yield from _standing(engines, now, alarms, machine if file else None)
    except (SQLAlchemyError, LedgerBusyError) as error:
        # Only its kind: the text may hold the database's password.
        yield Finding("Database", type(error).__name__, "Put DATABASE_URL right.")
    finally:
        engines.dispose()


def _standing(
    engines: Engines, now: datetime, alarms: Collection[str], machine: Machine | None
) -> Iterator[Finding]:
    ledger = Ledger(engines)
    if trouble := why_unreached(engines.reading):
        yield Finding("Database", trouble, "Start it, or put DATABASE_URL right.")
        return
    yield Finding("Database", _which(engines.reading.url))
    found = schema(engines)
    yield Finding("Schema", found, "Run: brobot migrate" if found is Schema.EARLIER else "")
    if found is Schema.EARLIER:
        return
    yield _audited(ledger)
    if machine is not None:
        yield from _one_machine(ledger, machine, now)
    condition = ledger.read(lambda books: books.condition(now))
    if condition.beats.keys() & {*alarms}:
        yield _worker(condition, alarms, now)
    else:
        yield _no_worker(ledger, on_sqlite=machine is not None)
    yield _held(condition) or _outbox(condition, now)


def _which(url: URL) -> str:
    """Which one it is, for who has meant another. Without user and password."""
    where = f" at {url.host}" if url.host else ""
    return f"{url.get_backend_name()}, {url.database}{where}"


def _held(condition: Condition) -> Finding | None:
    since = condition.beats.get(HELD)
    if since is None:
        return None
    remedy = "When the bot is to speak again: brobot release"
    return Finding("Outbox", f"held since {since:%Y-%m-%d %H:%M} UTC, after a restore", remedy)


def _outbox(condition: Condition, now: datetime) -> Finding:
    since, failed_at = condition.waiting_since, condition.failed_at
    told, remedy = "nothing waits", []
    if since is not None:
        told = f"{condition.waiting} wait, the oldest for {_long(now - since)}"
        if now - since >= LATE_AFTER:
            remedy.append("See what is said here of worker, token and channel.")
    if failed_at is not None:
        told += f"; {condition.messages[Delivery.FAILED]} never arrived"
        told += f", the latest of {failed_at:%Y-%m-%d %H:%M} UTC"
        if now - failed_at < FAILED_LATELY:
            remedy.append("The admins have been told which; the worker's log says why.")
    return Finding("Outbox", told, " ".join(remedy))


def _worker(condition: Condition, alarms: Collection[str], now: datetime) -> Finding:
    silent = {name: condition.beats.get(name) for name in alarms}
    silent = {name: at for name, at in silent.items() if at is None or now - at >= STILL_AFTER}
    if not silent:
        return Finding("Worker", f"all {len(alarms)} alarms have come to their end just now")
    told = ", ".join(
        f"{name} for {_long(now - at)}" if at else f"{name} always" for name, at in silent.items()
    )
    remedy = "Start it: brobot worker (or brobot run). If it runs, its log says what hangs."
    return Finding("Worker", f"silent: {told}", remedy)


def _no_worker(ledger: Ledger, *, on_sqlite: bool) -> Finding:
    """Before the first person has come this is how an installation begins."""
    if not ledger.read(lambda books: bool(books.people.all())):
        return Finding("Worker", "none has run yet")
    if on_sqlite:
        return Finding("Worker", NO_WORKER, f"Start it: brobot worker. {USE_POSTGRESQL}")
    return Finding("Worker", "none has ever run on this database", "Start it: brobot worker.")


def _long(time: timedelta) -> str:
    minutes = round(abs(time).total_seconds() / 60)
    if minutes < 2 * 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} days"


def _one_machine(ledger: Ledger, machine: Machine, now: datetime) -> Iterator[Finding]:
    trouble = ledger.read(lambda books: elsewhere(books, machine, now))
    if trouble is not None:
        yield Finding("Machine", trouble, USE_POSTGRESQL)


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
    file = sqlite_file(url)
    if file is None:
        return
    if trouble := unwritable(url):
        yield Finding("Disk", trouble, MAKE_WRITABLE)
        return
    free = shutil.disk_usage(file.parent).free
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
