"""The weekly digest: claimed once per week, after downtime the latest only."""

from collections.abc import Iterator
from functools import partial

from bot.calendar import Week, latest_digest_week
from bot.desk.desk import Desk
from bot.desk.okr import DIGEST, published_from
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.store import Books
from bot.notices import DigestDetail, DigestDue

BORN = "born"
"""The pulse that says since when this installation has been running."""


def digest_if_due(desk: Desk) -> bool:
    """Put the latest week's digest in the outbox, unless that has been done. True if it was."""
    setup = desk.setup
    digest = setup.plan.digest
    now = setup.now()
    latest = partial(
        latest_digest_week, at=digest.time, zone=setup.plan.zone, weekday=digest.day_of_week
    )
    week = latest(now)
    moment = desk.okr.moment(week)

    def work(books: Books) -> bool:
        # Two workers may see different weeks as the latest: their clocks need not agree.
        books.one_at_a_time()
        # A fresh installation does not begin with a digest about a week before its time.
        born = books.pulse.first(BORN, now)
        if born > moment or week.monday > setup.plan.ends:
            return False
        before = [published_from(row).week for row in books.occasions.of_alarm(DIGEST)]
        if before and week <= max(before):
            return False  # said already; or the clock has been set back
        last = max(before) if before else min(latest(born), week.previous())
        row = OccasionRow(
            alarm=DIGEST,
            period=str(week),
            recipient=setup.channel,
            subject=DIGEST,
            due_at=moment,
            state=OccasionState.DONE,
            skipped=tuple(map(str, _skipped(last, week))),
        )
        if not books.occasions.claim(row):
            return False
        key = f"{DIGEST}:{week}:{setup.channel}"
        setup.tell(books, setup.channel, key, DigestDue(week=str(week)))
        detail = DigestDetail(week=str(week))
        setup.tell(books, setup.channel, f"{key}:detail", detail, thread_of=key)
        return True

    return setup.ledger.write(work)


def _skipped(last: Week, week: Week) -> Iterator[Week]:
    """The weeks between the last digest, or what was before our time, and this one."""
    between = last.next()
    while between < week:
        yield between
        between = between.next()
