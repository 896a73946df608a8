"""The composition root: the one place that knows all rooms, and puts them together.

Named in the import contracts as their exception.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import Clock, system_clock
from bot.composer import Composer
from bot.desk.desk import Desk
from bot.desk.setup import Setup
from bot.disposal import misplaced
from bot.doctor import Finding, database_findings, erasure_findings, plan_findings
from bot.door import Door
from bot.language import language
from bot.ledger.condition import Condition
from bot.ledger.engine import connect
from bot.ledger.journal import Journal
from bot.ledger.schema import Schema, schema
from bot.ledger.store import Ledger, LedgerBusyError
from bot.logs import set_up
from bot.machine import Machine, mounts, sqlite_file, this_machine
from bot.plan.loader import PlanError, load_plan
from bot.plan.model import Plan
from bot.presence import NO_WORKER, worker_was_seen
from bot.reports import kinds
from bot.rests import Rests
from bot.settings import Settings, SettingsError, settings_from
from handlers.allowance import Allowance
from handlers.commands import Commands
from handlers.metrics import Metrics
from handlers.slack.app import signed_http, slack_app, socket_mode
from handlers.slack.doctor import slack_findings, socket_findings
from handlers.slack.door import SlackDoor
from handlers.slack.forms import PREFIX
from handlers.slack.gate import Gate
from handlers.slack.workspace import OurWorkspace
from handlers.web import Check, Connection, web_app
from handlers.wire import Bounded
from schedules.alarms import NAMES, alarms, tell_admins
from schedules.clockwork import Clockwork
from schedules.delivery import Deliverer
from schedules.watchdog import Progress, Watchdog, leave

ANSWERING_TIMEOUT = 2
"""Seconds for a request to Slack's Web API while a person waits: Slack gives up on us after 3."""

DELIVERY_TIMEOUT = 5
"""Seconds for a request by the worker. One delivery makes a dozen at most, pauses included, and
must be over before another worker takes the message for lost (`LOST_AFTER`)."""

WORKER_SILENT_AFTER = 50.0
"""Seconds without a beat after which a worker counts as dead: more than between two beats of one
that is well (`NOTED_EVERY` and a round), less than a minute."""

SERVER: dict[str, Any] = {
    "http": Bounded,
    "access_log": False,  # the proxy has one
    "log_config": None,
    "server_header": False,  # who calls need not know what answers
}
"""How uvicorn serves the web process."""


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
    """Raises SettingsError if the database is not fit for this release, PlanError."""
    engines = connect(settings.database_url)
    if schema(engines) is Schema.EARLIER:
        raise SettingsError("The database is not at this release's schema. Run: brobot migrate")
    engines.dispose()
    return desk_for(settings)


def desk_for(settings: Settings, outside: Outside = REAL) -> Desk:
    return Desk(
        Setup(
            ledger=Ledger(connect(settings.database_url)),
            plan=checked_plan(settings.plan),
            kinds=kinds(),
            clock=outside.clock,
            new_token=outside.new_token,
            channel=settings.digest_recipient,
            admins=settings.admin_ids,
            alarms=NAMES,
            journal=Journal(settings.erasures_file),
        )
    )


def web(
    desk: Desk, settings: Settings, outside: Outside = REAL, *, alone: bool = True
) -> Starlette:
    """The web process. `alone` means that its readiness does not ask for a worker that
    lives; with SQLite it asks whether one was ever seen."""
    client = AsyncWebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=ANSWERING_TIMEOUT,
        retry_handlers=[],
    )
    secret = settings.slack_signing_secret
    workspace = OurWorkspace(client)
    gate = Gate(workspace, Allowance(settings.pace, outside.monotonic))
    app = slack_app(Commands(desk), client, gate, outside.new_error_id)
    doors = {"/slack/events": signed_http(app, secret, outside.wall)} if secret else {}
    pages: dict[str, Callable[[Request], Response]] = {}
    if settings.metrics_token:
        metrics = metrics_of(desk, outside)
        doors = {path: metrics.around(door) for path, door in doors.items()}
        pages["/metrics"] = metrics.page(settings.metrics_token)
    token = settings.slack_app_token
    connections: list[Callable[[], Connection]] = [lambda: workspace]
    if token:
        connections.append(lambda: socket_mode(app, token))
    checks: dict[str, Check] = {"database": desk.setup.ledger.answers}
    if not alone:
        checks["worker"] = lambda: worker_lives(desk)
    elif sqlite_file(settings.database_url):
        # Elsewhere it would have a file of its own, and neither would ever see the other.
        checks["worker"] = lambda: desk.setup.ledger.read(worker_was_seen) or NO_WORKER
    return web_app(doors, checks, connections, pages)


def metrics_of(desk: Desk, outside: Outside) -> Metrics:
    """What is counted of a process from here on, the errors in its log included."""

    def condition() -> Condition | None:
        with suppress(SQLAlchemyError, LedgerBusyError):
            return desk.setup.ledger.read(lambda books: books.condition(desk.setup.now()))
        return None

    metrics = Metrics(condition, NAMES, outside.monotonic)
    logging.getLogger().addHandler(metrics.logged())
    desk.setup.ledger.watch(metrics.committing)
    return metrics


def worker_lives(desk: Desk) -> bool:
    """Whether every alarm has come to its end lately."""
    now = desk.setup.now()
    beats = desk.setup.ledger.read(lambda books: [books.pulse.last(name) for name in NAMES])
    return all(
        beat is not None and abs((now - beat).total_seconds()) < WORKER_SILENT_AFTER
        for beat in beats
    )


def deliverer(desk: Desk, settings: Settings, outside: Outside = REAL) -> Deliverer:
    return Deliverer(
        ledger=desk.setup.ledger,
        composer=Composer(desk),
        doors=doors(desk, settings, outside),
        clock=outside.clock,
        failed=tell_admins(desk),
    )


def findings(settings: Settings, outside: Outside = REAL) -> Iterator[Finding]:
    """All that an installation needs, looked at. Changes nothing. Raises PlanError."""
    yield from plan_findings(checked_plan(settings.plan))
    now = outside.clock()
    yield from database_findings(settings.database_url, outside.machine, now, outside.mounts())
    yield from erasure_findings(settings.database_url, settings.erasures_file)
    client = _client(settings)
    yield from slack_findings(client, settings.channel, outside.clock())
    if settings.slack_app_token:
        yield from socket_findings(client, settings.slack_app_token)


def _client(settings: Settings) -> WebClient:
    # The SDK's own retries would post twice after a dropped connection: the outbox decides.
    return WebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=DELIVERY_TIMEOUT,
        retry_handlers=[],
    )


def doors(desk: Desk, settings: Settings, outside: Outside = REAL) -> Mapping[str, Door]:
    voice = language(desk.setup.plan.language)
    rests = Rests(desk.setup.ledger, outside.clock)
    return {PREFIX.rstrip(":"): SlackDoor(_client(settings), voice, outside.pause, rests)}


def worker(desk: Desk, settings: Settings, outside: Outside = REAL) -> Clockwork:
    progress = Progress(NAMES, outside.monotonic)
    table = alarms(desk, deliverer(desk, settings, outside), progress)
    return Clockwork(table, Watchdog(progress, outside.leave))
