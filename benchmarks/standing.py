"""How the plan stands: from the reports in the ledger to the page of `/okr`."""

import resource
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

from sqlalchemy import Engine, text

from benchmarks import ledgers
from benchmarks.reports import FIRST, LAST, MARIA, desk_on, fill
from benchmarks.rounds import Pair, at_least, side_by_side
from benchmarks.rows import Row

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_MOST = 50.0
"""Milliseconds that the page may take at any size."""
_WAVERING = 1.3
"""By so much times their own number may ten times as many reports take longer."""

# The least that tells what there was of what: no case is counted once, nothing corrected is left
# out as it was known, nobody is credited and nothing is held against a target.
_GROUPED = text(
    "SELECT kind, day, count(*) FROM reports WHERE day BETWEEN :first AND :last GROUP BY kind, day"
)


def measure(scale: float) -> Iterator[Row]:
    sizes = SIZES[: at_least(scale, len(SIZES))]
    found = []
    for size in sizes:
        found.append(_pair(size))
        yield _row(size, found[-1])
    yield from _growth(found)


def _pair(size: int) -> Pair:
    with ledgers.sqlite() as url, ledgers.connected(url) as engines:
        fill(engines, size)
        desk = desk_on(engines)
        return side_by_side(
            3,
            lambda: timed(lambda: _grouped(engines.reading)),
            lambda: timed(lambda: desk.okr.overview(MARIA)),
        )


def _grouped(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(_GROUPED, {"first": FIRST.isoformat(), "last": LAST.isoformat()}).all()


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _row(size: int, pair: Pair) -> Row:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # Linux: in KiB
    return Row(
        what=f"Standing of the plan from {size:,} reports",
        value=f"{pair.subject:,.0f} ms, {megabytes:,} MB at most",
        floor=f"{pair.floor:,.1f} ms (bare GROUP BY)",
        ratio=f"× {pair.ratio:,.0f}",
        aim=f"at most {_MOST:.0f} ms",
        met=pair.subject <= _MOST,
    )


def _growth(found: list[Pair]) -> Iterator[Row]:
    steepest = max((b.subject / a.subject for a, b in pairwise(found)), default=None)
    if steepest is not None:
        yield Row(
            what="… and from ten times as many",
            value=f"× {steepest:.1f}",
            floor="–",
            ratio="–",
            aim="at most linear",
            met=steepest <= 10 * _WAVERING,
        )
