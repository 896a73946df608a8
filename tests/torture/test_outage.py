"""A day without Slack, an hour in which it asks to be left alone, and a long line afterwards: in
time that is moved by hand."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from random import Random

import pytest

from bot.clock import MovableClock
from bot.ledger.engine import connect
from bot.ledger.outbox import PACE
from bot.ledger.store import Ledger
from playground.faults import Fault
from playground.world import World
from schedules.delivery import LONGEST_WAIT
from tests.torture.conftest import Figures, Rounds
from tests.torture.crowd import Crowd, Worker, worker
from tests.torture.mortal import POST, Call, Fate, SlackInReach

NOBODY_DIES = Fate(Random(0), chance=0)
WORKERS = 2
OUT = (Fault.dropped_before(), Fault.failed_before(503), Fault.html(502), Fault.html(200))


def longest_drain(line: int) -> timedelta:
    """The promise: after an outage the first message of each line comes within a quarter of an
    hour, and the others behind it at nearly one a second."""
    return LONGEST_WAIT + line * PACE * 1.5 + timedelta(minutes=2)


@dataclass
class Weather:
    """How Slack is: `out` or `storm` until a moment; some channels are refused whatever comes."""

    world: World
    random: Random
    refused: dict[str, str] = field(default_factory=dict)
    out_until: datetime | None = None
    storm_until: datetime | None = None
    a_minute: int = 1_000_000
    posted: list[datetime] = field(default_factory=list)

    def __call__(self, method: str, channel: str) -> Fault:
        now = self.world.clock()
        if self.out_until and now < self.out_until:
            return self.random.choice(OUT)
        if method != POST:
            return Fault()
        if self.storm_until and now < self.storm_until:
            return Fault.rate_limited(str(self.random.randint(1, 60)))
        if channel in self.refused:
            return Fault.refused(self.refused[channel])
        return self._budgeted(now)

    def _budgeted(self, now: datetime) -> Fault:
        """Slack takes several hundred messages a minute from one workspace.
        https://docs.slack.dev/reference/methods/chat.postMessage#rate_limiting"""
        minute = now.replace(second=0, microsecond=0)
        self.posted = [at for at in self.posted if at >= minute]
        if len(self.posted) >= self.a_minute:
            return Fault.rate_limited(str(60 - now.second))
        self.posted.append(now)
        return Fault()


@dataclass
class Scene:
    crowd: Crowd
    weather: Weather
    calls: list[Call]
    channels: list[str]

    def says(self, many: int) -> None:
        """So many messages, one to each channel in turn."""
        for _ in range(many):
            self.crowd.says(f"slack:{self.channels[self.crowd.count % len(self.channels)]}")

    def drains(self) -> timedelta:
        """A worker's rounds until nothing is left. How long that took."""
        begun = self.crowd.clock()
        self.crowd.workers[0].empties()
        return self.crowd.clock() - begun

    def take_turns(self, seconds: float, every: float, many: int) -> None:
        """Rounds of all workers for so long, at the same moments but one after the other: what one
        has asked before another is told to wait, nobody can take back. Before each of them somebody
        says something, so that every worker finds a line that no other has put off."""
        end = self.crowd.clock() + timedelta(seconds=seconds)
        while self.crowd.clock() <= end:
            for each in self.crowd.workers:
                self.says(int(self.crowd.count < many))
                each.round()
            self.crowd.office.passes(every)

    def posts(self) -> Iterator[tuple[str, list[datetime]]]:
        posts = sorted((c.channel, c.at) for c in self.calls if c.method == POST)
        for channel, calls in groupby(posts, lambda post: post[0]):
            yield channel, [at for _, at in calls]


@pytest.fixture
def channels(rounds: Rounds) -> int:
    return rounds(6, 50)


@pytest.fixture
def line(rounds: Rounds) -> int:
    """How many messages each channel is sent."""
    return rounds(14, 50)


@pytest.fixture
def workers(url: str) -> Iterator[Callable[[World, SlackInReach], list[Worker]]]:
    """Each with connections of its own, as another process has them."""
    with ExitStack() as opened:

        def make(world: World, client: SlackInReach) -> list[Worker]:
            ledgers = [Ledger(connect(url)) for _ in range(WORKERS)]
            for ledger in ledgers:
                opened.callback(ledger.close)
            return [worker(ledger, world.clock, client) for ledger in ledgers]

        yield make


@pytest.fixture
def scene(clock: MovableClock, channels: int, workers: Callable[..., list[Worker]]) -> Scene:
    world = World(clock=clock, monotonic=lambda: clock().timestamp(), wall=time.time)
    users = [world.add_user("maria")]
    names = [world.add_channel(f"kanal{number}", users).id for number in range(channels)]
    weather, calls = Weather(world, Random(1)), []
    several = workers(world, SlackInReach(world, NOBODY_DIES, weather, calls.append))
    crowd = Crowd(world, clock, Random(2), several[0], several)
    return Scene(crowd, weather, calls, names)


