"""Reminders that have come due: claimed once per occasion and recipient, at most one a day."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from bot.calendar import local_day
from bot.desk.desk import Desk
from bot.desk.reminding import answers_of
from bot.ledger.occasions import EVERYBODY, OccasionRow, OccasionState
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.notices import ReminderDue, ReminderMissed
from bot.recurrence import Occasion, occasions_by, postponed, working_moment
from bot.reminders import ReminderAnswers, alarm_of, claim_of, reach, reminder_of

log = logging.getLogger(__name__)

TOO_LATE = timedelta(days=7)
"""An occasion that was missed by more than this, in downtime, has lost its point. So has one whose
next has come meanwhile."""


def reminders_if_due(desk: Desk) -> None:
    """Put in the outbox what every active reminder has due, and what was postponed until now.

    Each in a transaction of its own: one that fails is logged and holds up none of the others.
    """
    now = desk.setup.now()
    if not _open(desk, now, working_days_only=False):
        return
    for stored in desk.setup.ledger.read(lambda books: books.reminders.current()):
        _each(desk, partial(_claim_if_due, desk, stored, now))
    for row in desk.setup.ledger.read(lambda books: books.occasions.postponed_until(now)):
        _each(desk, partial(_resume, desk, row, now))


def _each(desk: Desk, work: Callable[[Books], None]) -> None:
    try:
        desk.setup.ledger.write(work)
    except Exception:
        log.exception("a reminder failed")


def _open(desk: Desk, now: datetime, *, working_days_only: bool) -> bool:
    """Outside working hours a reminder waits, also one that is late because nothing ran."""
    hours, zone = desk.setup.plan.working_hours, desk.setup.plan.zone
    return working_moment(now, zone, hours.start, hours.end, working_days_only) == now


def _claim_if_due(desk: Desk, stored: StoredReminder, now: datetime, books: Books) -> None:
    answers, zone = answers_of(stored), desk.setup.plan.zone
    waiting = tuple(_unclaimed(books, stored, occasions_by(answers.rule, now, zone)))
    if stored.state is not ReminderState.ACTIVE or not waiting:
        return
    occasion, *missed = waiting
    state = OccasionState.DONE
    if now - occasion.moment > TOO_LATE:
        state = OccasionState.DROPPED
    # On its own day it comes as the admin chose; one that is late waits for a working day.
    late = local_day(now, zone) != local_day(occasion.moment, zone)
    if _open(desk, now, working_days_only=late or answers.working_days_only):
        row = OccasionRow(
            alarm=alarm_of(stored.id),
            period=claim_of(occasion),
            recipient=EVERYBODY,
            subject=answers.kind or alarm_of(stored.id),
            due_at=occasion.moment,
            state=state,
            skipped=tuple(claim_of(each) for each in reversed(missed)),
        )
        _claim(desk, books, stored, answers, row)


def _unclaimed(
    books: Books, stored: StoredReminder, passed: Iterable[Occasion]
) -> Iterator[Occasion]:
    """What has come to pass since the newest that was claimed, newest first."""
    for occasion in passed:
        claim = alarm_of(stored.id), claim_of(occasion), EVERYBODY
        if occasion.moment < stored.active_since or books.occasions.get(*claim) is not None:
            return
        yield occasion


def _claim(
    desk: Desk, books: Books, stored: StoredReminder, answers: ReminderAnswers, row: OccasionRow
) -> None:
    # Whom it reaches is settled when it comes: whoever joins later is not met by an old one.
    if not books.occasions.claim(row):
        return
    if row.skipped or row.state is OccasionState.DROPPED:
        _tell_missed(desk, books, stored, row)
    if row.state is OccasionState.DROPPED:
        return
    owed = desk.reminding.owed(books) if answers.kind else ()
    reached = reach(answers, books.people.all(), owed)
    recipients = [person.id for person in reached.people]
    channel = [desk.setup.channel] if reached.channel else []
    _say(desk, books, row, books.occasions.claim_for(row, (*recipients, *channel)))


def _tell_missed(desk: Desk, books: Books, stored: StoredReminder, row: OccasionRow) -> None:
    """Nothing that did not come is left out in silence: the admins hear of it."""
    notice = ReminderMissed(reminder=stored.id, period=row.period)
    for admin in desk.homes.admins(books):
        key = f"reminder-missed:{stored.id}:{row.period}:{admin.id}"
        desk.setup.tell(books, admin.id, key, notice)


def _resume(desk: Desk, row: OccasionRow, now: datetime, books: Books) -> None:
    """What somebody asked to hear of later. Told of the subject today already, they hear of it
    on the next working day; while the reminder is paused it waits."""
    reminder_id = reminder_of(row.alarm)
    stored = books.reminders.get(reminder_id) if reminder_id is not None else None
    if stored is not None and stored.state is ReminderState.PAUSED:
        return
    if not _open(desk, now, working_days_only=True) or not books.occasions.resume(row):
        return
    if stored is not None and not _say(desk, books, row, (row.recipient,)):
        at = row.due_at.astimezone(desk.setup.plan.zone).time()
        tomorrow = postponed("tomorrow", now, at, desk.setup.plan.zone)
        books.occasions.postpone(row.alarm, row.period, row.recipient, tomorrow)


def _say(desk: Desk, books: Books, row: OccasionRow, recipients: Iterable[str]) -> frozenset[str]:
    """Nobody gets more than one message a day on a subject, however many reminders chase it. Who
    gets this one."""
    day = local_day(desk.setup.now(), desk.setup.plan.zone)
    free = books.occasions.may_be_nudged(recipients, row.subject, day)
    keys = {recipient: f"{row.alarm}:{row.period}:{recipient}:{day}" for recipient in free}
    reminder_id = reminder_of(row.alarm)
    assert reminder_id is not None
    desk.setup.tell_all(books, keys, ReminderDue(reminder=reminder_id, period=row.period))
    return free
