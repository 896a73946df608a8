"""Reports that are committed before they are acknowledged.

A slower disk is a pause before each commit of the one writer: SQLite's write-ahead log is made
durable once for each, with `synchronous=FULL`. So that the machine's own disk does not come on
top, the file is then kept in memory where there is a place for that.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import scene
from benchmarks.client import Found
from benchmarks.rounds import Pair, at_least, percentile, side_by_side
from benchmarks.rows import Row, rate
from benchmarks.servers import Server, serving
from tests.databases import postgresql

CONNECTIONS = 16
ENOUGH = 0.6
RATE = 100
PROMPT, PROMPT_ON_SLOW_DISK = 0.005, 0.025
FSYNC = 0.002
MEMORY = Path("/dev/shm")  # noqa: S108 - if it is there


@dataclass(frozen=True, slots=True)
class Both:
    """Floor and subject on one database, which each round finds empty of reports."""

    url: str
    floor: Server
    brobot: Server
    bodies: list[str]

    def load(self, server: Server, connections: int, rate: float | None = None) -> Found:
        """Raises AssertionError if what was acknowledged is not there."""
        scene.forgotten(self.url)
        found = server.load(self.bodies, connections, rate, expects="clear")
        assert scene.reported(self.url) == len(self.bodies)
        return found


def measure(scale: float) -> Iterator[Row]:
    yield from _on_sqlite(scale)
    with TemporaryDirectory() as folder, postgresql(Path(folder)) as named:
        yield _throughput("PostgreSQL", named("bench"), scale)
    yield _slow_disk(scale)


@contextmanager
def both(url: str, number: int, *options: str) -> Iterator[Both]:
    scene.prepared(url)
    desk = scene.desk_with(scene.settings(url, "http://127.0.0.1/"))
    bodies = list(scene.submissions(desk, number))
    desk.setup.ledger.close()
    with (
        serving("inserting", "--database", url, *options) as floor,
        serving("brobot", "--database", url, *options) as brobot,
    ):
        for server in (floor, brobot):
            scene.forgotten(url)
            server.load(bodies[:20], 1)  # the first of all take longer: statements are put together
        yield Both(url, floor, brobot, bodies)


def _throughput(database: str, url: str, scale: float) -> Row:
    with both(url, at_least(scale, 500, 20)) as pairs:
        pair = side_by_side(
            at_least(scale, 9),
            lambda: pairs.load(pairs.floor, CONNECTIONS).per_second,
            lambda: pairs.load(pairs.brobot, CONNECTIONS).per_second,
        )
    what = f"Report committed, then acknowledged: {database}, {CONNECTIONS} connections"
    return rate(what, pair, "signature, three bare inserts, commits in groups", ENOUGH)


def _on_sqlite(scale: float) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/brobot.db"
        yield _throughput("SQLite", url, scale)
        for what in ("", ", while digests are made"):
            with ExitStack() as stack:
                pairs = stack.enter_context(both(url, at_least(scale, 500, 20)))
                if what:
                    stack.enter_context(serving("digesting", "--database", url))
                pair = _latencies(pairs, CONNECTIONS, RATE, at_least(scale, 3))
            yield _prompt(f"SQLite, {RATE} a second{what}", pair, PROMPT)


def _slow_disk(scale: float) -> Row:
    connections = 32
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        url = f"sqlite:///{folder}/brobot.db"
        with both(url, at_least(scale, 1000, 20), "--fsync", str(FSYNC)) as pairs:
            pair = _latencies(pairs, connections, None, at_least(scale, 3))
    disk = f"a disk that takes {FSYNC * 1000:.0f} ms, {connections} at once"
    return _prompt(f"SQLite, {disk}", pair, PROMPT_ON_SLOW_DISK)


def _latencies(pairs: Both, connections: int, rate: float | None, rounds: int) -> Pair:
    def p99(server: Server) -> float:
        return percentile(pairs.load(server, connections, rate).latencies, 0.99)

    return side_by_side(rounds, lambda: p99(pairs.floor), lambda: p99(pairs.brobot))


def _prompt(what: str, pair: Pair, most: float) -> Row:
    return Row(
        what=f"p99 until a report is acknowledged: {what}",
        value=f"{pair.subject * 1000:.1f} ms",
        floor=f"{pair.floor * 1000:.1f} ms",
        ratio=f"{pair.ratio:.0%}",
        aim=f"≤ {most * 1000:.0f} ms",
        met=pair.subject <= most,
    )
