"""Reminders that have come due: claimed once per occasion and recipient, at most one a day."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.calendar import local_day
from bot.desk.desk import Desk
from bot.desk.reminding import answers_of
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.notices import ReminderDue
from bot.recurrence import Occasion, latest_occasion, working_moment
from bot.reminders import ReminderAnswers, alarm_of, reach

EVERYBODY = "*"
"""The recipient of an occasion as a whole."""

TOO_LATE = timedelta(days=7)
"""An occasion that was missed by more than this, in downtime, has lost its point."""


def reminders_if_due(desk: Desk) -> None:
    """Put in the outbox what every active reminder has due, and what was postponed until now."""
    now = desk.setup.now()
    if _open(desk, now, working_days_only=False):
        desk.setup.ledger.write(lambda books: _all_due(desk, books, now))


def _open(desk: Desk, now: datetime, *, working_days_only: bool) -> bool:
    """Outside working hours a reminder waits, also one that is late because nothing ran."""
    hours, zone = desk.setup.plan.working_hours, desk.setup.plan.zone
    return working_moment(now, zone, hours.start, hours.end, working_days_only) == now


def _all_due(desk: Desk, books: Books, now: datetime) -> None:
    for stored in books.reminders.current():
        answers = answers_of(stored)
        occasion = latest_occasion(answers.rule, now, desk.setup.plan.zone)
        if occasion is None or not _is_due(stored, occasion, now):
            continue
        if _open(desk, now, working_days_only=answers.working_days_only):
            _claim(desk, books, stored, answers, occasion)
    for row in books.occasions.postponed_until(now):
        _resume(desk, books, row)


def _is_due(stored: StoredReminder, occasion: Occasion, now: datetime) -> bool:
    active = stored.state is ReminderState.ACTIVE and stored.active_since <= occasion.moment
    return active and now - occasion.moment <= TOO_LATE


def _claim(
    desk: Desk, books: Books, stored: StoredReminder, answers: ReminderAnswers, occasion: Occasion
) -> None:
    row = OccasionRow(
        alarm=alarm_of(stored.id),
        period=occasion.key,
        recipient=EVERYBODY,
        subject=answers.kind or alarm_of(stored.id),
        due_at=occasion.moment,
        state=OccasionState.DONE,
    )
    # Whom it reaches is settled when it comes: whoever joins later is not met by an old one.
    if not books.occasions.claim(row):
        return
    reached = reach(answers, books.people.all(), desk.reminding.owed(books))
    recipients = [person.id for person in reached.people]
    for recipient in (*recipients, *([desk.setup.channel] if reached.channel else [])):
        own = replace(row, recipient=recipient)
        if books.occasions.claim(own):
            _say(desk, books, own, stored.id)


def _resume(desk: Desk, books: Books, row: OccasionRow) -> None:
    if books.occasions.resume(row, OccasionState.DONE):
        _say(desk, books, row, int(row.alarm.partition(":")[2]))


def _say(desk: Desk, books: Books, row: OccasionRow, reminder_id: int) -> None:
    """Nobody gets more than one message a day on a subject, however many reminders chase it."""
    day = local_day(desk.setup.now(), desk.setup.plan.zone)
    if books.occasions.may_nudge(row.recipient, row.subject, day):
        key = f"{row.alarm}:{row.period}:{row.recipient}:{day}"
        notice = ReminderDue(reminder=reminder_id, period=row.period)
        desk.setup.tell(books, row.recipient, key, notice)
