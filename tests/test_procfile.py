"""The Procfile as it stands: `honcho start`, and the bot is there; and the `.env` of the README."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from honcho import environ

from bot.ledger.engine import connect
from bot.ledger.store import Books, Ledger
from bot.settings import Settings, settings_from

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
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


@pytest.fixture
def settings_file(tmp_path) -> Path:
    """The `.env` that the README has its reader write, as it stands there."""
    step = README.partition("**Write the settings**")[2]
    written = re.search(r"```\n(.*?)```", step, re.DOTALL)
    assert written is not None
    (tmp_path / ".env").write_text(dedent(written[1]))
    return tmp_path / ".env"


def test_with_the_readmes_settings_honcho_has_the_web_process_listen_where_it_says(settings_file):
    told = re.sub(r": .*", ": echo listens on $PORT", (ROOT / "Procfile").read_text())
    (settings_file.parent / "Procfile").write_text(told)
    command = [sys.executable, "-m", "honcho", "start"]
    path = {"PATH": os.environ["PATH"]}
    folder = settings_file.parent
    said = subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True, check=True)
    assert re.findall(r"web.* listens on (\d+)", said.stdout) == ["3000"]
    assert {*re.findall(r"(?:localhost:|\bport )(\d+)", README)} == {"3000"}


def test_a_shell_honcho_and_systemd_read_the_readmes_settings_alike(settings_file):
    text = settings_file.read_text()
    # systemd takes all that follows the sign for the value, less the quotes around it, and only a
    # whole line for a comment. https://www.freedesktop.org/software/systemd/man/systemd.exec.html
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    by_systemd = {name: value.strip("'") for name, value in (each.split("=", 1) for each in lines)}
    assert environ.parse(text) == by_systemd
    shell = ["sh", "-c", "set -a; . ./.env; env"]
    said = subprocess.check_output(shell, cwd=settings_file.parent, env={}, text=True)
    assert {*said.splitlines()} >= {f"{name}={value}" for name, value in by_systemd.items()}
    filled_in = {name: value.replace("…", "1") for name, value in by_systemd.items()}
    assert settings_from(filled_in).port == 3000
