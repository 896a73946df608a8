"""Disposal: once a day what has served its purpose, once a month what has outlived its rule.

What goes on the first of a month has been announced to the admins in the month before; if nothing
ran then, it is announced now and goes a month later.
"""

import logging
from datetime import date, datetime

from bot.desk.desk import Desk
from bot.disposal import first_of_next_month
from bot.ledger.occasions import EVERYBODY, OccasionRow, OccasionState
from bot.ledger.store import Books

log = logging.getLogger(__name__)

DISPOSAL, ANNOUNCED = "disposal", "disposal_announced"


def disposal_if_due(desk: Desk) -> bool:
    """True if the day's work was done now."""
    today = desk.setup.today()
    if _has(desk, DISPOSAL, str(today)):
        return False
    desk.disposing.tidy()
    done = desk.setup.ledger.write(lambda books: _month(desk, books, today))
    if done:
        verdict = desk.trail.verdict()
        log.info("audit trail: %s entries, head %s", verdict.count, verdict.head)
        if verdict.fault:
            log.error("audit trail: %s", verdict.fault)
    return done


def _month(desk: Desk, books: Books, today: date) -> bool:
    now, first = desk.setup.now(), today.replace(day=1)
    if not books.occasions.claim(_row(DISPOSAL, str(today), now)):
        return False
    month = f"{first:%Y-%m}"
    if books.occasions.claim(_row(DISPOSAL, month, now)) and _is_announced(books, month):
        desk.disposing.dispose(books, first)
    coming = first_of_next_month(today)
    if books.occasions.claim(_row(ANNOUNCED, f"{coming:%Y-%m}", now)):
        desk.disposing.announce(books, coming)
    return True


def _is_announced(books: Books, month: str) -> bool:
    return books.occasions.get(ANNOUNCED, month, EVERYBODY) is not None


def _has(desk: Desk, alarm: str, period: str) -> bool:
    find = desk.setup.ledger.read
    return find(lambda books: books.occasions.get(alarm, period, EVERYBODY)) is not None


def _row(alarm: str, period: str, now: datetime) -> OccasionRow:
    return OccasionRow(alarm, period, EVERYBODY, alarm, now, OccasionState.DONE)
