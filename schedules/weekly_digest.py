"""The weekly digest: claimed once per week, after downtime the latest only."""

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
    week = latest_digest_week(now, digest.time, setup.plan.zone, digest.day_of_week)
    moment = desk.okr.moment(week)

    def work(books: Books) -> bool:
        # Two workers may see different weeks as the latest: their clocks need not agree.
        books.one_at_a_time()
        # A fresh installation does not begin with a digest about a week before its time.
        if books.pulse.first(BORN, now) > moment or week.monday > setup.plan.ends:
            return False
        before = [published_from(row).week for row in books.occasions.of_alarm(DIGEST)]
        if before and week <= max(before):
            return False  # said already; or the clock has been set back
        row = OccasionRow(
            alarm=DIGEST,
            period=str(week),
            recipient=setup.channel,
            subject=DIGEST,
            due_at=moment,
            state=OccasionState.DONE,
            skipped=tuple(map(str, _skipped(before, week))),
        )
        if not books.occasions.claim(row):
            return False
        key = f"{DIGEST}:{week}:{setup.channel}"
        setup.tell(books, setup.channel, key, DigestDue(week=str(week)))
        detail = DigestDetail(week=str(week))
        setup.tell(books, setup.channel, f"{key}:detail", detail, thread_of=key)
        return True

    return setup.ledger.write(work)


def _skipped(before: list[Week], week: Week) -> list[Week]:
    """The weeks between the last digest and this one."""
    missed: list[Week] = []
    if before:
        between = max(before).next()
        while between < week:
            missed.append(between)
            between = between.next()
    return missed
