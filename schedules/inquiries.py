"""The clock of inquiries: who is reminded when, and when an old case asks what became of it.

A contact hears before the limit, then the deputy, then the coordinator and whose case it is: each
once, within working hours, at most one message a day on a case.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Literal

from bot.calendar import at_wall_time, local_day, previous_working_day, working_day_after
from bot.desk.asking import subject_of
from bot.desk.desk import Desk
from bot.inquiries import DORMANT, Ask, Inquiry
from bot.ledger.occasions import EVERYBODY, OccasionRow, OccasionState
from bot.ledger.store import Books
from bot.notices import InquiryLate, InquiryNudge, InquiryOld
from bot.people import Person, Role
from bot.plan.model import Plan
from bot.recurrence import working_moment

log = logging.getLogger(__name__)

_NOON = time(12)
_DAY = timedelta(days=1)

ToldAs = Literal["contact", "deputy", "coordinator"]
Limit = Literal["acknowledge", "answer"]
LIMITS: tuple[Limit, ...] = ("acknowledge", "answer")


def inquiries_if_due(desk: Desk) -> None:
    """Ask whoever has become a contact since, nudge whose limit is near, ask after old cases.

    Each case in a transaction of its own: one that fails is logged and holds up none of the others.
    """
    setup = desk.setup
    now, hours, zone = setup.now(), setup.plan.working_hours, setup.plan.zone
    if working_moment(now, zone, hours.start, hours.end, working_days_only=True) != now:
        return
    for case in setup.ledger.read(partial(_waiting, desk, now)):
        try:
            setup.ledger.write(partial(_look_after, desk, case, now))
        except Exception:
            log.exception("an inquiry could not be looked after")


@dataclass(frozen=True, slots=True)
class _Round:
    """One look at one case, within one transaction."""

    desk: Desk
    books: Books
    inquiry: Inquiry
    now: datetime


@dataclass(frozen=True, slots=True)
class _Due:
    """What somebody should hear. `period` is what it is claimed as, once per person."""

    person: Person
    period: str
    notice: InquiryNudge | InquiryLate | InquiryOld


def _waiting(desk: Desk, now: datetime, books: Books) -> tuple[str, ...]:
    """The cases in which there is something to say: the others are not written to."""
    rounds = (_Round(desk, books, i, now) for i in desk.asking.open_inquiries(books))
    return tuple(each.inquiry.case for each in rounds if _is_waiting(each))


def _is_waiting(this: _Round) -> bool:
    unasked = this.desk.asking.unasked(this.books, this.inquiry)
    return any(unasked) or any(_unclaimed(this)) or any(_unseen(this))


def _look_after(desk: Desk, case: str, now: datetime, books: Books) -> None:
    inquiry = desk.asking.inquiry(books, case)
    if inquiry is None or not inquiry.is_open:
        return
    asked = any(desk.asking.unasked(books, inquiry))
    desk.asking.ask(books, inquiry)
    this = _Round(desk, books, inquiry, now)
    for due in tuple(_unclaimed(this)):
        _tell(desk, books, due, now)
    passed = [books.occasions.claim(row) for row in tuple(_unseen(this))]
    if asked or any(passed):
        desk.asking.renew(books, case)


def _unseen(this: _Round) -> Iterator[OccasionRow]:
    """The limits that have passed since the case was last shown: it says so from now on."""
    today = local_day(this.now, this.desk.setup.plan.zone)
    waited = {by for ask in this.inquiry.asks for by, done in ask.limits if done is None}
    for by in sorted(by for by in waited if by < today):
        row = _row(this.inquiry.case, f"passed:{by}", EVERYBODY, this.now)
        if this.books.occasions.get(row.alarm, row.period, row.recipient) is None:
            yield row


def _unclaimed(this: _Round) -> Iterator[_Due]:
    claimed = this.books.occasions.get
    for due in (*_limits(this), *_old(this)):
        if claimed(_alarm(due.notice.case), due.period, due.person.id) is None:
            yield due


# --- The limits


def _limits(this: _Round) -> Iterator[_Due]:
    for ask in this.inquiry.asks:
        both_at_once = ask.acknowledge_by == ask.answer_by
        for limit, (by, done) in zip(LIMITS, ask.limits, strict=True):
            # Where both are due on one day the answer is what to remind of.
            if done is None and not (both_at_once and limit == "acknowledge"):
                yield from _nudges(this, ask, limit, by)


def _nudges(this: _Round, ask: Ask, limit: Limit, by: date) -> Iterator[_Due]:
    today = local_day(this.now, this.desk.setup.plan.zone)
    if limit == "acknowledge" and today > ask.answer_by:
        return  # the answer is what is waited for now
    for told_as, moment in moments(this.desk.setup.plan, ask.asked_on, by):
        if moment > this.now:
            continue
        # The office hears once of all whose limit fell on a day, the others of their own.
        whose = by if told_as == "coordinator" else f"{ask.home}:{by}"
        for person in _recipients(this, ask, told_as, moment):
            yield _Due(person, f"{limit}:{told_as}:{whose}", _notice(this, ask, limit, told_as))


def _notice(this: _Round, ask: Ask, limit: Limit, told_as: ToldAs) -> InquiryNudge | InquiryLate:
    case = this.inquiry.case
    if told_as == "coordinator":
        return InquiryLate(case=case)
    return InquiryNudge(case=case, home=ask.home, limit=limit)


def moments(plan: Plan, asked_on: date, by: date) -> tuple[tuple[ToldAs, datetime], ...]:
    """When each hears of a limit: a contact when the working day before it opens, the deputy when
    its own day opens, the coordinator when the next working day opens. With no day between, the
    contact hears in the morning and the deputy at noon; on the day of asking nobody is nudged."""
    last = previous_working_day(by)
    opens, zone = plan.working_hours.start, plan.zone
    before = previous_working_day(last - _DAY)
    late: tuple[ToldAs, datetime] = (
        "coordinator",
        at_wall_time(working_day_after(by, 1), opens, zone),
    )
    if last <= asked_on:
        return (late,)
    if before > asked_on:
        first, second = at_wall_time(before, opens, zone), at_wall_time(last, opens, zone)
    else:
        first, second = at_wall_time(last, opens, zone), at_wall_time(last, _NOON, zone)
    return (("contact", first), ("deputy", second), late)


def _recipients(this: _Round, ask: Ask, told_as: ToldAs, moment: datetime) -> tuple[Person, ...]:
    """A contact who was asked after the moment hears of the next one: they have just been told."""
    asking, books, inquiry = this.desk.asking, this.books, this.inquiry
    match told_as:
        case "contact":
            several = asking.contacts(books, ask.home)
            return tuple(p for p in several if asking.was_asked(books, inquiry, ask, p, moment))
        case "deputy":
            return asking.contacts(books, ask.home, Role.DEPUTY)
        case "coordinator":
            return asking.coordinators(books, inquiry)


# --- Old cases


def _old(this: _Round) -> Iterator[_Due]:
    inquiry, plan = this.inquiry, this.desk.setup.plan
    dormant = inquiry.stage == DORMANT
    rules = plan.inquiries
    pause = rules.ask_dormant_after_days if dormant else rules.ask_owner_after_days
    silent = (local_day(this.now, plan.zone) - inquiry.news_on).days
    owner = this.books.people.get(inquiry.opening.reporter)
    if silent >= pause and owner is not None:
        period = f"old:{inquiry.news_on}:{silent // pause}"
        yield _Due(owner, period, InquiryOld(case=inquiry.case))


# --- Once each


def _tell(desk: Desk, books: Books, due: _Due, now: datetime) -> None:
    """Who has heard of the case today hears of it another day."""
    row = _row(due.notice.case, due.period, due.person.id, now)
    if books.occasions.may_nudge(due.person.id, row.subject, desk.setup.today()):
        books.occasions.claim(row)
        desk.asking.nudge(books, due.person, due.notice)


def _row(case: str, period: str, recipient: str, now: datetime) -> OccasionRow:
    subject = subject_of(case)
    return OccasionRow(_alarm(case), period, recipient, subject, now, OccasionState.DONE)


def _alarm(case: str) -> str:
    return f"inquiry:{case}"
