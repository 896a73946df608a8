"""Cases asked for: the list of those that are open, and one of them by its name."""

from collections.abc import Callable, Mapping
from typing import Protocol

from bot.campaigns import CAMPAIGN, KINDS, RESULT, STAGE, campaign_of, campaigns
from bot.cover import Cover
from bot.desk.asking import Asking
from bot.desk.recording import receipt_keys
from bot.desk.reporting import Reporting
from bot.desk.setup import Setup
from bot.inquiries import INQUIRY, Inquiry
from bot.ledger.recorded import Ended, Recorded
from bot.ledger.store import Books
from bot.outcomes import Outcome, Show
from bot.pages import Page, said
from bot.people import Person, Role
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check, may
from bot.say import campaigns as say_campaigns
from bot.say import inquiries as say_inquiries
from bot.say.reports import Voice, case_choice

LIST = frozenset({"lista", "list"})
CLOSED = frozenset({"avslutade", "stängda", "closed"})

_SHORTEST, _MOST_WORDS = 3, 4
"""So much of a name, in letters, and so many words are looked for among the names of cases; more
are a report."""


class _Draw(Protocol):
    """Draws a case's page. One that was asked for also tells who has read of it: in a message that
    stands, that would be out of date."""

    def __call__(
        self,
        books: Books,
        voice: Voice,
        person: Person,
        cover: Cover,
        page: int,
        /,
        *,
        on_request: bool = False,
    ) -> Page: ...


