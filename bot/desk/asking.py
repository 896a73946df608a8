"""Putting an inquiry to the municipalities: who is asked, who is reminded, what they are told."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from bot.desk.recording import Recorder, receipt_keys
from bot.desk.reporting import CASE_CLOSED, MOVED
from bot.desk.setup import Setup
from bot.inquiries import (
    ACKNOWLEDGEMENT,
    ANSWER,
    INQUIRY,
    KINDS,
    Ask,
    Inquiry,
    inquiries,
    inquiry_of,
)
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.notices import InquiryAsked, InquiryFollowed, InquiryLate, InquiryNudge, InquiryOld
from bot.pages import Page
from bot.people import Person, Role
from bot.reports.etablering_kvittens import Acknowledgement
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check, may
from bot.say import asked as say
from bot.say.reports import Voice


class Asking:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._recorder = Recorder(setup, self.followed)

    # --- What is said unasked

    def followed(self, books: Books, report: Recorded) -> None:
        """A report has been made in a case, or withdrawn: what was said of it before says what is
        true now, and whoever has to hear of it for the first time is told."""
        if report.kind not in KINDS:
            return
        self.renew(books, report.case)
        inquiry = self.inquiry(books, report.case)
        if inquiry is not None and inquiry.is_open:
            self.ask(books, inquiry)
            self._tell_followers(books, inquiry)

    def renew(self, books: Books, case: str) -> None:
        """Have all that was said of the case say what is true now."""
        for key in self._said_of(books, case):
            self._setup.tell_anew(books, key)

    def _said_of(self, books: Books, case: str) -> Iterator[str]:
        """The messages that show how the case stands: to those asked and reminded, to those who
        follow it, and as the receipts of what was reported in it."""
        for told in ("ask", "nudge", "follow"):
            yield from books.outbox.keys_beginning(f"{told}:{case}:")
        for report in books.reports.of_case(case):
            if report.ending is None:
                yield from receipt_keys(books, report.id)

    def _tell_followers(self, books: Books, inquiry: Inquiry) -> None:
        """The coordinators, and the leaders whom the case names."""
        named = self._setup.covers(books)(inquiry.case).secrecy.people
        leaders = tuple(books.people.named(named).values())
        for person in {p.id: p for p in (*self.coordinators(books, inquiry), *leaders)}.values():
            if person.id != inquiry.opening.reporter:  # whose receipt shows the same
                key = _key(f"follow:{inquiry.case}", inquiry.case, person)
                self._setup.tell(books, person.id, key, InquiryFollowed(case=inquiry.case))

    def ask(self, books: Books, inquiry: Inquiry) -> None:
        """Tell every contact of a municipality that owes an answer, once each; that is their one
        message of the day about it."""
        for ask, person in tuple(self.unasked(books, inquiry)):
            notice = InquiryAsked(case=inquiry.case, home=ask.home)
            self._setup.tell(books, person.id, _ask_key(inquiry, ask, person), notice)
            today = self._setup.today()
            books.occasions.may_nudge(person.id, subject_of(inquiry.case), today)

    def unasked(self, books: Books, inquiry: Inquiry) -> Iterator[tuple[Ask, Person]]:
        """The contacts who owe an answer and have not been told."""
        for ask in inquiry.asks:
            if ask.answered_on is None:
                for person in self.contacts(books, ask.home):
                    if books.outbox.get(_ask_key(inquiry, ask, person)) is None:
                        yield ask, person

    def was_asked(
        self, books: Books, inquiry: Inquiry, ask: Ask, person: Person, by: datetime
    ) -> bool:
        """Whether the person had been told by this moment."""
        told = books.outbox.get(_ask_key(inquiry, ask, person))
        return told is not None and told.created_at <= by

    def moved(self, books: Books, person: Person) -> None:
        """Somebody speaks for another municipality, or in another role: what they were told says
        whether it still concerns them, and what concerns them now they are told."""
        for inquiry in self.open_inquiries(books):
            for ask in inquiry.asks:
                self._setup.tell_anew(books, _ask_key(inquiry, ask, person))
            self.ask(books, inquiry)

    def nudge(
        self, books: Books, person: Person, notice: InquiryNudge | InquiryLate | InquiryOld
    ) -> None:
        occasion = f"nudge:{notice.case}:{notice.say}:{self._setup.today()}"
        self._setup.tell(books, person.id, _key(occasion, notice.case, person), notice)

    def contacts(self, books: Books, home: str, role: Role = Role.CONTACT) -> tuple[Person, ...]:
        """Those who hear of what a municipality is asked: its contacts, or its deputies."""
        everybody = books.people.all()
        return tuple(p for p in everybody if p.home == home and p.has(role))

    def coordinators(self, books: Books, inquiry: Inquiry) -> tuple[Person, ...]:
        """Those at the office who may know of the case, and whose case it is."""
        cover = self._setup.covers(books)(inquiry.case)
        some = [p for p in books.people.all() if p.has(Role.COORDINATOR) or p.id == cover.reporter]
        return tuple(person for person in some if may(person, Action.SEE_CASE, Matter(cover)))

    def open_inquiries(self, books: Books) -> tuple[Inquiry, ...]:
        return tuple(each for each in self._inquiries(books) if each.is_open)

    def closed_inquiries(self, books: Books) -> tuple[Inquiry, ...]:
        return tuple(each for each in self._inquiries(books) if not each.is_open)

    def _inquiries(self, books: Books) -> tuple[Inquiry, ...]:
        return inquiries(books.reports.live_of(KINDS), self._setup.plan.inquiries)

    def inquiry(self, books: Books, case: str) -> Inquiry | None:
        live = (report for report in books.reports.of_case(case) if report.ending is None)
        return inquiry_of(live, self._setup.plan.inquiries)

    # --- What those asked do with one press

    def acknowledge(self, person: Person, case: str, home: str | None) -> None:
        """`home` is whom the button was for: who has moved since speaks for another."""

        def work(books: Books) -> None:
            books.one_at_a_time()
            cover = self._setup.covers(books)(case)
            inquiry = self.inquiry(books, case)
            if cover.kind != INQUIRY or inquiry is None:
                raise NotAllowedError(NO_SUCH_CASE)
            check(person, Action.ANSWER_CASE, Matter(cover))
            check_home(person, home)
            if not inquiry.is_open:
                raise NotAllowedError(CASE_CLOSED)
            ask = inquiry.ask_of(person.home)
            if ask is not None and ask.acknowledged_on is None:
                report = Acknowledgement(acknowledged_on=self._setup.today())
                self._recorder.quietly(books, person, report, case)

        self._setup.ledger.write(work)

    def asked(self, person: Person, case: str) -> Page:
        """What a contact is asked, as it stands now. Raises NotAllowedError."""

        def draw(books: Books, voice: Voice) -> Page:
            page = self.ask_page(books, voice, person, case, person.home or "")
            if page is None:
                raise NotAllowedError(NO_SUCH_CASE)
            return page

        return self._setup.show(person, draw)

    # --- As it is told, for the one who reads it then

    def ask_page(
        self, books: Books, voice: Voice, person: Person, case: str, home: str
    ) -> Page | None:
        """What a contact is asked, and how it stands with their municipality; None for somebody
        who is not, or no longer, asked."""
        cover, inquiry = self._setup.covers(books)(case), self.inquiry(books, case)
        if not may(person, Action.ANSWER_CASE, Matter(cover)) or inquiry is None:
            return None
        ask = inquiry.ask_of(home) if home == person.home else None
        return say.ask(inquiry, ask, self._answerers(books, ask, case), voice) if ask else None

    def _answerers(self, books: Books, ask: Ask, case: str) -> tuple[str, ...]:
        """Who was first to act for the municipality, and whoever completed it: both see that."""
        steps = (ACKNOWLEDGEMENT, ANSWER)
        told = [r for r in books.reports.of_case(case) if r.kind in steps and r.home == ask.home]
        latest = sorted((r for r in told if r.ending is None), key=lambda r: steps.index(r.kind))
        if not latest:
            return ()
        answer = latest[-1]
        earlier = [r.ending.by for r in told if r.place == answer.place and r.ending is not None]
        ids = tuple(dict.fromkeys((answer.reporter, *earlier)))
        known = books.people.named(ids)
        return tuple(known[id_].name for id_ in ids if id_ in known)

    def nudge_page(
        self, books: Books, voice: Voice, person: Person, notice: InquiryNudge
    ) -> Page | None:
        """None when the limit is no longer waited for, or no longer by this person."""
        inquiry = self.inquiry(books, notice.case)
        ask = inquiry.ask_of(notice.home) if inquiry and inquiry.is_open else None
        if inquiry is None or ask is None or _is_done(ask, notice.limit):
            return None
        cover = self._setup.covers(books)(notice.case)
        if person.home != notice.home or not may(person, Action.ANSWER_CASE, Matter(cover)):
            return None
        return say.nudge(inquiry, ask, notice, voice)

    def late_page(self, books: Books, voice: Voice, person: Person, case: str) -> Page | None:
        """None when nothing is late any longer, or the person may not know."""
        inquiry, cover = self.inquiry(books, case), self._setup.covers(books)(case)
        if inquiry is None or not may(person, Action.SEE_CASE, Matter(cover)):
            return None
        return say.late(inquiry, voice)

    def old_page(self, books: Books, voice: Voice, person: Person, case: str) -> Page | None:
        inquiry, cover = self.inquiry(books, case), self._setup.covers(books)(case)
        if inquiry is None or not inquiry.is_open:
            return None
        if not may(person, Action.FOLLOW_CASE, Matter(cover)):
            return None
        return say.old(inquiry, voice)

    def owed_by(self, books: Books, person: Person) -> Iterator[tuple[Inquiry, Ask]]:
        """The inquiries that wait for the person's municipality, the most pressing first."""
        asked = ((each, each.ask_of(person.home)) for each in self.open_inquiries(books))
        owed = [(each, ask) for each, ask in asked if ask is not None and ask.answered_on is None]
        covers = self._setup.covers(books)
        for inquiry, ask in sorted(owed, key=lambda pair: pair[1].next_limit or pair[1].answer_by):
            if may(person, Action.ANSWER_CASE, Matter(covers(inquiry.case))):
                yield inquiry, ask


def _key(occasion: str, case: str, person: Person) -> str:
    """Keys stand in the log: whom a case has been put to must not be read out of them."""
    return f"{occasion}:{hashlib.sha256(f'{case}:{person.id}'.encode()).hexdigest()[:24]}"


def check_home(person: Person, home: str | None) -> None:
    """Raises NotAllowedError where a button was for a municipality that they have left."""
    if home is not None and home != person.home:
        raise NotAllowedError(MOVED)


def subject_of(case: str) -> str:
    """What nobody hears of more than once a day."""
    return f"case:{case}"


def _ask_key(inquiry: Inquiry, ask: Ask, person: Person) -> str:
    """Asked again is asked anew: the day belongs to it, and the municipality."""
    occasion = f"ask:{inquiry.case}:{ask.asked_on}"
    return _key(occasion, f"{inquiry.case}:{ask.home}", person)


def _is_done(ask: Ask, limit: str) -> bool:
    done = ask.acknowledged_on if limit == "acknowledge" else ask.answered_on
    return done is not None
