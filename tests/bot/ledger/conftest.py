"""The store on both databases: every test that asks for `ledger` runs on each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ledger.engine import Engines, connect
from bot.ledger.store import Ledger
from tests import databases
from tests.databases import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with databases.postgresql(tmp_path_factory.mktemp("postgresql")) as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_url(server: Server) -> str:
    return databases.migrated(server("ledger"))


@pytest.fixture
def engines_of() -> Iterator[Callable[[str], Engines]]:
    """Engines that are disposed of when the test is over."""
    made: list[Engines] = []

    def make(url: str) -> Engines:
        made.append(connect(url))
        return made[-1]

    yield make
    for engines in made:
        engines.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, engines_of: Callable[[str], Engines]
) -> str:
    """An empty, migrated database."""
    if request.param == "sqlite":
        return databases.sqlite(tmp_path)
    found: str = request.getfixturevalue("postgresql_url")
    databases.empty(engines_of(found).writing)
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/brobot.db"
    found: Server = request.getfixturevalue("server")
    return found(f"bare-{tmp_path.name}")


@pytest.fixture
def engines(engines_of: Callable[[str], Engines], url: str) -> Engines:
    return engines_of(url)


@pytest.fixture
def ledger(engines: Engines) -> Ledger:
    return Ledger(engines)


@pytest.fixture
def elsewhere(engines_of: Callable[[str], Engines], url: str) -> Ledger:
    """The same database as another process has it."""
    return Ledger(engines_of(url))
