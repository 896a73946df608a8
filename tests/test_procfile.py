"""The Procfile as it stands: `honcho start`, and the bot is there."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.ledger.engine import connect
from bot.ledger.store import Books, Ledger
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds. Two processes start, one after the other's migration, while other tests run."""


@pytest.fixture
def installation(town, tmp_path) -> dict[str, str]:
    """An operator's environment: the settings, a database that is not there yet, a free port."""
    changed = {"database_url": f"sqlite:///{tmp_path}/fresh.db", "port": free_port()}
    settings = town.settings.model_copy(update=changed)
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        **in_the_environment(settings),
    }


def in_the_environment(settings: Settings) -> dict[str, str]:
    told = {f.alias: getattr(settings, name) for name, f in Settings.model_fields.items()}
    written = {k: ",".join(v) if isinstance(v, tuple) else str(v) for k, v in told.items()}
    return {name: value for name, value in written.items() if value}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def started(installation, tmp_path) -> Iterator[Path]:
    """What honcho prints, while it runs."""
    said = tmp_path / "said.txt"
    command = [sys.executable, "-m", "honcho", "start"]
    with said.open("w") as output:
        honcho = subprocess.Popen(
            command, cwd=ROOT, env=installation, stdout=output, stderr=output, text=True
        )
        try:
            yield said
        finally:
            honcho.send_signal(signal.SIGTERM)
            honcho.wait(PATIENCE)


def comes_about(what: Callable[[], bool], said: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.1)  # two real processes are starting: there is nothing to wait for but time


def delivers(books: Books) -> bool:
    return books.pulse.last("delivery") is not None


def test_honcho_start_brings_up_a_web_process_and_a_worker(installation, started):
    def answers() -> bool:
        with suppress(OSError):
            address = f"http://127.0.0.1:{installation['PORT']}/ready"
            return bool(urllib.request.urlopen(address).status == 200)
        return False

    comes_about(answers, started)
    ledger = Ledger(connect(installation["DATABASE_URL"]))
    comes_about(lambda: ledger.read(delivers), started)
    ledger.close()
