"""From a notice in the outbox to a page, at the moment it is delivered, for the one who reads it.

None means that there is no longer anything to say: the message is dropped.
"""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from bot.calendar import Week, local_day
from bot.desk.desk import Desk
from bot.desk.reminding import answers_of
from bot.language import N_
from bot.ledger.occasions import EVERYBODY, OccasionState
from bot.ledger.outbox import Delivery, Outgoing
from bot.ledger.recorded import Recorded
from bot.ledger.reminders import ReminderState, StoredReminder
from bot.ledger.store import Books
from bot.notices import (
    DigestDetail,
    DigestDue,
    DisposalAhead,
    Guide,
    HeldReceipt,
    HomeDecision,
    HomeRequest,
    InquiryAsked,
    InquiryFollowed,
    InquiryLate,
    InquiryNudge,
    InquiryOld,
    Joined,
    Notice,
    Receipt,
    ReminderDue,
    ReminderMissed,
    ReminderSaved,
    Undelivered,
    Unsaid,
    notice_from,
)
from bot.pages import Page, said
from bot.people import Person, Role
from bot.plan.model import KeyResult
from bot.recurrence import working_moment
from bot.reminders import alarm_of, chased, moment_of
from bot.rights import NO_SUCH_CASE, Action, may
from bot.say import asked as say_asked
from bot.say import digest as say_digest
from bot.say import people as say_people
from bot.say import reminders as say_reminders
from bot.say.extract import MESSAGES
from bot.say.reports import ReceiptFacts, Voice, receipt
from bot.standing import kinds_for, period_for


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who reads, out of which books, and how they are spoken to."""

    books: Books
    voice: Voice
    person: Person


class NotNowError(Exception):
    """There is something to say, but not at this hour: at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


_MESSAGE = N_("Message")
_IN_WORKING_HOURS = (ReminderDue, InquiryNudge, InquiryLate, InquiryOld, DisposalAhead)
"""What nobody wants to be woken by, however late it could be delivered."""


