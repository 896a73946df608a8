"""Putting an inquiry to the municipalities: who is asked, who is reminded, what they are told."""

import hashlib
from collections.abc import Iterator

from bot.desk.recording import Recorder, receipt_key
from bot.desk.reporting import CASE_CLOSED
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
from bot.language import N_
from bot.ledger.store import Books
from bot.notices import InquiryAsked, InquiryFollowed, InquiryNudge, InquiryOld
from bot.outcomes import Outcome, Replace
from bot.pages import Page
from bot.people import Person, Role
from bot.reports.etablering_kvittens import Acknowledgement
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check, may
from bot.say import inquiries as say
from bot.say.reports import Voice

_GONE = N_("This inquiry has been withdrawn.")


class Asking:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._recorder = Recorder(setup, self.followed)

    # --- What is said unasked

    def followed(self, books: Books, case: str) -> None:
        """Something has happened in a case: what was said of it before says what is true now, and
        whoever has to hear of it for the first time is told."""
        if self._setup.covers(books)(case).kind != INQUIRY:
            return
        for key in self._said_of(books, case):
            self._setup.tell_anew(books, key)
        inquiry = self.inquiry(books, case)
        if inquiry is not None and inquiry.is_open:
            self.ask(books, inquiry)
            self._tell_coordinators(books, inquiry)

    def _said_of(self, books: Books, case: str) -> Iterator[str]:
        """The messages that show how the case stands: to those asked, those who follow it, and as
        the receipt of what opened it."""
        for told in ("ask", "follow"):
            yield from books.outbox.keys_beginning(f"{told}:{case}:")
        for report in books.reports.of_case(case):
            if report.kind == INQUIRY and report.ending is None:
                receipt = receipt_key(report.id)
                yield receipt
                yield from books.outbox.keys_beginning(f"{receipt}:")

    def _tell_coordinators(self, books: Books, inquiry: Inquiry) -> None:
        for person in self.coordinators(books, inquiry):
            if person.id != inquiry.opening.reporter:  # whose receipt shows the same
                key = _key(f"follow:{inquiry.case}", inquiry.case, person)
                self._setup.tell(books, person.id, key, InquiryFollowed(case=inquiry.case))

    def ask(self, books: Books, inquiry: Inquiry) -> None:
        """Tell every contact of a municipality that owes an answer, once each."""
        for person in tuple(self.unasked(books, inquiry)):
            key = _key(f"ask:{inquiry.case}", inquiry.case, person)
            self._setup.tell(books, person.id, key, InquiryAsked(case=inquiry.case))

    def unasked(self, books: Books, inquiry: Inquiry) -> Iterator[Person]:
        """The contacts who owe an answer and have not been told."""
        for ask in inquiry.asks:
            if ask.answered_on is None:
                for person in self.contacts(books, ask.home):
                    key = _key(f"ask:{inquiry.case}", inquiry.case, person)
                    if books.outbox.get(key) is None:
                        yield person

    def nudge(self, books: Books, person: Person, notice: InquiryNudge | InquiryOld) -> None:
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
        live = books.reports.live_of(KINDS)
        return tuple(each for each in inquiries(live, self._setup.plan.inquiries) if each.is_open)

    def inquiry(self, books: Books, case: str) -> Inquiry | None:
        live = (report for report in books.reports.of_case(case) if report.ending is None)
        return inquiry_of(live, self._setup.plan.inquiries)

    # --- What those asked do with one press

    def acknowledge(self, person: Person, case: str) -> Outcome:
        def work(books: Books) -> Page:
            books.one_at_a_time()
            cover = self._setup.covers(books)(case)
            inquiry = self.inquiry(books, case)
            if cover.kind != INQUIRY or inquiry is None:
                raise NotAllowedError(NO_SUCH_CASE)
            check(person, Action.ANSWER_CASE, Matter(cover))
            if not inquiry.is_open:
                raise NotAllowedError(CASE_CLOSED)
            ask = inquiry.ask_of(person.home)
            if ask is not None and ask.acknowledged_on is None:
                report = Acknowledgement(acknowledged_on=self._setup.today())
                self._recorder.quietly(books, person, report, case)
            voice = self._setup.voice(books, person)
            page = self.ask_page(books, voice, person, case)
            self._setup.note_readings(books, voice)
            if page is None:
                raise NotAllowedError(_GONE)
            return page

        return Replace(self._setup.ledger.write(work))

    # --- As it is told, for the one who reads it then

    def ask_page(self, books: Books, voice: Voice, person: Person, case: str) -> Page | None:
        """What a contact is asked, and how it stands with their municipality; None for somebody
        who is not, or no longer, asked."""
        cover, inquiry = self._setup.covers(books)(case), self.inquiry(books, case)
        if not may(person, Action.ANSWER_CASE, Matter(cover)) or inquiry is None:
            return None
        ask = inquiry.ask_of(person.home)
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
        """None when the limit is no longer waited for, or the person may not know."""
        inquiry = self.inquiry(books, notice.case)
        ask = inquiry.ask_of(notice.home) if inquiry and inquiry.is_open else None
        if inquiry is None or ask is None or _is_done(ask, notice.limit):
            return None
        cover = self._setup.covers(books)(notice.case)
        action = Action.SEE_CASE if notice.told_as == "coordinator" else Action.ANSWER_CASE
        if not may(person, action, Matter(cover)):
            return None
        return say.nudge(inquiry, ask, notice, voice)

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


def _is_done(ask: Ask, limit: str) -> bool:
    done = ask.acknowledged_on if limit == "acknowledge" else ask.answered_on
    return done is not None
