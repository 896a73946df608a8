"""A stand-in Slack for contracts with bolt and the SDK; databases for those with the drivers."""

import time
from collections.abc import Iterator

import pytest

from bot.clock import MovableClock
from playground.server import StandIn
from playground.world import World
from tests.bot.ledger.conftest import engines_of, postgresql_url, server  # noqa: F401 - fixtures


@pytest.fixture
def slack(clock: MovableClock) -> Iterator[StandIn]:
    world = World(clock=clock, monotonic=time.monotonic, wall=time.time)
    world.add_channel("bro", [world.add_user("maria")])
    world.add_command("/workshop")
    with StandIn(world) as running:
        yield running
