"""What every process has: settings, the plan, the desk, and the world outside, handed in."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import Clock, system_clock
from bot.desk.desk import Desk
from bot.desk.setup import Setup
from bot.disposal import misplaced
from bot.ledger.engine import connect
from bot.ledger.journal import Journal
from bot.ledger.schema import Schema, schema
from bot.ledger.store import Ledger
from bot.logs import set_up
from bot.machine import MAKE_WRITABLE, Machine, mounts, this_machine, unwritable
from bot.plan.loader import PlanError, load_plan
from bot.plan.model import Plan
from bot.reports import kinds
from bot.settings import Settings, SettingsError, settings_from
from schedules.names import NAMES
from schedules.watchdog import leave


@dataclass(frozen=True, slots=True)
class Outside:
    """What the world is, handed in: the real one by default, another in tests and the demo."""

    clock: Clock = system_clock
    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    leave: Callable[[], None] = leave
    new_token: Callable[[], str] = lambda: secrets.token_hex(16)
    new_error_id: Callable[[], str] = lambda: secrets.token_hex(4)
    machine: Machine = field(default_factory=this_machine)
    mounts: Callable[[], str] = mounts


REAL = Outside()


def checked_plan(path: Path) -> Plan:
    """A plan file, held against the kinds of report that there are. Raises PlanError, which names
    file, line and key of all that is wrong."""
    fields = {name: frozenset(kind.model_fields) for name, kind in kinds().items()}
    plan = load_plan(path, fields)
    if wrong := [f"{path}: retention: {sentence}" for sentence in misplaced(plan, kinds())]:
        raise PlanError(wrong)
    return plan


def settings_here(*, connected: bool = True) -> Settings:
    """The settings of this process; from here on the log is as they say. Raises SettingsError."""
    settings = settings_from(os.environ, connected=connected)
    set_up(settings.log_level, settings.log_format)
    return settings


def desk_here(settings: Settings) -> Desk:
    """Raises SettingsError if the database is not there or not fit for this release, PlanError."""
    if trouble := unwritable(settings.database_url):
        raise SettingsError(f"The database cannot be used: {trouble}. {MAKE_WRITABLE}")
    engines = connect(settings.database_url)
    if schema(engines) is Schema.EARLIER:
        raise SettingsError("The database is not at this release's schema. Run: brobot migrate")
    engines.dispose()
    return desk_for(settings)


def desk_for(settings: Settings, outside: Outside = REAL, plan: Plan | None = None) -> Desk:
    """By its file's plan, where it has not been read already."""
    return Desk(
        Setup(
            ledger=Ledger(connect(settings.database_url)),
            plan=plan or checked_plan(settings.plan),
            kinds=kinds(),
            clock=outside.clock,
            new_token=outside.new_token,
            channel=settings.digest_recipient,
            admins=settings.admin_ids,
            alarms=NAMES,
            journal=Journal(settings.erasures_file),
        )
    )