def broken_waits(calls: Iterable[Call]) -> Iterator[Call]:
    """The calls of a method before the end of a wait that Slack had asked for with it."""
    until: dict[str, datetime] = {}
    for call in calls:
        if call.method in until and call.at < until[call.method]:
            yield call
        if call.answer.status == 429:
            wait = int(dict(call.answer.headers)["Retry-After"])
            until[call.method] = call.at + timedelta(seconds=wait)


def all_is_well(scene: Scene) -> None:
    """In order, once, one a second and channel, and no wait broken."""
    assert list(scene.crowd.wrong()) == []
    assert list(broken_waits(scene.calls)) == []
    pauses = (later - at for _, times in scene.posts() for at, later in pairwise(times))
    assert min(pauses) >= PACE


def test_after_a_day_without_slack_everything_comes_in_order_and_soon(
    scene: Scene, channels: int, line: int, rounds: Rounds, figures: Figures
):
    hours = rounds(2, 24)
    scene.weather.out_until = scene.crowd.clock() + timedelta(hours=hours)
    for _ in range(4):
        scene.says(channels * line // 4)
        scene.crowd.workers[0].works(hours * 3600 / 4 - 60, every=60)
    scene.crowd.clock.set(scene.weather.out_until)
    asked = len(scene.calls)
    took = scene.drains()
    all_is_well(scene)
    assert scene.crowd.states() == {"sent": channels * line}
    assert took < longest_drain(line)
    figures(
        f"{hours} h without Slack, {channels * line:,} messages over {channels} channels: 0 twice, "
        f"0 lost, order kept; Slack asked {asked / channels / hours:.1f} times an hour and channel "
        f"meanwhile; all delivered {took.total_seconds() / 60:.1f} minutes after its end "
        f"(promised {longest_drain(line).total_seconds() / 60:.0f})"
    )


def test_in_an_hour_of_refusals_no_wait_that_slack_asks_for_is_broken(
    scene: Scene, channels: int, line: int, rounds: Rounds, figures: Figures
):
    minutes = rounds(6, 60)
    scene.weather.storm_until = scene.crowd.clock() + timedelta(minutes=minutes)
    scene.take_turns(minutes * 60, every=2, many=channels * line)
    refused = [call for call in scene.calls if call.answer.status == 429]
    took = scene.drains()
    all_is_well(scene)
    assert scene.crowd.states() == {"sent": channels * line}
    assert took < longest_drain(line)
    figures(
        f"{len(refused)} times asked to wait in {minutes} minutes, {WORKERS} workers, "
        f"{channels * line:,} messages over {channels} channels: 0 calls within a wait, all "
        f"delivered {took.total_seconds() / 60:.1f} minutes after its end"
    )


def test_a_long_line_drains_as_fast_as_slack_takes_it(
    scene: Scene, channels: int, line: int, figures: Figures
):
    """A workspace takes several hundred messages a minute in all; each channel one a second."""
    scene.weather.a_minute = channels * 6
    scene.says(channels * line)
    took = scene.drains()
    all_is_well(scene)
    minutes = took.total_seconds() / 60
    assert minutes < 1.2 * line / 6 + 1
    figures(
        f"{channels * line:,} messages at {channels * 6} a minute and workspace: "
        f"all delivered in {minutes:.1f} minutes"
    )


def test_a_dead_channel_holds_up_nobody_and_nothing_is_given_up_in_silence(
    scene: Scene, line: int, figures: Figures, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    office = scene.crowd.workers[0]
    archived, forbidden, living, *_ = (f"slack:{channel}" for channel in scene.channels)
    scene.weather.refused = {scene.channels[0]: "is_archived", scene.channels[1]: "no_text"}
    for number in range(line):
        office.puts(f"arkiv {number}", to=archived)
        office.puts(f"förbjudet {number}", to=forbidden)
        office.puts(f"levande {number}", to=living)
    office.composer.pointless = {"levande 3", "levande 5"}
    office.works(line * 2)

    said = [f"levande {number}" for number in range(line) if number not in {3, 5}]
    assert scene.crowd.seen(living) == said
    assert {office.state("levande 3"), office.state("levande 5")} == {"dropped"}
    assert [record for record in caplog.messages if "lost its point" in record] == [
        f"message levande {number} has lost its point" for number in (3, 5)
    ]
    assert office.failures == [(f"förbjudet {number}", "no_text") for number in range(line)]
    assert scene.crowd.seen(archived) == []

    scene.weather.refused = {}
    office.works(300 + line * 2)
    assert scene.crowd.seen(archived) == [f"arkiv {number}" for number in range(line)]
    figures(
        f"{line} messages each to an archived channel, a forbidden one and a living one: "
        f"{line} came once it was opened again, {line} failed and told once, "
        f"{line - 2} said at once and 2 dropped"
    )
