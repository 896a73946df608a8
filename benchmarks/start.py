"""From the start of a process to its first answer, and what it takes to lie idle."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from benchmarks import scene
from benchmarks.rounds import at_least
from benchmarks.rows import Row

SOON = 0.8
SMALL = 90.0
_GIVEN_UP = 30.0
BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/health", lambda _: PlainTextResponse("ok"))])
uvicorn.run(app, port=int(sys.argv[1]), log_config=None)
"""


@dataclass(frozen=True, slots=True)
class Started:
    """`seconds` until the first answer, `size` in MB when it has been given."""

    seconds: float
    size: float


def measure(scale: float) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/brobot.db"
        scene.prepared(url)
        floors, starts = [], []
        for _ in range(at_least(scale, 5)):
            port = _free_port()
            floors.append(_started([sys.executable, "-c", BARE, str(port)], port, {}))
            port = _free_port()
            command = [sys.executable, "-m", "bot", "web"]
            starts.append(_started(command, port, _environment(url, port)))
    first = median(each.seconds for each in floors), median(each.seconds for each in starts)
    yield _row("Start to first answer", *first, "s", SOON)
    size = median(each.size for each in floors), median(each.size for each in starts)
    yield _row("Memory of the idle web process", *size, "MB", SMALL)


def _row(what: str, floor: float, value: float, unit: str, most: float) -> Row:
    return Row(
        what=what,
        value=f"{value:.3g} {unit}",
        floor=f"{floor:.3g} {unit} (bare Starlette)",
        ratio=f"{value / floor:.0%}",
        aim=f"≤ {most:g} {unit}",
        met=value <= most,
    )


def _environment(url: str, port: int) -> dict[str, str]:
    told = scene.settings(url, "http://127.0.0.1:9/")
    return {
        "SLACK_BOT_TOKEN": told.slack_bot_token,
        "SLACK_SIGNING_SECRET": told.slack_signing_secret,
        "SLACK_API_URL": told.slack_api_url,
        "BROBOT_CHANNEL": told.channel,
        "DATABASE_URL": url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }


def _started(command: list[str], port: int, environment: dict[str, str]) -> Started:
    began = time.perf_counter()
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health")
            return Started(time.perf_counter() - began, _size(process.pid))
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    end = time.perf_counter() + _GIVEN_UP
    with httpx.Client(trust_env=False) as client:
        while time.perf_counter() < end:
            with suppress(httpx.TransportError):
                client.get(url).raise_for_status()
                return
            time.sleep(0.005)
    raise TimeoutError(url)


def _size(pid: int) -> float:
    """Resident memory in MB, as `ps` counts it on every Unix."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.check_output(command)) / 1024


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