class Cases:
    def __init__(self, setup: Setup, reporting: Reporting, asking: Asking) -> None:
        self._setup = setup
        self._reporting = reporting
        self._asking = asking
        self._pages: Mapping[str, _Draw] = {INQUIRY: self._inquiry, CAMPAIGN: self._campaign}

    def say(self, person: Person, kind: str, words: str) -> Outcome:
        """`/etablering lista`, `/etablering avslutade`, `/etablering Projekt Falk` or a part of
        that name; anything else begins a report."""
        wanted = words.strip()
        if wanted.casefold() in LIST | CLOSED:
            return Show(self.list(person, kind, 0, closed=wanted.casefold() in CLOSED))
        called, near = self._setup.ledger.read(
            lambda books: self._called(books, person, kind, wanted)
        )
        if len(called) == 1:
            return Show(self.page(person, called[0].case, 0))
        if found := called or near:
            return Show(
                self._setup.show(person, lambda _, voice: case_choice(found, kind, wanted, voice))
            )
        return self._reporting.begin(person, kind, words)

    def _called(
        self, books: Books, person: Person, kind: str, name: str
    ) -> tuple[tuple[Cover, ...], tuple[Cover, ...]]:
        """The cases by this name that the person may see, and those whose name it is a part of.
        For everybody else there are none."""
        reports = books.reports.live_of((kind,))
        by_name = {each.case: self._setup.headline(each).casefold() for each in reports}
        covers, wanted = self._setup.covers(books), name.casefold()

        def seen(is_wanted: Callable[[str], bool]) -> tuple[Cover, ...]:
            found = (covers(case) for case, called in by_name.items() if is_wanted(called))
            return tuple(c for c in found if may(person, Action.SEE_CASE, Matter(c)))

        return seen(lambda called: called == wanted), seen(lambda called: _is_part(wanted, called))

    def list(self, person: Person, kind: str, page: int, *, closed: bool = False) -> Page:
        check(person, Action.SEE_CASE)
        if kind == CAMPAIGN:
            return self._setup.show(
                person, lambda books, voice: self._campaigns(books, voice, page)
            )
        draw = self._closed if closed else self._inquiries
        return self._setup.show(person, lambda books, voice: draw(books, voice, person, page))

    def page(self, person: Person, case: str, page: int) -> Page:
        """Raises NotAllowedError, in the same words whether there is no such case or it may not be
        known."""

        def draw(books: Books, voice: Voice) -> Page:
            cover = self._setup.covers(books)(case)
            if cover.kind not in self._pages or not cover.is_live:
                raise NotAllowedError(NO_SUCH_CASE)
            check(person, Action.SEE_CASE, Matter(cover))
            draw_page = self._pages[cover.kind]
            return draw_page(books, voice, person, cover, max(0, page), on_request=True)

        return self._setup.show(person, draw)

    def receipt(self, books: Books, voice: Voice, person: Person, report: Recorded) -> Page | None:
        """The receipt of a report that opened a case shows how the case stands now. None for other
        kinds: theirs is a receipt like any other."""
        if report.kind not in self._pages or report.ending is not None:
            return None
        cover = self._setup.covers(books)(report.case)
        return self._pages[report.kind](books, voice, person, cover, 0)

    def renew_campaign(self, books: Books, report: Recorded) -> None:
        """A step has been told of, or taken back: the receipt of the campaign says what is true
        now. (Of an inquiry more is renewed: `Asking.followed`.)"""
        if report.kind not in (STAGE, RESULT):
            return
        for told in books.reports.of_case(report.case):
            if told.kind == CAMPAIGN and told.ending is None:
                for key in receipt_keys(books, told.id):
                    self._setup.tell_anew(books, key)

    def followed(self, books: Books, voice: Voice, person: Person, case: str) -> Page | None:
        """How a case stands, for somebody who follows it: as long as they may know of it."""
        cover = self._setup.covers(books)(case)
        if not may(person, Action.SEE_CASE, Matter(cover)):
            return None
        if not cover.is_live:
            return said(voice.audience.language.t("This inquiry has been withdrawn."))
        return self._pages[cover.kind](books, voice, person, cover, 0)

    # --- Inquiries

    def _inquiries(self, books: Books, voice: Voice, person: Person, page: int) -> Page:
        """Open cases by the next date, one's own first; and how many may not be named."""
        several = self._asking.open_inquiries(books)
        seen = self._seen(several, person, voice)
        ordered = sorted(seen, key=lambda inquiry: _place(inquiry, person))
        hidden = len(several) - len(seen)
        return say_inquiries.listing(tuple(ordered), hidden, page, person, voice)

    def _closed(self, books: Books, voice: Voice, person: Person, page: int) -> Page:
        """Cases that have come to an end, the latest first; and how many may not be named."""
        several = self._asking.closed_inquiries(books)
        seen = self._seen(several, person, voice)
        ordered = sorted(seen, key=lambda inquiry: inquiry.news_on, reverse=True)
        return say_inquiries.closed(tuple(ordered), len(several) - len(seen), page, voice)

    def _seen(
        self, several: tuple[Inquiry, ...], person: Person, voice: Voice
    ) -> tuple[Inquiry, ...]:
        covers = voice.masking.covers
        return tuple(i for i in several if may(person, Action.SEE_CASE, Matter(covers(i.case))))

    def _inquiry(
        self,
        books: Books,
        voice: Voice,
        person: Person,
        cover: Cover,
        page: int,
        /,
        *,
        on_request: bool = False,
    ) -> Page:
        inquiry = self._asking.inquiry(books, cover.case)
        assert inquiry is not None
        told = [r for r in books.reports.of_case(cover.case) if not _is_replaced(r)]
        staffed = {p.home for p in books.people.all() if p.home and p.has(Role.CONTACT)}
        facts = say_inquiries.CaseFacts(
            inquiry=inquiry,
            steps=tuple(sorted(told, key=lambda r: (r.day, r.place), reverse=True)),
            staffed=frozenset(staffed),
            readers=self._readers(books, person, cover) if on_request else (),
            leaders=self._leaders(books, person, cover),
            may_follow=may(person, Action.FOLLOW_CASE, Matter(cover)),
            may_change=may(person, Action.CHANGE_REPORT, Matter(cover, inquiry.opening)),
            may_answer=may(person, Action.ANSWER_CASE, Matter(cover)),
            may_answer_for=may(person, Action.ANSWER_FOR, Matter(cover)),
            page=page,
        )
        return say_inquiries.page(facts, person, voice)

    def _leaders(self, books: Books, person: Person, cover: Cover) -> tuple[str, ...]:
        """Who is named as one who may know, for those who are in the case."""
        if not cover.has_inside(person):
            return ()
        known = books.people.named(cover.secrecy.people)
        return tuple(sorted(each.name for each in known.values()))

    def _readers(self, books: Books, person: Person, cover: Cover) -> tuple[str, ...]:
        """Who has read of a confidential case, for the one whose case it is."""
        if not cover.confidential or person.id != cover.reporter:
            return ()
        ids = dict.fromkeys(reading.person for reading in books.readings.of_case(cover.case))
        known = books.people.named(ids)
        return tuple(known[id_].name for id_ in ids if id_ in known and id_ != person.id)

    # --- Campaigns

    def _campaigns(self, books: Books, voice: Voice, page: int) -> Page:
        found = campaigns(books.reports.live_of(KINDS))
        latest_first = sorted(found, key=lambda campaign: campaign.news_on, reverse=True)
        return say_campaigns.listing(tuple(latest_first), page, voice)

    def _campaign(
        self,
        books: Books,
        voice: Voice,
        person: Person,
        cover: Cover,
        page: int,
        /,
        *,
        on_request: bool = False,  # noqa: ARG002 - nobody's reading is noted
    ) -> Page:
        campaign = campaign_of(_live(books, cover.case))
        assert campaign is not None
        changeable = {
            report.id
            for report in campaign.results
            if may(person, Action.CHANGE_REPORT, Matter(cover, report))
        }
        facts = say_campaigns.CampaignFacts(
            campaign=campaign,
            may_follow=may(person, Action.FOLLOW_CASE, Matter(cover)),
            may_change=may(person, Action.CHANGE_REPORT, Matter(cover, campaign.opening)),
            changeable=frozenset(changeable),
            page=page,
        )
        return say_campaigns.page(facts, voice)


def _live(books: Books, case: str) -> tuple[Recorded, ...]:
    return tuple(report for report in books.reports.of_case(case) if report.ending is None)


def _is_part(wanted: str, name: str) -> bool:
    """Whether words of a name begin so."""
    if len(wanted) < _SHORTEST or len(wanted.split()) > _MOST_WORDS:
        return False
    return f" {name}".find(f" {wanted}") >= 0


def _is_replaced(report: Recorded) -> bool:
    return report.ending is not None and report.ending.how is Ended.SUPERSEDED


def _place(inquiry: Inquiry, person: Person) -> tuple[bool, str, int]:
    """Mine before others', the nearest date before the later ones, those without a date last."""
    ask = inquiry.ask_of(person.home)
    waits = ask.next_limit if ask else None
    mine = waits is not None or inquiry.opening.reporter == person.id
    coming = waits or inquiry.next_limit
    return not mine, coming.isoformat() if coming else "9999", inquiry.opening.id
