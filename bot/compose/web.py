"""The web process: what Slack asks, and what monitoring does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bot.compose.desk import REAL, Outside
from bot.desk.desk import Desk
from bot.machine import sqlite_file
from bot.presence import NO_WORKER, worker_was_seen
from bot.settings import Settings
from handlers.allowance import Allowance
from handlers.commands import Commands
from handlers.slack.app import signed_http, slack_app
from handlers.slack.gate import Gate
from handlers.slack.listeners import Listeners
from handlers.slack.socket_mode import CUT_OFF, SocketMode
from handlers.slack.workspace import OurWorkspace
from handlers.web import Check, Connection, web_app
from handlers.wire import Bounded
from schedules.names import NAMES

if TYPE_CHECKING:
    from handlers.metrics import Metrics

ANSWERING_TIMEOUT = 2
"""Seconds for a request to Slack's Web API while a person waits: Slack gives up on us after 3."""

WORKER_SILENT_AFTER = 50.0
"""Seconds without a beat after which a worker counts as dead: more than between two beats of one
that is well (`NOTED_EVERY` and a round), less than a minute."""

SERVER: dict[str, Any] = {
    "http": Bounded,
    "ws": "none",  # nobody speaks it with us
    "access_log": False,  # the proxy has one
    "log_config": None,
    "server_header": False,  # who calls need not know what answers
    "proxy_headers": False,  # from which address somebody calls is asked nowhere
}
"""How uvicorn serves the web process."""


def web_process(
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
    workspace = OurWorkspace(client)
    gate = Gate(workspace, Allowance(settings.pace, outside.monotonic))
    listeners = Listeners(Commands(desk), client, gate, outside.new_error_id)
    app = slack_app(listeners, client)
    doors: dict[str, ASGIApp] = {}
    connections: list[Connection] = [workspace]
    pages: dict[str, Callable[[Request], Response]] = {}
    checks: dict[str, Check] = {"database": desk.setup.ledger.answers}
    metrics = _metrics(desk, settings, outside)
    if metrics:
        pages["/metrics"] = metrics.page(settings.metrics_token)
    if secret := settings.slack_signing_secret:
        door = signed_http(listeners, app, secret, outside.wall)
        doors["/slack/events"] = metrics.around(door) if metrics else door
    if settings.slack_app_token:
        dispatch = metrics.answering(app.async_dispatch) if metrics else app.async_dispatch
        socket = SocketMode(app, settings.slack_app_token, dispatch)
        if metrics:
            metrics.tell_whether_connected(lambda: socket.is_open)
        connections.append(socket)
        checks["slack"] = lambda: socket.is_open or CUT_OFF
    if not alone:
        checks["worker"] = lambda: worker_lives(desk)
    elif sqlite_file(settings.database_url):
        # Elsewhere it would have a file of its own, and neither would ever see the other.
        checks["worker"] = lambda: desk.setup.ledger.read(worker_was_seen) or NO_WORKER
    return web_app(doors, checks, connections, pages)


def _metrics(desk: Desk, settings: Settings, outside: Outside) -> "Metrics | None":
    """None where nobody watches."""
    if not settings.metrics_token:
        return None
    # Here and not above: prometheus_client is for those who watch.
    from bot.compose.metrics import metrics_of  # noqa: PLC0415

    return metrics_of(desk, outside)


def worker_lives(desk: Desk) -> bool:
    """Whether every alarm has come to its end lately."""
    now = desk.setup.now()
    beats = desk.setup.ledger.read(lambda books: [books.pulse.last(name) for name in NAMES])
    return all(
        beat is not None and abs((now - beat).total_seconds()) < WORKER_SILENT_AFTER
        for beat in beats
    )
