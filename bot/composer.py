"""From a notice in the outbox to a page, at the moment it is delivered, for the one who reads it.

None means that there is no longer anything to say: the message is dropped.
"""

from datetime import date

from bot.calendar import Week, local_day
from bot.desk.desk import Desk
from bot.desk.reminding import answers_of
from bot.ledger.outbox import Outgoing
from bot.ledger.recorded import Recorded
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.measures import cases
from bot.notices import (
    DigestDetail,
    DigestDue,
    Guide,
    HeldReceipt,
    HomeDecision,
    HomeRequest,
    Notice,
    Receipt,
    ReminderDue,
    ReminderSaved,
    Undelivered,
    notice_from,
)
from bot.pages import Page, said
from bot.people import Person, Role
from bot.plan.model import KeyResult
from bot.reminders import alarm_of, chased
from bot.rights import Action, may
from bot.say import digest as say_digest
from bot.say import people as say_people
from bot.say import reminders as say_reminders
from bot.say.reports import ReceiptFacts, receipt
from bot.standing import period_for, standing_of


class Composer:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setup = desk.setup

    def page(self, outgoing: Outgoing) -> Page | None:
        notice = notice_from(outgoing.notice)
        return self._setup.ledger.read(lambda books: self._compose(books, notice, outgoing))

    def _compose(self, books: Books, notice: Notice, outgoing: Outgoing) -> Page | None:
        if outgoing.recipient == self._setup.channel:
            return self._for_channel(books, notice)
        stored = books.people.get(outgoing.recipient)
        if stored is None:
            return None
        return self._for_person(books, notice, self._desk.homes.as_admin(stored))

    def _for_channel(self, books: Books, notice: Notice) -> Page | None:
        match notice:
            case DigestDue(week=week):
                return self._digest(books, Week.parse(week))
            case DigestDetail(week=week):
                facts = self._desk.okr.facts(books, Week.parse(week))
                return (
                    say_digest.detail(self._setup.plan, facts, self._desk.okr.voice(None))
                    if facts
                    else None
                )
            case ReminderDue(reminder=reminder):
                active = self._active(books, reminder)
                return say_reminders.to_channel(answers_of(active)) if active else None
        return None

    def _digest(self, books: Books, week: Week) -> Page | None:
        facts = self._desk.okr.facts(books, week)
        if facts is None:
            return None
        return say_digest.digest(self._setup.plan, facts, self._desk.okr.voice(None))

    def _for_person(self, books: Books, notice: Notice, person: Person) -> Page | None:
        match notice:
            case Receipt(report=report):
                return self._receipt(books, report, person)
            case ReminderDue(reminder=reminder, period=period):
                return self._reminder(books, reminder, period, person)
            case ReminderSaved(reminder=reminder):
                return self._saved(books, reminder, person)
            case Undelivered() if person.has(Role.ADMIN):
                return self._undelivered(books, notice, person)
        return self._about_people(books, notice, person)

    def _about_people(self, books: Books, notice: Notice, person: Person) -> Page | None:
        reader = self._setup.language_of(person)
        names = self._setup.names(reader)
        match notice:
            case HeldReceipt():
                return say_people.held(reader)
            case Guide():
                return self._desk.welcome.guide(person)
            case HomeDecision(home=home, granted=granted):
                return say_people.decision(home, granted=granted, language=reader, names=names)
            case HomeRequest(person=who, home=home) if person.has(Role.ADMIN):
                asked = books.people.get(who)
                return say_people.request(asked, home, reader, names) if asked else None
        return None

    def _receipt(self, books: Books, report_id: int, person: Person) -> Page | None:
        """As the plan stood when the report was recorded, however late the receipt is."""
        report = books.reports.get(report_id)
        if report is None or not may(person, Action.CHANGE_REPORT, report):
            return None
        plan = self._setup.plan
        known = books.reports.known_at(report.recorded_at)
        feeds = tuple(
            standing_of(plan, each, known, self._counted_on(each, report))
            for each in plan.key_results
            if report.kind in each.fed_by
        )
        same = next((case for case in cases(known) if report.id in case.ids), None)
        others = {each.home for each in same.reports} - {report.home} if same else set()
        facts = ReceiptFacts(report, tuple(sorted(others)), feeds)
        return receipt(facts, self._desk.okr.voice(person))

    def _counted_on(self, key_result: KeyResult, report: Recorded) -> date:
        """The day the report was recorded, or the last day of its own period if that is over."""
        plan = self._setup.plan
        told_on = local_day(report.recorded_at, plan.zone)
        return min(told_on, max(report.day, period_for(plan, key_result, report.day).end))

    def _reminder(self, books: Books, reminder_id: int, period: str, person: Person) -> Page | None:
        active = self._active(books, reminder_id)
        if active is None:
            return None
        answers = answers_of(active)
        owed = chased(answers, person, self._desk.reminding.owed(books))
        if answers.kind and owed is None:
            return None
        about = {"alarm": alarm_of(reminder_id), "occasion": period}
        return say_reminders.due(answers, about, owed, self._desk.reminding.desk(person))

    def _active(self, books: Books, reminder_id: int) -> StoredReminder | None:
        stored = books.reminders.get(reminder_id)
        return stored if stored and stored.state is ReminderState.ACTIVE else None

    def _saved(self, books: Books, reminder_id: int, person: Person) -> Page | None:
        stored = books.reminders.get(reminder_id)
        if stored is None or not person.has(Role.ADMIN):
            return None
        answers = answers_of(stored)
        preview = self._desk.reminding.preview(person, answers)
        return say_reminders.saved(answers, preview, self._desk.reminding.desk(person))

    def _undelivered(self, books: Books, notice: Undelivered, person: Person) -> Page:
        t = self._setup.language_of(person).t
        known = books.people.get(notice.recipient)
        recipient = known.name if known else t("the channel")
        return said(
            t(
                "A message to {recipient} could not be delivered ({what}). The platform says: "
                "{trouble}",
                recipient=recipient,
                what=notice.what,
                trouble=notice.trouble,
            )
        )