class Composer:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setup = desk.setup

    def page(self, outgoing: Outgoing) -> Page | None:
        """Raises NotNowError for what waits for working hours."""
        notice = notice_from(outgoing.notice)
        if isinstance(notice, _IN_WORKING_HOURS) and outgoing.edits is None:
            self._check_the_hour()
        if outgoing.recipient == self._setup.channel:
            return self._setup.ledger.read(lambda books: self._for_channel(books, notice))
        person = self._desk.homes.find(outgoing.recipient)
        if person is None:
            return None
        # What they come to read of confidential cases is noted before it is on its way.
        return self._setup.show(
            person,
            lambda books, voice: self._for_person(_Reading(books, voice, person), notice, outgoing),
        )

    def _check_the_hour(self) -> None:
        """Working days are for the alarms to heed: an admin may have chosen a Saturday."""
        hours, zone, now = self._setup.plan.working_hours, self._setup.plan.zone, self._setup.now()
        opening = working_moment(now, zone, hours.start, hours.end, working_days_only=False)
        if opening != now:
            raise NotNowError(opening)

    def _for_channel(self, books: Books, notice: Notice) -> Page | None:
        match notice:
            case DigestDue(week=week):
                return self._desk.okr.digest(books, Week.parse(week))
            case DigestDetail(week=week):
                facts = self._desk.okr.facts(books, Week.parse(week))
                voice = self._setup.voice(books, None)
                return say_digest.detail(self._setup.plan, facts, voice) if facts else None
            case ReminderDue(reminder=reminder):
                active = self._active(books, reminder)
                return say_reminders.to_channel(answers_of(active)) if active else None
        return None

    def _for_person(  # noqa: PLR0911 - a table of notices
        self, to: _Reading, notice: Notice, outgoing: Outgoing
    ) -> Page | None:
        match notice:
            case Receipt(report=report):
                return self._receipt(to, report, is_edit=outgoing.edits is not None)
            case InquiryAsked() | InquiryNudge() | InquiryLate() | InquiryOld():
                page = self._inquiry(to, notice)
                return page or self._settled(to, notice, is_edit=outgoing.edits is not None)
            case InquiryFollowed(case=case):
                page = self._desk.cases.followed(to.books, to.voice, to.person, case)
                return page or _no_longer(to, is_edit=outgoing.edits is not None)
            case Joined() if to.person.has(Role.ADMIN):
                return self._joined(to, notice, is_edit=outgoing.edits is not None)
            case Guide(near=near):
                return self._desk.welcome.guide(to.voice, near)
            case DisposalAhead(by=by) if to.person.has(Role.ADMIN):
                day = date.fromisoformat(by)
                return self._desk.disposing.announcement(to.books, to.voice, day)
        return self._of_reminders(to.books, notice, to.person)

    def _of_reminders(self, books: Books, notice: Notice, person: Person) -> Page | None:
        match notice:
            case ReminderDue(reminder=reminder, period=period):
                return self._reminder(books, reminder, period, person)
            case ReminderSaved(reminder=reminder):
                return self._saved(books, reminder, person)
            case ReminderMissed() if person.has(Role.ADMIN):
                return self._missed(books, notice, person)
            case Unsaid() if person.has(Role.ADMIN):
                return self._unsaid(books, notice, person)
            case Undelivered() if person.has(Role.ADMIN):
                return self._undelivered(books, notice, person)
        return self._about_people(books, notice, person)

    def _inquiry(
        self, to: _Reading, notice: InquiryAsked | InquiryNudge | InquiryLate | InquiryOld
    ) -> Page | None:
        asking = self._desk.asking
        match notice:
            case InquiryNudge():
                return asking.nudge_page(to.books, to.voice, to.person, notice)
            case InquiryLate(case=case):
                return asking.late_page(to.books, to.voice, to.person, case)
            case InquiryOld(case=case):
                return asking.old_page(to.books, to.voice, to.person, case)
            case InquiryAsked(case=case, home=home):
                return asking.ask_page(to.books, to.voice, to.person, case, home)

    def _settled(
        self,
        to: _Reading,
        notice: InquiryAsked | InquiryNudge | InquiryLate | InquiryOld,
        *,
        is_edit: bool,
    ) -> Page | None:
        """In the place of a message that was said, and has lost its point since."""
        cover = self._setup.covers(to.books)(notice.case)
        if not is_edit or not cover.is_known_to(to.person):
            return _no_longer(to, is_edit=is_edit)
        if isinstance(notice, InquiryAsked):
            return say_asked.no_longer_asked(to.voice)
        return say_asked.settled(cover, to.voice)

    def _about_people(self, books: Books, notice: Notice, person: Person) -> Page | None:
        reader = self._setup.language_of(person)
        names = self._setup.names(reader)
        match notice:
            case HeldReceipt():
                return say_people.held(reader)
            case HomeDecision(home=home, granted=granted):
                return say_people.decision(home, granted=granted, language=reader, names=names)
            case HomeRequest(person=who, home=home) if person.has(Role.ADMIN):
                asked = books.people.get(who)
                return say_people.request(asked, home, reader, names) if asked else None
        return None

    def _joined(self, to: _Reading, notice: Joined, *, is_edit: bool) -> Page | None:
        """Once it is so no longer, what was said of it says that, and nothing of who it was."""
        found, language = to.books.people.get(notice.person), to.voice.audience.language
        if found is not None and found.home == notice.home and found.has(Role.CONTACT):
            return say_people.joined(found, notice.home, language, to.voice.names)
        return said(language.t("No longer current.")) if is_edit else None

    def _receipt(self, to: _Reading, report_id: int, *, is_edit: bool) -> Page | None:
        """As the plan stood when the report was recorded, however late the receipt is; one for a
        report that opened a case shows how the case stands now."""
        to.books.tallies.one_moment()
        books, report = to.books, to.books.reports.get(report_id)
        if report is None:
            return None
        matter = self._setup.matter(books, report)
        if not may(to.person, Action.CHANGE_REPORT, matter):
            knows = matter.cover.is_known_to(to.person)
            return None if knows else _no_longer(to, is_edit=is_edit)
        case_page = self._desk.cases.receipt(books, to.voice, to.person, report)
        if case_page is not None:
            return case_page
        plan = self._setup.plan
        rows = [each for each in plan.key_results if report.kind in each.fed_by]
        kinds = {report.kind, *kinds_for(rows)}
        moment, case = report.recorded_at, report.case
        [known] = self._desk.knowing.at(books, moment, kinds=kinds, of=[case])
        several = (known.standings((each,), self._counted_on(each, report)) for each in rows)
        alike = (other for other in known.reports if other.thing == report.thing)
        others = {other.home for other in alike} - {report.home}
        facts = ReceiptFacts(report, tuple(others), tuple(chain(*several)))
        return receipt(facts, to.voice)

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

    def _missed(self, books: Books, notice: ReminderMissed, person: Person) -> Page | None:
        stored = books.reminders.get(notice.reminder)
        row = books.occasions.get(alarm_of(notice.reminder), notice.period, EVERYBODY)
        if stored is None or row is None:
            return None
        itself = (row.period,) if row.state is OccasionState.DROPPED else ()
        moments = map(moment_of, (*row.skipped, *itself))
        return say_reminders.missed(answers_of(stored), moments, self._desk.reminding.desk(person))

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

    def _unsaid(self, books: Books, notice: Unsaid, person: Person) -> Page | None:
        """It has lost its point once the message is on its way, or never will be."""
        message = books.outbox.get(notice.message)
        if message is None or message.state not in (Delivery.PENDING, Delivery.UNKNOWN):
            return None
        t = self._setup.language_of(person).t
        return said(
            t(
                "I cannot say anything in the channel. The platform says: {trouble}. What I have "
                "to say there waits until that has been put right, and is said then. Whoever runs "
                "me sees with brobot doctor what to do.",
                trouble=notice.trouble,
            )
        )

    def _undelivered(self, books: Books, notice: Undelivered, person: Person) -> Page:
        t = self._setup.language_of(person).t
        known = books.people.get(notice.recipient)
        recipient = known.name if known else t("the channel")
        return said(
            t(
                "A message to {recipient} could not be delivered ({what}). The platform says: "
                "{trouble}. If there are more of them today they are only counted: /bro running",
                recipient=recipient,
                what=t(MESSAGES.get(notice.what, _MESSAGE)),
                trouble=notice.trouble,
            )
        )


def _no_longer(to: _Reading, *, is_edit: bool) -> Page | None:
    """Whoever may no longer know of a case shall not find it in an old message either."""
    return said(to.voice.audience.language.t(NO_SUCH_CASE)) if is_edit else None
