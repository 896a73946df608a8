"""Reminders that have come due: claimed once per occasion and recipient, at most one a day."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial

from bot.calendar import local_day
from bot.desk.desk import Desk
from bot.desk.reminding import answers_of
from bot.duties import Owed
from bot.ledger.occasions import EVERYBODY, OccasionRow, OccasionState
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.notices import ReminderDue, ReminderMissed
from bot.people import Person
from bot.recurrence import Occasion, occasions_by, postponed, working_moment
from bot.reminders import ReminderAnswers, alarm_of, claim_of, reach, reminder_of

log = logging.getLogger(__name__)

TOO_LATE = timedelta(days=7)
"""An occasion that was missed by more than this, in downtime, has lost its point. So has one whose
next has come meanwhile."""

TOGETHER = 10
"""So many reminders in a transaction at the most: nobody who reports is kept waiting for more."""


def reminders_if_due(desk: Desk) -> None:
    """Put in the outbox what every active reminder has due, and what was postponed until now.

    One that fails is logged and holds up none of the others.
    """
    now = desk.setup.now()
    if not _open(desk, now, working_days_only=False):
        return
    current = desk.setup.ledger.read(lambda books: books.reminders.current())
    for first in range(0, len(current), TOGETHER):
        _claim_due(desk, current[first : first + TOGETHER], now)
    for row in desk.setup.ledger.read(lambda books: books.occasions.postponed_until(now)):
        try:
            desk.setup.ledger.write(partial(_resume, desk, row, now))
        except Exception:
            log.exception("a reminder failed")


def _claim_due(desk: Desk, several: Sequence[StoredReminder], now: datetime) -> None:
    """In one transaction, so that the disk is waited for once. If that fails, each in its own."""
    ledger = desk.setup.ledger
    try:
        if due := ledger.read(lambda books: _Claims(desk, books, now).due(several)):
            ledger.write(lambda books: _Claims(desk, books, now).claim(due))
    except Exception:
        if len(several) == 1:
            log.exception("a reminder failed")
            return
        for each in several:
            _claim_due(desk, [each], now)


class _Claims:
    """What becomes of reminders in one transaction. What they all need is read once."""

    def __init__(self, desk: Desk, books: Books, now: datetime) -> None:
        self._desk = desk
        self._books = books
        self._now = now

    def due(self, several: Iterable[StoredReminder]) -> frozenset[int]:
        """The ids of those that have something to claim. Nobody is kept from writing by this."""
        return frozenset(each.id for each in several if any(self._unclaimed(each)))

    def claim(self, ids: frozenset[int]) -> None:
        """What another worker has in hand is left to it."""
        taken = ((stored, answers_of(stored)) for stored in self._books.reminders.take(ids))
        # In one order, so that of two workers neither has the subject that the other waits for.
        for stored, answers in sorted(taken, key=lambda each: _subject(*each)):
            if waiting := tuple(self._unclaimed(stored)):
                self._claim_newest(stored, answers, waiting)

    def _unclaimed(self, stored: StoredReminder) -> Iterator[Occasion]:
        """What an active one has come to since the newest that was claimed, newest first."""
        if stored.state is not ReminderState.ACTIVE:
            return
        zone = self._desk.setup.plan.zone
        for occasion in occasions_by(answers_of(stored).rule, self._now, zone):
            claim = alarm_of(stored.id), claim_of(occasion), EVERYBODY
            if occasion.moment < stored.active_since or self._books.occasions.get(*claim):
                return
            yield occasion

    def _claim_newest(
        self, stored: StoredReminder, answers: ReminderAnswers, waiting: tuple[Occasion, ...]
    ) -> None:
        now, zone = self._now, self._desk.setup.plan.zone
        occasion, *missed = waiting
        state = OccasionState.DONE
        if now - occasion.moment > TOO_LATE:
            state = OccasionState.DROPPED
        # On its own day it comes as the admin chose; one that is late waits for a working day.
        late = local_day(now, zone) != local_day(occasion.moment, zone)
        if _open(self._desk, now, working_days_only=late or answers.working_days_only):
            row = OccasionRow(
                alarm=alarm_of(stored.id),
                period=claim_of(occasion),
                recipient=EVERYBODY,
                subject=_subject(stored, answers),
                due_at=occasion.moment,
                state=state,
                skipped=tuple(claim_of(each) for each in reversed(missed)),
            )
            self._claim(stored, answers, row)

    def _claim(self, stored: StoredReminder, answers: ReminderAnswers, row: OccasionRow) -> None:
        # Whom it reaches is settled when it comes: whoever joins later is not met by an old one.
        if not self._books.occasions.claim(row):
            return
        if row.skipped or row.state is OccasionState.DROPPED:
            _tell_missed(self._desk, self._books, stored, row)
        if row.state is OccasionState.DROPPED:
            return
        reached = reach(answers, self._people, self._owed if answers.kind else ())
        recipients = [person.id for person in reached.people]
        channel = [self._desk.setup.channel] if reached.channel else []
        claimed = self._books.occasions.claim_for(row, (*recipients, *channel))
        _say(self._desk, self._books, row, claimed)

    @cached_property
    def _people(self) -> tuple[Person, ...]:
        return self._books.people.all()

    @cached_property
    def _owed(self) -> tuple[Owed, ...]:
        return self._desk.reminding.owed(self._books)


def _subject(stored: StoredReminder, answers: ReminderAnswers) -> str:
    """Nobody hears more than once a day of the same."""
    return answers.kind or alarm_of(stored.id)


def _open(desk: Desk, now: datetime, *, working_days_only: bool) -> bool:
    """Outside working hours a reminder waits, also one that is late because nothing ran."""
    hours, zone = desk.setup.plan.working_hours, desk.setup.plan.zone
    return working_moment(now, zone, hours.start, hours.end, working_days_only) == now


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
