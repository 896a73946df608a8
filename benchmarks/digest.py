"""The weekly digest: from the reports in the ledger to the page in the channel and its picture."""

from collections.abc import Iterator
from statistics import median

from benchmarks import ledgers
from benchmarks.reports import CHANNEL, desk_on, fill
from benchmarks.rounds import at_least
from benchmarks.rows import Row
from benchmarks.standing import timed
from bot.desk.desk import Desk
from bot.desk.okr import DIGEST
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.picture import png

_SIZE = 10_000
_MOST = 100.0
"""Milliseconds."""


def measure(scale: float) -> Iterator[Row]:
    size = at_least(scale, _SIZE, 100)
    with ledgers.sqlite() as url, ledgers.connected(url) as engines:
        fill(engines, size)
        desk = desk_on(engines)
        desk.tallying.bring_forward()
        _publish_the_one_before(desk)
        took = median(timed(lambda: _digest(desk)) for _ in range(at_least(scale, 9)))
    yield Row(
        what=f"Digest with its picture from {size:,} reports that have been tallied",
        value=f"{took:,.0f} ms",
        floor="–",
        ratio="–",
        aim=f"at most {_MOST:.0f} ms",
        met=took <= _MOST,
    )


def _publish_the_one_before(desk: Desk) -> None:
    """So that there is something to hold the week against."""
    week = desk.okr.latest_week().previous()
    row = OccasionRow(
        alarm=DIGEST,
        period=str(week),
        recipient=CHANNEL,
        subject=DIGEST,
        due_at=desk.okr.moment(week),
        state=OccasionState.DONE,
    )
    desk.setup.ledger.write(lambda books: books.occasions.claim(row))


def _digest(desk: Desk) -> bytes:
    page = desk.okr.published(desk.okr.latest_week())
    assert page is not None
    assert page.picture is not None
    return png(page.picture.chart)
