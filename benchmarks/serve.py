"""One server to be measured, in a process of its own: `python -m benchmarks.serve NAME …`.

It prints its port when it listens. Beside what is measured it answers /cost with the CPU seconds
that it has used, and is the Slack that the bot asks who it is.
"""

import argparse
import json
import logging
import socket
import time
from typing import Any, NoReturn

import uvicorn
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks import floors
from bot.gathering import settle


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.serve")
    parser.add_argument("name", choices=["brobot", "signed", "inserting", "bare", "digesting"])
    parser.add_argument("--database", default="")
    parser.add_argument("--commands", type=int, default=0)
    parser.add_argument("--fsync", type=float, default=0.0, help="seconds that a commit takes more")
    options = parser.parse_args()
    if options.name == "digesting":
        _digests(options.database)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = beside(_app(options, port))
    settle()  # as `brobot web` does
    config = uvicorn.Config(app, **_served(options.name))
    print(port, flush=True)
    uvicorn.Server(config).run([listening])


def _app(options: argparse.Namespace, port: int) -> ASGIApp:
    match options.name:
        case "signed":
            return floors.signed
        case "bare":
            return Starlette()
        case "inserting":
            pause = lambda: time.sleep(options.fsync)  # noqa: E731
            return floors.inserting(floors.Writer(options.database, pause))
    return _brobot(options, f"http://127.0.0.1:{port}/api/")


def _served(name: str) -> dict[str, Any]:
    if name != "brobot":
        return {"access_log": False, "log_config": None}
    from bot.compose.web import SERVER  # noqa: PLC0415 - as in `_brobot`

    return SERVER


def _brobot(options: argparse.Namespace, slack_url: str) -> ASGIApp:
    # Here and not above: a floor loads nothing but itself.
    from benchmarks.scene import desk_with, settings  # noqa: PLC0415
    from bot.compose.web import web_process  # noqa: PLC0415

    told = settings(options.database, slack_url)
    desk = desk_with(told, options.commands)
    if options.fsync:
        _slow_disk(desk.setup.ledger, options.fsync)
    return web_process(desk, told)


def _digests(database: str) -> NoReturn:
    """What keeps a worker busy: one digest after the other."""
    from benchmarks.scene import desk_with, settings  # noqa: PLC0415 - as in `_brobot`

    logging.disable(logging.CRITICAL)  # what the floor inserts is no report that can be read
    desk = desk_with(settings(database, "http://127.0.0.1/"))
    print(0, flush=True)
    while True:
        desk.okr.published(desk.okr.latest_week())


def _slow_disk(ledger: object, seconds: float) -> None:
    """A commit waits as it would for a slower disk: with `synchronous=FULL` SQLite's write-ahead
    log is made durable once for each commit."""
    engine = ledger._engines.writing  # type: ignore[attr-defined]  # noqa: SLF001 - the disk's place
    event.listen(engine, "commit", lambda _connection: time.sleep(seconds))


def beside(app: ASGIApp) -> ASGIApp:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/slack"):
            who = {"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B0"}
            cost = {**who, "cpu": time.process_time()}
            body = json.dumps(cost).encode()
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await app(scope, receive, send)

    return served


if __name__ == "__main__":
    main()
