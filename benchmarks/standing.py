"""How the plan stands: from the reports in the ledger to the page of `/okr`.

The worker has tallied what was settled; what was told since is read with every page.
"""

import resource
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

from sqlalchemy import Engine, text

from benchmarks import ledgers
from benchmarks.reports import FIRST, LAST, MARIA, desk_on, fill, tell_more
from benchmarks.rounds import Pair, at_least, side_by_side
from benchmarks.rows import Row

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_MOST = 50.0
"""Milliseconds that the page may take at any size."""
_SINCE = 200
"""Reports that were told after the last tallying: many for a quarter of an hour."""
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
        pair, counting = _measured(size)
        found.append(pair)
        yield _row(size, pair, counting)
    yield from _growth(found)


def _measured(size: int) -> tuple[Pair, float]:
    """The page beside its floor; and how many milliseconds the first tallying took."""
    with ledgers.sqlite() as url, ledgers.connected(url) as engines:
        fill(engines, size)
        desk = desk_on(engines)
        counting = timed(desk.tallying.bring_forward)
        tell_more(desk, _SINCE)
        pair = side_by_side(
            3,
            lambda: timed(lambda: _grouped(engines.reading)),
            lambda: timed(lambda: desk.okr.overview(MARIA)),
        )
        return pair, counting


def _grouped(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(_GROUPED, {"first": FIRST.isoformat(), "last": LAST.isoformat()}).all()


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _row(size: int, pair: Pair, counting: float) -> Row:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # Linux: in KiB
    return Row(
        what=f"Standing of the plan from {size:,} reports and {_SINCE} since they were tallied",
        value=f"{pair.subject:,.0f} ms, {megabytes:,} MB at most (tallied first in "
        f"{counting / 1000:,.1f} s)",
        floor=f"{pair.floor:,.1f} ms (bare GROUP BY)",
        ratio=f"× {pair.ratio:,.1f}",
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
