"""The demo that one starts to try the bot by hand."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from playground.errors import NotAllowed
from playground.seed import TODAY, seed
from playground.telling import moment
from playground.town import EVA, MARIA, Town


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def process(taken: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bot", "demo", "--port", str(taken)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as started:
        yield started
        started.kill()


def page_of(process: subprocess.Popen[str]) -> httpx.Client:
    """The page at the address that the demo prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return httpx.Client(base_url=found[0], timeout=30)
    raise AssertionError(process.stderr and process.stderr.read())


def channel(state: dict) -> list[dict]:
    bro = next(each["id"] for each in state["channels"] if each["name"] == "bro")
    return state["messages"][bro]


def test_moved_to_monday_the_digest_comes_and_ctrl_c_leaves_nothing(process, taken, tmp_path):
    with page_of(process) as page:
        assert page.base_url.port != taken
        assert page.get("").status_code == 200
        state = page.get("state").json()
        before = len(channel(state))
        clock = {"type": "clock", "to": "2026-06-15T08:00:00+02:00"}
        moved = page.post("do", json={"as": state["me"]["id"], "action": clock})
        assert moved.json() == {"ok": True}
        while len(channel(state)) < before + 2:
            page.get("wait", params={"version": state["version"]})
            state = page.get("state").json()
        assert "24 2026" in channel(state)[before]["text"]
    assert list(tmp_path.iterdir())
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=10)
    assert (process.returncode, list(tmp_path.iterdir())) == (0, [])
    assert complaints == f"Port {taken} är upptagen / is taken.\n"


def test_the_clock_may_be_moved_back_and_forth(town: Town):
    seed(town)
    eva = town.person(EVA)
    for to in ("2025-12-01 08:00", "2026-03-02 08:00", "2028-01-10 09:00", "2026-06-15 08:00"):
        town.move_clock(moment(to))
        town.settle()
        eva.types("/okr", "bro")
        assert "S4" in eva.sees("bro")[-1].words
        assert eva.opens_home() is not None
        assert eva.notice == ""
    assert any("24 2026" in each.text for each in eva.sees("bro"))


def test_what_is_in_line_is_said_before_the_clock_goes_back(town: Town):
    town.move_clock(TODAY + timedelta(days=3))
    maria = town.person(MARIA)
    maria.types("/workshop Frukost 2 juni Kumla, Laxå")
    maria.fills(theme="service")
    maria.submits()
    town.move_clock(TODAY)
    assert len(maria.dm) == 1


@pytest.mark.parametrize("to", ["2026-06-15T08:00:00", "9999-12-31T23:59:59+00:00"])
def test_the_clock_is_not_moved_to_where_nothing_works(town: Town, to: str):
    with pytest.raises(NotAllowed):
        town.move_clock(datetime.fromisoformat(to))
    assert town.clock() == TODAY
