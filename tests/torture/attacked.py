"""`brobot web` as a process of its own, within reach of whoever likes to send it something."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from sqlalchemy import Connection, inspect, text

from bot.clock import MovableClock
from playground.delivery import Delivery
from playground.town import AMIR, MARIA, Town
from tests.conftest import FRIDAY, Still
from tests.talk import sv
from tests.torture.hostile import CANARY, Hostility

FLAT_MIB = 32

Written = Mapping[str, list[str]]
"""The rows of each table."""


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
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    @contextmanager
    def flat(self) -> Iterator[Callable[[], str]]:
        """Its memory's peak in here lies hardly above what it holds at the start. By how much,
        in words."""
        grown = 0.0
        (self._proc / "clear_refs").write_text("5")  # the peak, from now on: man 5 proc
        before = self._mib("VmRSS")
        yield lambda: f"{grown:+.1f} MiB"
        grown = self._mib("VmHWM") - before
        assert grown < FLAT_MIB

    @property
    def _proc(self) -> Path:
        return Path(f"/proc/{self.process.pid}")

    def _mib(self, figure: str) -> float:
        found = re.search(
            rf"^{figure}:\s+(\d+) kB$", (self._proc / "status").read_text(), re.MULTILINE
        )
        assert found
        return int(found[1]) / 1024

    def written(self) -> Written:
        """All rows of every table but the pulses, which processes note by themselves."""
        engine = self.town.desk.setup.ledger._engines.reading
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names()) - {"pulse"}
            assert len(tables) > 10  # else they are not found
            return {name: sorted(_rows(connection, name)) for name in sorted(tables)}

    def answers_maria(self) -> bool:
        maria = self.town.person(MARIA)
        before = len(maria.dm)
        maria.types("/bro")
        return len(maria.dm) == before + 1 and not maria.notice


def _rows(connection: Connection, table: str) -> Iterator[str]:
    return map(repr, connection.execute(text(f'SELECT * FROM "{table}"')))


@contextmanager
def under_attack(database: str, folder: Path) -> Iterator[Attacked]:
    with Town(database, MovableClock(Still(FRIDAY))) as town:
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
