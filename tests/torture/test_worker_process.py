"""The real thing: `brobot worker` as a process of its own, whose database takes nothing more."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.settings import Settings
from playground.town import Town
from tests.torture.conftest import Figures, Rounds

OUT_WITHIN = 90
"""Seconds after the last progress."""

HOLDS = {
    "sqlite": ("BEGIN IMMEDIATE",),
    "postgresql": ("BEGIN", "LOCK TABLE pulse, outbox, occasions"),
}


@pytest.fixture(autouse=True)
def _at_full_length_only(rounds: Rounds) -> None:
    if not rounds(0, 1):
        pytest.skip("waits for a real process: at full length only")


@pytest.fixture
def database(url: str) -> Iterator[Engine]:
    """As somebody else has it: without our limits, so that what they hold they hold for ever."""
    plain = make_url(url)
    if plain.get_backend_name() == "postgresql":
        plain = plain.set(drivername="postgresql+psycopg")
    engine = create_engine(plain, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@contextmanager
def held(database: Engine) -> Iterator[None]:
    """Nobody else can write."""
    with database.connect() as connection:
        for words in HOLDS[database.dialect.name]:
            connection.exec_driver_sql(words)
        yield
        connection.exec_driver_sql("ROLLBACK")


def test_a_real_worker_whose_database_takes_nothing_more_is_out_in_ninety_seconds(
    town: Town, url: str, database: Engine, figures: Figures
):
    settings = _environment(town.settings, url)
    command = [sys.executable, "-m", "bot", "worker"]
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as running:
        _wait_for_a_beat(database, after=None)
        with held(database):
            began = time.monotonic()
            _, said = running.communicate(timeout=OUT_WITHIN + 10)
            took = time.monotonic() - began
    assert running.returncode == 1
    assert "no progress: " in said
    assert took <= OUT_WITHIN
    last = _last_beat(database)
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as anew:
        _wait_for_a_beat(database, after=last)
        anew.terminate()
        anew.communicate(timeout=30)
    assert anew.returncode == 0
    figures(f"out {took:.0f} s after its database stopped taking anything; started anew it works")


def _environment(given: Settings, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": given.slack_bot_token,
        "SLACK_SIGNING_SECRET": given.slack_signing_secret,
        "SLACK_API_URL": given.slack_api_url,
        "DATABASE_URL": url,
        "BROBOT_CHANNEL": given.channel,
    }


def _last_beat(database: Engine) -> object:
    with database.connect() as connection:
        query = text("SELECT max(at) FROM pulse WHERE name = 'delivery'")
        return connection.execute(query).scalar()


def _wait_for_a_beat(database: Engine, after: object) -> None:
    until = time.monotonic() + 60
    while _last_beat(database) in {None, after}:
        assert time.monotonic() < until, "no beat"
        time.sleep(0.2)
