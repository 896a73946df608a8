"""What arrives is neither lost nor taken twice, whatever becomes of the processes and the database.

Web processes are real ones, killed as an operating system kills them. Submissions are what Slack
sends, over signed HTTP or by Socket Mode. Whoever gets no answer, or is told that nothing was
saved, sends the same form again, as a person does who presses the button again.
"""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import aiohttp
import pytest
from sqlalchemy.engine import make_url

from bot.clock import MovableClock
from bot.desk.recording import receipt_key
from handlers.commands import BUSY, UNSURE
from playground.delivery import Delivery
from playground.town import MARIA, Town
from tests.databases import empty, postgresql, sqlite
from tests.talk import sv
from tests.torture.stalling import Stalling
from tests.torture.submissions import (
    LONG_AFTER,
    TAKEN,
    Reply,
    Sender,
    SocketSender,
    Submissions,
    each,
)
from tests.torture.web_processes import WebProcesses

AT_ONCE = 8
"""So many people submit at the same time."""

PROCESSES = {"sqlite": 2, "postgresql": 3}
LONGEST_LIFE = 0.08
"""Seconds from when a process listens. In a tenth of these it answers its first submission."""

CONNECTING = 0.1
"""Seconds that it takes to connect to Slack by Socket Mode, more or less."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory) -> Iterator[str]:
    """One of each kind, for all tests of this file: each finds what the others have left."""
    folder: Path = tmp_path_factory.mktemp("ingest")
    if request.param == "sqlite":
        yield sqlite(folder)
        return
    with postgresql(folder) as named:
        yield named("ingest")


@pytest.fixture
def town(database: str) -> Iterator[Town]:
    with Town(database, MovableClock(lambda: LONG_AFTER), cast=(MARIA,)) as running:
        empty(running.desk.setup.ledger._engines.writing)
        yield running


@pytest.fixture
def web(town: Town) -> Iterator[WebProcesses]:
    with WebProcesses(town.settings, LONG_AFTER) as processes:
        yield processes


def processes_on(town: Town) -> int:
    return PROCESSES[town.database_url.partition(":")[0]]


def recorded(town: Town) -> Counter[str]:
    """The titles of all reports that count, with how often each does; each with its receipt."""
    ledger = town.desk.setup.ledger
    reports = ledger.read(lambda books: books.reports.live_of(("workshop",)))
    receipts = ledger.read(lambda books: set(books.outbox.keys_beginning("receipt:")))
    assert receipts == {receipt_key(report.id) for report in reports}
    return Counter(str(report.answers["title"]) for report in reports)


# --- Killed


@dataclass
class Persistence:
    """People who submit until they are answered, while processes die under them."""

    town: Town
    submissions: Submissions
    sender: Sender | SocketSender
    over: bool = False
    sent: set[int] = field(default_factory=set)
    replies: Counter[Reply] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    """Where processes were killed, seen from a submission that was under way: before its report
    was committed, or between that and the answer."""

    async def go_on(self) -> None:
        numbers = count()
        await each(self._submit, iter(lambda: -1 if self.over else next(numbers), -1), AT_ONCE)

    async def _submit(self, number: int) -> None:
        self.sent.add(number)
        delivery = self.submissions.delivery(number)
        reply = await self._delivered(delivery)
        while reply != TAKEN:
            reply = await self._delivered(delivery)

    async def _delivered(self, delivery: Delivery) -> Reply | None:
        try:
            reply = await self.sender.send(delivery)
        except aiohttp.ClientError:
            self.cut[await asyncio.to_thread(self._fate, delivery)] += 1
            return None
        self.replies[reply] += 1
        return reply

    def _fate(self, delivery: Delivery) -> str:
        key = f"slack:view:{delivery.payload['view']['id']}"
        seen = self.town.desk.setup.ledger.read(lambda books: books.handled.seen(key))
        return "committed, not answered" if seen else "not committed"


async def kills(web: WebProcesses, times: int, chance: Random) -> None:
    """Start a process, let it live for a moment, end it; so many times, one after the other. Of
    four, two are killed at any time, one is asked to end (SIGTERM), and one is killed between its
    first commit and the answer."""
    for _ in range(times):
        manner = chance.choice(("kill", "kill", "terminate", "doomed"))
        process = await asyncio.to_thread(web.start, doomed=manner == "doomed")
        if manner != "doomed":
            await asyncio.sleep(web.longer + chance.uniform(0, LONGEST_LIFE))
            process.terminate() if manner == "terminate" else process.kill()
        await asyncio.to_thread(web.end, process)


def outlive(
    town: Town, web: WebProcesses, sender: Sender | SocketSender, times: int
) -> Persistence:
    """People who submit while so many processes are killed under them, and until they have all
    been answered."""
    several = processes_on(town)
    submissions = Submissions.by(town, MARIA)

    async def scenario() -> Persistence:
        async with sender:
            people = Persistence(town, submissions, sender)
            submitting = asyncio.create_task(people.go_on())
            killers = [kills(web, times // several, Random(seed)) for seed in range(several)]
            await asyncio.gather(*killers)
            people.over = True
            web.start()
            await submitting
            return people

    return asyncio.run(scenario())


def nothing_is_lost_or_taken_twice(town: Town, people: Persistence) -> str:
    titles = recorded(town)
    assert titles == Counter(people.submissions.title(number) for number in people.sent)
    assert people.cut["committed, not answered"] > 0
    assert set(people.replies) == {TAKEN}
    cut = ", ".join(f"{number:,} {what}" for what, number in sorted(people.cut.items()))
    return f"{len(titles):,} reports; cut off: {cut}"


def test_whatever_process_is_killed_no_acknowledged_report_is_lost_or_taken_twice(
    town, web, rounds, figures
):
    times = rounds(12, 972)
    people = outlive(town, web, Sender(town, web.url, AT_ONCE), times)
    figures(f"{times:,} kills, {nothing_is_lost_or_taken_twice(town, people)}")


def test_the_same_holds_for_what_comes_by_socket_mode(town, web, rounds, figures):
    """A process lives a little longer here: it has to connect before it is sent anything."""
    times, app = rounds(6, 30), town.world.app
    web.settings = town.settings.model_copy(
        update={"slack_signing_secret": "", "slack_app_token": app.app_token}
    )
    web.longer = CONNECTING
    people = outlive(town, web, SocketSender(town), times)
    figures(f"{times:,} kills, {nothing_is_lost_or_taken_twice(town, people)}")


# --- Delivered several times


@dataclass
class Deliveries:
    """Submissions that are each delivered one to four times: some of them at once, some after the
    web process was started anew."""

    submissions: Submissions
    sender: Sender
    times: dict[int, tuple[int, int]]
    """By number: how often at first and how often after the restart."""
    replies: defaultdict[int, set[Reply]] = field(default_factory=lambda: defaultdict(set))
    made: int = 0

    async def first(self, number: int) -> None:
        await self._deliver(number, self.times[number][0])

    async def late(self, number: int) -> None:
        await self._deliver(number, self.times[number][1])

    async def _deliver(self, number: int, times: int) -> None:
        delivery = self.submissions.delivery(number)
        self.replies[number] |= set(
            await asyncio.gather(*(self.sender.send(delivery) for _ in range(times)))
        )
        self.made += times


def test_a_submission_delivered_several_times_is_one_report_with_one_reply(
    town, web, rounds, figures
):
    many, batches, chance = rounds(120, 10_000), rounds(1, 4), Random(20_000)
    choices = ((1, 0), (2, 0), (1, 1), (3, 0), (1, 2), (2, 2), (4, 0))
    times = {number: chance.choice(choices) for number in range(many)}

    async def restarted(process: BaseProcess) -> BaseProcess:
        process.terminate()
        await asyncio.to_thread(web.end, process)
        return await asyncio.to_thread(web.start)

    async def scenario() -> Deliveries:
        process = web.start()
        async with Sender(town, web.url, 2 * AT_ONCE) as sender:
            deliveries = Deliveries(Submissions.by(town, MARIA), sender, times)
            for batch in range(batches):
                numbers = range(batch * many // batches, (batch + 1) * many // batches)
                await each(deliveries.first, numbers, AT_ONCE)
                process = await restarted(process)
                await each(deliveries.late, numbers, AT_ONCE)
        return deliveries

    deliveries = asyncio.run(scenario())
    assert set(map(frozenset, deliveries.replies.values())) == {frozenset({TAKEN})}
    assert recorded(town) == Counter(map(deliveries.submissions.title, range(many)))
    figures(f"{many:,} submissions, {deliveries.made:,} deliveries: {many:,} reports")


# --- A database that is locked, slow or out of reach

IN_TIME = 2.5
"""Seconds. Slack gives up after three."""


@pytest.fixture
def stalled(town: Town, web: WebProcesses, database: str) -> Iterator[Stalling]:
    """PostgreSQL behind a connection that can stall; the web process reaches it through that."""
    url = make_url(database)
    if url.get_backend_name() != "postgresql":
        pytest.skip("SQLite is a file: no connection can stall")
    with Stalling(f"{url.query['host']}/.s.PGSQL.{url.port or 5432}") as connection:
        through = url.set(host="127.0.0.1", port=connection.port, query={})
        address = through.render_as_string(hide_password=False)
        web.settings = town.settings.model_copy(update={"database_url": address})
        yield connection


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """Somebody else holds what is needed to write."""
    lock = "LOCK TABLE reports" if "postgresql" in town.database_url else "SELECT 1"
    engine = town.desk.setup.ledger._engines.writing
    with engine.begin() as connection:  # on SQLite it begins IMMEDIATE
        connection.exec_driver_sql(lock)
        yield


async def answered_in_time(sender: Sender, delivery: Delivery) -> str:
    """What the person reads at the form, "" if it was taken; all that was typed stays there."""
    begun = time.monotonic()
    status, body = reply = await sender.send(delivery)
    assert time.monotonic() - begun < IN_TIME
    assert status == 200
    if reply == TAKEN:
        return ""
    answer = json.loads(body)
    assert answer["response_action"] == "errors"
    return " ".join(answer["errors"].values())


def submitted(town: Town, web: WebProcesses, numbers: Iterable[int]) -> list[str]:
    """What the people who submit these at the same time read."""

    async def scenario() -> list[str]:
        submissions = Submissions(town, town.world.stacks[town.person(MARIA).id][-1])
        async with Sender(town, web.url, 50) as sender:
            deliveries = [submissions.delivery(number) for number in numbers]
            return await asyncio.gather(*(answered_in_time(sender, each) for each in deliveries))

    return asyncio.run(scenario())


def counted(town: Town) -> int:
    return recorded(town).total()


def test_while_the_database_is_locked_everybody_is_told_in_time_and_nothing_is_saved(
    town, web, rounds, figures
):
    times, people = rounds(1, 10), range(12)
    Submissions.by(town, MARIA)
    web.start()
    assert submitted(town, web, [9_000]) == [""]
    for time_ in range(times):
        numbers = [time_ * len(people) + number for number in people]
        before = counted(town)
        with locked(town):
            assert submitted(town, web, numbers) == [sv(BUSY)] * len(numbers)
        assert counted(town) == before
        assert submitted(town, web, numbers) == [""] * len(numbers)
        assert counted(town) == before + len(numbers)
    figures(f"{times * len(people)} submissions to a locked database: none saved, then each once")


def test_when_the_connection_stalls_everybody_is_told_the_truth_in_time(
    town, web, stalled, rounds, figures
):
    """After so many words to the database, nothing more goes through. Who was told that nothing was
    saved finds nothing; who was told that nobody can tell presses again and has it once."""
    Submissions.by(town, MARIA)
    web.start()
    assert submitted(town, web, [9_000]) == [""]
    told: Counter[str] = Counter()
    for number in range(2, 40, rounds(13, 1)):
        before = counted(town)
        stalled.after(number)
        [said] = submitted(town, web, [number])
        stalled.on()
        told[said] += 1
        assert said in {"", sv(BUSY), sv(UNSURE)}
        assert submitted(town, web, [10_000 + number]) == [""]  # what was on its way has arrived
        if said == sv(BUSY):
            assert counted(town) == before + 1
        assert submitted(town, web, [number]) == [""]
        assert counted(town) == before + 2
    assert told[sv(BUSY)] > 0
    figures(f"{told[sv(BUSY)]} stalls: nothing saved; {told[sv(UNSURE)]} in the commit itself")


def test_when_the_connection_stalls_for_many_nobody_waits_for_the_others(
    town, web, stalled, figures
):
    Submissions.by(town, MARIA)
    web.start()
    assert submitted(town, web, [9_000]) == [""]
    stalled.after(0)
    assert set(submitted(town, web, range(30))) == {sv(BUSY)}
    stalled.on()
    assert submitted(town, web, range(30)) == [""] * 30
    assert counted(town) == 31
    figures("30 at once, all told within 2.5 s, then each saved once")


def test_when_every_word_to_the_database_takes_long_people_are_told_in_time(
    town, web, stalled, figures
):
    Submissions.by(town, MARIA)
    web.start()
    assert submitted(town, web, [9_000]) == [""]
    stalled.delay = 0.15
    assert submitted(town, web, [1]) == [sv(BUSY)]
    stalled.delay = 0.0
    assert submitted(town, web, [1]) == [""]
    assert counted(town) == 2
    figures("at 150 ms a word: told within 2.5 s, nothing saved, then once")
