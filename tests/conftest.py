"""What every test shares: one frozen moment, one town, one cast."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.clock import MovableClock
from playground.town import Town
from tests import databases

# Two cores shared with a database and two web servers: an example may take longer than 200 ms.
settings.register_profile("brobot", deadline=None, derandomize=True)
settings.load_profile("brobot")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="torture at its full length")
    parser.addoption("--figures", help="the file that torture notes its figures in")


FRIDAY = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)
"""Friday 12 June 2026, 14:00 in Stockholm, week 24."""


class Still:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(Still(FRIDAY))


@pytest.fixture
def town(tmp_path: Path, clock: MovableClock) -> Iterator[Town]:
    with Town(databases.sqlite(tmp_path), clock) as running:
        yield running
