"""Whatever is sent to it, the web process answers, stays as it is, and tells the log nothing.

It is `brobot web` as a process of its own, in front of it whoever can reach its port.
"""

import asyncio
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Thread
from typing import BinaryIO
from urllib.parse import urlsplit

import pytest

from bot.clock import MovableClock
from handlers.slack.guard import BODY_SECONDS
from playground.delivery import Delivery
from playground.town import AMIR, MARIA, Town
from tests.conftest import FRIDAY, Still
from tests.talk import sv
from tests.torture.hostile import CANARY, Attempt, Hostility
from tests.torture.submissions import Sender, each

AT_ONCE = 16
FLAT_MIB = 32
REFUSED = {400, 401, 413}
ANSWERED = {200, 400, 404}
"""What is signed and has a shape is taken for what it is; bolt says 404 to what nobody awaits."""


@dataclass
class Attacked:
    """`brobot web` beside a stand-in Slack, and what it has logged."""

    town: Town
    url: str
    process: subprocess.Popen[bytes]
    log: Path
    hostility: Hostility

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname and parts.port
        return parts.hostname, parts.port

    def memory(self) -> float:
        """What it holds, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        assert found
        return int(found[1]) / 1024

    def written(self) -> list[str]:
        """All that stands in the database."""
        file = self.town.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as database:
            return list(database.iterdump())

    def answers_maria(self) -> bool:
        maria = self.town.person(MARIA)
        before = len(maria.dm)
        maria.types("/bro")
        return len(maria.dm) == before + 1 and not maria.notice


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Iterator[Attacked]:
    folder: Path = tmp_path_factory.mktemp("guard")
    with Town(f"sqlite:///{folder}/brobot.db", MovableClock(Still(FRIDAY))) as town:
        log = folder / "log"
        with log.open("wb") as written, started(town, written) as process:
            town.slack.request_url = f"{address_of(process, log)}/slack/events"
            hostility = Hostility(recorded(town), town.world.app.signing_secret, time.time)
            yield Attacked(town, town.slack.request_url, process, log, hostility)


@contextmanager
def started(town: Town, log: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "SLACK_BOT_TOKEN": town.settings.slack_bot_token,
        "SLACK_SIGNING_SECRET": town.settings.slack_signing_secret,
        "SLACK_API_URL": town.slack.api_url,
        "DATABASE_URL": town.database_url,
        "BROBOT_CHANNEL": town.settings.channel,
        "BROBOT_ADMINS": AMIR.email,
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
    }
    command = [sys.executable, "-m", "bot", "web"]
    environment = {**os.environ, **settings}
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        yield process
        process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where it says that it listens."""
    for _ in range(200):
        if found := re.search(r"running on (\S+)", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def recorded(town: Town) -> tuple[Delivery, ...]:
    """One of each that Slack sends: commands, forms, buttons in messages and on Home, events."""
    maria, amir = town.person(MARIA), town.person(AMIR)
    for person in (maria, amir):
        person.types("/bro settings")
        person.submits()
        person.opens_home()
        person.types("/bro")
    maria.types(f"/workshop {CANARY} 7 januari 2026 Kumla")
    maria.fills(theme="service", notes=CANARY)
    maria.submits()
    maria.types("/bro mina")
    maria.presses(sv("Change"))
    maria.submits()
    maria.opens_home()
    maria.says(CANARY)
    amir.types(f"/paminnelse {CANARY}")
    return tuple(town.slack.courier.sent)


# --- What holds, whatever is sent


def told(attacked: Attacked) -> list[str]:
    """Lines of the log in which something stands that does not belong there."""
    app = attacked.town.world.app
    secrets = (CANARY, app.bot_token, app.signing_secret, app.verification_token, "/response/")
    lines = attacked.log.read_text(errors="replace").splitlines()
    return [line for line in lines if any(secret in line for secret in secrets)]


def statuses(
    attacked: Attacked, make: Callable[[Random], Attempt], numbers: range
) -> Counter[int]:
    """What is answered to so many attempts."""
    found: Counter[int] = Counter()

    async def scenario() -> None:
        async with Sender(attacked.town, attacked.url, AT_ONCE) as sender:

            async def one(number: int) -> None:
                attempt = make(Random(number))
                status, _ = await sender.post(attempt.body, attempt.headers)
                found[status] += 1

            await each(one, numbers, AT_ONCE)

    asyncio.run(scenario())
    return found


def test_what_is_not_rightly_signed_changes_nothing(attacked, rounds, figures):
    times, make = rounds(1_000, 80_000), attacked.hostility.unsigned_attempt
    before = attacked.written()
    found = statuses(attacked, make, range(times // 10))
    memory = attacked.memory()
    found += statuses(attacked, make, range(times // 10, times))
    grown = attacked.memory() - memory
    assert set(found) <= REFUSED
    assert attacked.written() == before
    assert grown < FLAT_MIB
    assert told(attacked) == []
    assert attacked.answers_maria()
    figures(f"{times:,} requests, all refused, nothing changed; {grown:+.1f} MiB")


def test_what_is_signed_and_broken_is_answered_all_the_same(attacked, rounds, figures):
    times, make = rounds(6000, 20_000), attacked.hostility.signed_attempt
    found = statuses(attacked, make, range(times // 10))
    memory = attacked.memory()
    found += statuses(attacked, make, range(times // 10, times))
    grown = attacked.memory() - memory
    assert set(found) <= ANSWERED
    assert grown < FLAT_MIB
    assert told(attacked) == []
    assert attacked.answers_maria()
    answers = ", ".join(f"{number:,} × {status}" for status, number in sorted(found.items()))
    figures(f"{times:,} requests: {answers}; {grown:+.1f} MiB")
