"""What a process that stays waits for, and looks at, before it begins."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.clock import system_clock
from bot.compose.desk import desk_here
from bot.desk.desk import Desk
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from bot.machine import (
    MAKE_WRITABLE,
    mounts,
    on_a_network,
    sqlite_file,
    this_machine,
    unwritable,
)
from bot.presence import present
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)

DATABASE_PAUSE = 5
DATABASE_TRIES = 12
"""How long the start waits for a database that does not answer: a supervisor that starts us anew
at once would otherwise do so many times a second, and soon give up (systemd after five)."""


def working_desk(settings: Settings) -> Desk:
    """For a process that stays: the plan file that it counts by stands in the audit trail, nobody
    who has been erased is there, and nothing is held any longer that need not be."""
    desk = desk_here(settings)
    desk.trail.plan_read(hashlib.sha256(settings.plan.read_bytes()).hexdigest())
    desk.erasing.again_if_any()
    desk.people.let_in_forgotten()
    return desk


def wait_for_database(settings: Settings, pause: Callable[[float], None] = time.sleep) -> None:
    """Raises SettingsError after a minute without an answer, and at once for a database file that
    lies where several machines may reach it."""
    _on_a_disk_of_its_own(settings)
    ledger = Ledger(connect(settings.database_url))
    try:
        for _ in range(DATABASE_TRIES):
            trouble = unwritable(settings.database_url)
            if trouble is None and ledger.answers():
                return
            told = trouble or "the database does not answer"
            log.warning("%s; asking again in %s s", told, DATABASE_PAUSE)
            pause(DATABASE_PAUSE)
    finally:
        ledger.close()
    raise SettingsError(_away(settings))


def _away(settings: Settings) -> str:
    if trouble := unwritable(settings.database_url):
        return f"The database cannot be used: {trouble}. {MAKE_WRITABLE}"
    return "The database does not answer. What is wrong is said by: brobot doctor"


def _on_a_disk_of_its_own(settings: Settings) -> None:
    trouble = on_a_network(settings.database_url, mounts())
    if trouble is not None:
        raise SettingsError(trouble)


@contextmanager
def on_one_machine(desk: Desk, settings: Settings) -> Iterator[None]:
    """SQLite serves one machine. PostgreSQL serves any."""
    if sqlite_file(settings.database_url) is None:
        yield
        return
    with present(desk.setup.ledger, this_machine(), system_clock):
        yield
