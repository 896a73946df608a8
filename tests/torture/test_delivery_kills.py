"""Workers killed at random points, beside a Slack that fails in every way it can: no message is
said twice, none is lost, none is stuck."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest

from bot.clock import MovableClock
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from playground.faults import Fault
from playground.server import StandIn
from playground.world import World
from tests import databases
from tests.schedules.conftest import Office
from tests.torture.conftest import Figures, Rounds
from tests.torture.crowd import Crowd, worker
from tests.torture.doomed import SharedClock, started
from tests.torture.mortal import (
    HISTORY,
    POST,
    Call,
    Fate,
    Mischief,
    MortalClient,
    MortalLedger,
    SlackInReach,
    told,
)

WORKERS = 3
NOBODY = Fate(Random(0), chance=0)
CHANNELS, PEOPLE = 24, 6
LONGEST_DRAIN = timedelta(hours=3)
"""How long after the last trouble the last message may come: an hour that Slack asked to be left
alone, and what had queued up meanwhile."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Server]:
    with databases.postgresql(tmp_path_factory.mktemp("postgresql")) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return databases.sqlite(tmp_path)
    running: databases.Server = request.getfixturevalue("server")
    return databases.migrated(running(tmp_path.name))


@pytest.fixture
def ledgers(url: str) -> Iterator[Callable[..., Ledger]]:
    """Each with connections of its own, as another process has them."""
    with ExitStack() as opened:

        def make(kind: Callable[..., Ledger], *more: object) -> Ledger:
            ledger = kind(connect(url), *more)
            opened.callback(ledger.close)
            return ledger

        yield make


@pytest.fixture
def world(clock: MovableClock) -> World:
    world = World(
        clock=clock, monotonic=lambda: clock().timestamp(), wall=time.time, enforce_rate=True
    )
    users = [world.add_user(f"person{number}") for number in range(PEOPLE)]
    for number in range(CHANNELS):
        world.add_channel(f"kanal{number}", users)
    return world


CrowdOf = Callable[[Fate, Callable[[], object]], Crowd]


@pytest.fixture
def crowd_of(world: World, clock: MovableClock, ledgers: Callable[..., Ledger]) -> CrowdOf:
    """Workers who share a fate, each with a client and connections of its own."""

    def make(fate: Fate, client: Callable[[], object]) -> Crowd:
        crowd = Crowd(world, clock, Random(2), Office(ledgers(Ledger), clock, door=None))
        for _ in range(WORKERS):
            crowd.workers.append(worker(ledgers(MortalLedger, fate), clock, client()))
        return crowd

    return make


def goes_on(crowd: Crowd, tried: int) -> None:
    """Time, faster when there is nothing to do."""
    seconds = crowd.random.uniform(1, 30) if tried else 300
    crowd.clock.set(crowd.clock() + timedelta(seconds=seconds))


def are_killed(
    crowd: Crowd, fate: Fate, kills: int, trouble: Callable[[], object] = lambda: None
) -> None:
    """Rounds of all workers, with new messages in each, until so many have been killed."""
    world = crowd.world
    to = [*world.channels, *(each for each in world.users if each != world.bot.id)]
    while fate.killed.total() < kills:
        for _ in range(3):
            crowd.says(f"slack:{crowd.random.choice(to)}")
        trouble()
        goes_on(crowd, crowd.round())


def drains(crowd: Crowd) -> timedelta:
    """Rounds without any trouble until all is said. How long that took."""
    begun = crowd.clock()
    while crowd.office.unsettled:
        assert crowd.clock() < begun + LONGEST_DRAIN
        goes_on(crowd, crowd.round())
    return crowd.clock() - begun


def all_is_well(crowd: Crowd) -> None:
    assert list(crowd.wrong()) == []
    assert crowd.states() == {"sent": crowd.count}
    assert [each.failures for each in crowd.workers] == [[]] * WORKERS


def test_workers_killed_at_any_point_say_nothing_twice_and_lose_nothing(
    world: World, crowd_of: CrowdOf, rounds: Rounds, figures: Figures
):
    fate = Fate(Random(1), chance=0.1)
    mischief = Mischief(Random(3), world.clock)
    calls: list[Call] = []
    crowd = crowd_of(fate, lambda: SlackInReach(world, fate, mischief, calls.append))
    are_killed(crowd, fate, rounds(60, 4_600))
    fate.chance = mischief.chance = 0
    took = drains(crowd)
    all_is_well(crowd)
    assert [call for call in calls if call.too_fast] == []
    figures(
        f"{told(fate.killed)}; {WORKERS} workers, {crowd.count:,} messages: 0 twice, 0 lost, "
        f"0 stuck; all said {took.total_seconds() / 60:.0f} minutes after the last trouble"
    )


def test_workers_killed_over_real_http_say_nothing_twice_and_lose_nothing(
    world: World, crowd_of: CrowdOf, rounds: Rounds, figures: Figures
):
    fate = Fate(Random(4), chance=0.1)
    mischief = Mischief(Random(5), world.clock)

    def trouble() -> None:
        for method in (POST, POST, HISTORY):
            world.faults.next(method, mischief(method))

    with StandIn(world):
        crowd = crowd_of(fate, lambda: MortalClient(world, fate))
        are_killed(crowd, fate, rounds(10, 250), trouble)
        world.faults.clear()
        fate.chance = 0
        drains(crowd)
    all_is_well(crowd)
    figures(f"{told(fate.killed)}; {crowd.count:,} messages: 0 twice, 0 lost, 0 stuck")


HOW = ("at a random moment", "in the request", "after Slack has taken the message")


def test_processes_that_are_really_killed_say_nothing_twice_and_lose_nothing(
    world: World, url: str, crowd_of: CrowdOf, rounds: Rounds, figures: Figures
):
    kills, shared, random = rounds(4, 150), SharedClock(), Random(6)
    killed: Counter[str] = Counter()
    with StandIn(world):
        client = MortalClient(world, NOBODY)
        crowd = crowd_of(NOBODY, lambda: client)
        for number in range(kills):
            for _ in range(3):
                crowd.says(f"slack:{random.choice([*world.channels])}")
            shared.set(world.clock())
            process, how = started(url, client, shared), HOW[number % len(HOW)]
            dies(process, world, how, random.uniform(0, 0.03))
            killed[how] += 1
            crowd.office.passes(random.uniform(1, 70))
        world.faults.clear()
        drains(crowd)
    all_is_well(crowd)
    figures(f"{told(killed)}; {crowd.count:,} messages: 0 twice, 0 lost, 0 stuck")


def dies(process: BaseProcess, world: World, how: str, after: float) -> None:
    """SIGKILL, at the moment that is asked for, or after so many seconds if that never comes."""
    match how:
        case "in the request":
            world.faults.next(POST, Fault.slow(process.kill))
        case "after Slack has taken the message":
            world.faults.next(POST, Fault.slow_after(process.kill))
        case _:
            time.sleep(after)
            process.kill()
    process.join(2)
    process.kill()
    process.join()
