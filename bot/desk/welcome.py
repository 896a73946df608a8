"""Help, Home and one's own reports."""

from bot.desk.asking import Asking
from bot.desk.reminding import Reminding
from bot.desk.running import Running
from bot.desk.setup import Setup
from bot.duties import NOTHING
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.notices import Guide
from bot.pages import Page
from bot.people import Person
from bot.rights import Action, Matter, check, may
from bot.say import welcome as say
from bot.say.reports import Voice, my_reports

LATEST = 3


class Welcome:
    def __init__(
        self, setup: Setup, asking: Asking, reminding: Reminding, running: Running
    ) -> None:
        self._setup = setup
        self._asking = asking
        self._reminding = reminding
        self._running = running

    def help(self, person: Person, unknown: str = "", near: str = "") -> Page:
        """`unknown` is what they typed, where it was no command; `near` one they may have meant."""
        return self._setup.show(
            person,
            lambda _, voice: say.help_page(person, self._offer(), voice, unknown, near),
        )

    def help_about(self, person: Person, kind: str) -> Page:
        """How one kind of report is called for."""
        model = self._setup.kinds[kind]
        return self._setup.show(person, lambda _, voice: say.kind_help(model, self._offer(), voice))

    def help_with_reminders(self, person: Person) -> Page:
        """How they are typed, to those who may make them."""
        if not may(person, Action.MANAGE_REMINDERS):
            return self.help(person)
        return self._setup.show(person, lambda _, voice: say.reminder_help(voice))

    def hear(self, person: Person, key: str, near: str) -> None:
        """Somebody wrote without a command: show them the way, once for each message. `near` is
        the command that they may have meant."""
        self._setup.ledger.write(
            lambda books: self._setup.tell(books, person.id, f"guide:{key}", Guide(near=near))
        )

    def guide(self, voice: Voice, near: str) -> Page:
        return say.guide(self._offer(), voice, near)

    def mine(self, person: Person, page: int = 0) -> Page:
        check(person, Action.REPORT)

        def draw(books: Books, voice: Voice) -> Page:
            waiting = len(books.held.waiting(person.id))
            own = self._own(books, person, voice, also=(NOTHING,))
            return my_reports(own, max(0, page), voice, waiting)

        return self._setup.show(person, draw)

    def home(self, person: Person) -> Page:
        def draw(books: Books, voice: Voice) -> Page:
            owed = tuple(o for o in self._reminding.owed(books) if o.member == person.home)
            asked = tuple(self._asking.owed_by(books, person))
            reports = self._own(books, person, voice)[:LATEST]
            page = say.home(asked, owed, reports, self._offer(), voice)
            return page.followed_by(self._running.parts(books, person, voice))

        return self._setup.show(person, draw)

    def _own(
        self, books: Books, person: Person, voice: Voice, also: tuple[str, ...] = ()
    ) -> tuple[Recorded, ...]:
        """One's own and one's municipality's, the latest recorded first. What is no form cannot be
        changed and is listed only where it is of a kind that is wanted `also`."""
        near = books.reports.live_told_by(person.id, person.home)
        formed = (r for r in near if self._setup.kinds[r.kind].fields() or r.kind in also)
        covers = voice.masking.covers
        told = [r for r in formed if may(person, Action.CHANGE_REPORT, Matter(covers(r.case), r))]
        return tuple(sorted(told, key=lambda report: report.id, reverse=True))

    def _offer(self) -> say.Offer:
        kinds = self._setup.kinds.values()
        offered = tuple(kind for kind in kinds if kind.offered)
        stepped = {kind.step_of for kind in kinds}
        return say.Offer(offered, tuple(kind for kind in offered if kind.kind in stepped))
