"""The clock of inquiries: who is reminded when, and when an old case asks what became of it.

A contact hears before the limit, then the deputy, then the coordinator and whose case it is: each
once, within working hours, at most one message a day on a case.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Literal

from bot.calendar import (
    at_wall_time,
    local_day,
    previous_working_day,
    working_day_after,
)
from bot.desk.desk import Desk
from bot.inquiries import DORMANT, INQUIRY, Ask, Inquiry
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.store import Books
from bot.notices import InquiryNudge, InquiryOld
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
    for case in setup.ledger.read(_open_cases):
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


def _open_cases(books: Books) -> tuple[str, ...]:
    return tuple(report.case for report in books.reports.live_of((INQUIRY,)))


def _look_after(desk: Desk, case: str, now: datetime, books: Books) -> None:
    inquiry = desk.asking.inquiry(books, case)
    if inquiry is None or not inquiry.is_open:
        return
    desk.asking.ask(books, case)
    this = _Round(desk, books, inquiry, now)
    for ask in inquiry.asks:
        for limit in LIMITS:
            _nudge_if_due(this, ask, limit)
    _ask_what_became(this)


# --- The limits


def _nudge_if_due(this: _Round, ask: Ask, limit: Limit) -> None:
    by, done = ask.limits[LIMITS.index(limit)]
    if done is not None:
        return
    for told_as, moment in moments(this.desk.setup.plan, ask.asked_on, by):
        if moment <= this.now:
            period = f"{limit}:{told_as}:{ask.home}:{by}"
            notice = InquiryNudge(
                case=this.inquiry.case, home=ask.home, limit=limit, told_as=told_as
            )
            _tell(this, _recipients(this, ask, told_as), period, notice)


def moments(plan: Plan, asked_on: date, by: date) -> tuple[tuple[ToldAs, datetime], ...]:
    """When each hears of a limit: a contact when the working day before it opens, the deputy when
    its own day opens, the coordinator when the next working day opens. With no day between, the
    contact hears in the morning and the deputy at noon; on the day of asking nobody is nudged."""
    last = previous_working_day(by)
    opens, zone = plan.working_hours.start, plan.zone
    before = previous_working_day(last - _DAY)
    day, hour = (last, opens) if before > asked_on else (last, _NOON)
    first = before if before > asked_on else last
    found: list[tuple[ToldAs, datetime]] = []
    if last > asked_on:
        found.append(("contact", at_wall_time(first, opens, zone)))
        found.append(("deputy", at_wall_time(day, hour, zone)))
    late = working_day_after(by, 1)
    return (*found, ("coordinator", at_wall_time(late, opens, zone)))


def _recipients(this: _Round, ask: Ask, told_as: ToldAs) -> tuple[Person, ...]:
    asking, books = this.desk.asking, this.books
    match told_as:
        case "contact":
            return asking.contacts(books, ask.home)
        case "deputy":
            return asking.contacts(books, ask.home, Role.DEPUTY)
        case "coordinator":
            return asking.coordinators(books, this.inquiry)


# --- Old cases


def _ask_what_became(this: _Round) -> None:
    inquiry, plan = this.inquiry, this.desk.setup.plan
    rules = plan.inquiries
    dormant = inquiry.stage == DORMANT
    pause = rules.ask_dormant_after_days if dormant else rules.ask_owner_after_days
    silent = (local_day(this.now, plan.zone) - inquiry.news_on).days
    if silent < pause:
        return
    owner = this.books.people.get(inquiry.opening.reporter)
    period = f"old:{inquiry.news_on}:{silent // pause}"
    people = (owner,) if owner else ()
    _tell(this, people, period, InquiryOld(case=inquiry.case))


# --- Once each


def _tell(
    this: _Round, people: Iterable[Person], period: str, notice: InquiryNudge | InquiryOld
) -> None:
    """Claimed once per person; who has heard of the case today hears of it another day."""
    desk, books = this.desk, this.books
    today, subject = desk.setup.today(), f"case:{notice.case}"
    for person in people:
        row = OccasionRow(
            alarm=f"inquiry:{notice.case}",
            period=period,
            recipient=person.id,
            subject=subject,
            due_at=this.now,
            state=OccasionState.DONE,
        )
        if books.occasions.get(row.alarm, row.period, row.recipient) is not None:
            continue
        if books.occasions.may_nudge(person.id, subject, today):
            books.occasions.claim(row)
            desk.asking.nudge(books, person, notice)
