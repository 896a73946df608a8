"""What a process loads: the parts of its own command, and no other's.

With all parts of all commands a start took two thirds longer, and half as much memory again.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import _loaded, commands
from tests import databases

STARTED = """
import sys, uvicorn
uvicorn.run = lambda *_, **_named: print(*sys.modules)
from bot.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
"""A command up to where it would begin to serve."""

FOUND = """
import sys
from bot.__main__ import _loaded
_loaded(sys.argv[1])
print(*sys.modules)
"""

ONLY_THE_WORKERS = {"PIL", "apscheduler"}
ONLY_THE_WEB_PROCESS_S = {"aiohttp", "slack_bolt", "starlette", "uvicorn"}
ONLY_OTHER_COMMANDS = {"alembic", "httpx", "mako", "playground"}
ONLY_POSTGRESQL_S = {"psycopg"}
ONLY_MONITORING_S = {"prometheus_client"}
ONLY_WHEN_ASKED = {"holidays"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    told = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "BROBOT_CHANNEL": "C1"}
    return {**os.environ, **told, "DATABASE_URL": databases.sqlite(tmp_path)}


def loaded(code: str, command: str, environment: dict[str, str]) -> set[str]:
    """The libraries and rooms that a process has when it has run this."""
    argv = [sys.executable, "-c", code, command]
    said = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in said.stdout.split()}


def test_the_web_process_loads_nothing_of_the_workers_nor_of_other_commands(environment):
    found = loaded(STARTED, "web", environment)
    assert found >= ONLY_THE_WEB_PROCESS_S
    assert not found & (ONLY_THE_WORKERS | ONLY_OTHER_COMMANDS)


def test_the_worker_loads_nothing_of_the_web_process_nor_of_other_commands(environment):
    found = loaded(FOUND, "worker", environment)
    assert found >= ONLY_THE_WORKERS
    assert not found & (ONLY_THE_WEB_PROCESS_S | ONLY_OTHER_COMMANDS)


def test_where_nothing_is_to_be_migrated_run_loads_nothing_that_migrates(environment):
    found = loaded(STARTED, "run", environment)
    assert found >= ONLY_THE_WORKERS | ONLY_THE_WEB_PROCESS_S
    assert not found & ONLY_OTHER_COMMANDS


def test_an_idle_web_process_has_not_loaded_the_holidays_of_all_countries(environment):
    assert not loaded(STARTED, "web", environment) & ONLY_WHEN_ASKED


def test_on_sqlite_nothing_of_postgresql_is_loaded(environment):
    assert not loaded(STARTED, "run", environment) & ONLY_POSTGRESQL_S


def test_what_monitoring_reads_is_loaded_where_there_is_a_token_for_it(environment):
    assert not loaded(STARTED, "web", environment) & ONLY_MONITORING_S
    watched = {**environment, "BROBOT_METRICS_TOKEN": "read"}
    assert loaded(STARTED, "web", watched) >= ONLY_MONITORING_S


@pytest.mark.parametrize("command", commands())
def test_every_command_is_found_where_the_command_line_looks_for_it(command):
    assert _loaded(command).__name__ == command
