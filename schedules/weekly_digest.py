"""The weekly digest: claimed once per week, after downtime the latest only."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from bot.calendar import Week, latest_digest_week
from bot.desk.desk import Desk
from bot.desk.okr import BORN, DIGEST, digest_keys, published_from
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.store import Books
from bot.notices import DigestDetail, DigestDue


def digest_if_due(desk: Desk) -> bool:
    """Put the latest week's digest in the outbox, unless that has been done. True if it was."""
    now = desk.setup.now()
    return desk.setup.ledger.write(partial(_publish, desk, _latest(desk, now), now))


def _latest(desk: Desk, moment: datetime) -> Week:
    plan = desk.setup.plan
    return latest_digest_week(moment, plan.digest.time, plan.zone, plan.digest.day_of_week)


def _publish(desk: Desk, week: Week, now: datetime, books: Books) -> bool:
    # A fresh installation does not begin with a digest about a week before its time.
    born = books.pulse.first(BORN, now)
    if born > desk.okr.moment(week) or week.monday > desk.setup.plan.ends:
        return False
    beginning = min(_latest(desk, born), week.previous())
    if week <= _last(books, beginning):
        return False  # said already; or the clock has been set back
    # Two workers may see different weeks as the latest: their clocks need not agree.
    books.one_at_a_time()
    last = _last(books, beginning)
    return week > last and _claim(desk, books, week, tuple(_between(last, week)))


def _claim(desk: Desk, books: Books, week: Week, skipped: tuple[str, ...]) -> bool:
    setup = desk.setup
    row = OccasionRow(
        alarm=DIGEST,
        period=str(week),
        recipient=setup.channel,
        subject=DIGEST,
        due_at=desk.okr.moment(week),
        state=OccasionState.DONE,
        skipped=skipped,
    )
    if not books.occasions.claim(row):
        return False
    key, in_thread = digest_keys(str(week), setup.channel)
    setup.tell(books, setup.channel, key, DigestDue(week=str(week)))
    detail = DigestDetail(week=str(week))
    setup.tell(books, setup.channel, in_thread, detail, thread_of=key)
    return True


def _last(books: Books, beginning: Week) -> Week:
    """The newest week whose digest is out, or what was before our time."""
    rows = books.occasions.of_alarm(DIGEST)
    return max((published_from(row).week for row in rows), default=beginning)


def _between(last: Week, week: Week) -> Iterator[str]:
    """The weeks that were skipped since the last digest."""
    between = last.next()
    while between < week:
        yield str(between)
        between = between.next()
