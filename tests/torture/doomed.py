"""A worker in a process of its own, which delivers until it is killed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from slack_sdk import WebClient

from bot.clock import MovableClock
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from tests.torture.crowd import worker

START = datetime(1970, 1, 1, tzinfo=UTC)

# Forked from a parent that has loaded all that a worker needs: a fresh interpreter takes a second.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.torture.doomed"])


class SharedClock:
    """A moment that one process sets and others read."""

    def __init__(self) -> None:
        self.seconds: Any = PROCESSES.Value("d", 0.0)

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds.value)

    def set(self, moment: datetime) -> None:
        self.seconds.value = (moment - START).total_seconds()


def delivering(url: str, client: dict[str, str], clock: Callable[[], datetime], ready: Any) -> None:
    """Rounds without end."""
    ledger = Ledger(connect(url))
    office = worker(ledger, MovableClock(clock), WebClient(**client, retry_handlers=[]))
    ready.set()
    while True:
        office.round()


def started(url: str, client: WebClient, clock: SharedClock) -> BaseProcess:
    """A worker that has begun."""
    ready = PROCESSES.Event()
    reach = {"token": str(client.token), "base_url": client.base_url}
    process = PROCESSES.Process(target=delivering, args=(url, reach, clock, ready), daemon=True)
    process.start()
    assert ready.wait(20)
    return process
