"""Help, Home and one's own reports."""

from bot.desk.okr import Okr
from bot.desk.reminding import Reminding
from bot.desk.setup import Setup
from bot.duties import NOTHING
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.notices import Guide
from bot.pages import Page
from bot.people import Person
from bot.reports import Report
from bot.rights import Action, check, may
from bot.say import welcome as say
from bot.say.reports import my_reports

LATEST = 3


class Welcome:
    def __init__(self, setup: Setup, okr: Okr, reminding: Reminding) -> None:
        self._setup = setup
        self._okr = okr
        self._reminding = reminding

    def help(self, person: Person) -> Page:
        return say.help_page(person, self._offered(), self._okr.voice(person))

    def hear(self, person: Person, key: str) -> None:
        """Somebody wrote without a command: show them the way, once for each message."""
        self._setup.ledger.write(
            lambda books: self._setup.tell(books, person.id, f"guide:{key}", Guide())
        )

    def guide(self, person: Person) -> Page:
        return say.guide(self._offered(), self._okr.voice(person))

    def mine(self, person: Person, page: int = 0) -> Page:
        check(person, Action.REPORT)
        voice = self._okr.voice(person)

        def work(books: Books) -> Page:
            waiting = len(books.held.waiting(person.id))
            return my_reports(self._own(books, person), max(0, page), voice, waiting)

        return self._setup.ledger.read(work)

    def home(self, person: Person) -> Page:
        def work(books: Books) -> Page:
            owed = tuple(o for o in self._reminding.owed(books) if o.member == person.home)
            reports = self._own(books, person)[:LATEST]
            return say.home(owed, reports, self._offered(), self._okr.voice(person))

        return self._setup.ledger.read(work)

    def _own(self, books: Books, person: Person) -> tuple[Recorded, ...]:
        """One's own and one's municipality's, the latest recorded first."""
        known = books.reports.known_at(self._setup.now())
        near = (r for r in known if r.reporter == person.id or r.home == person.home)
        told = [r for r in near if r.kind != NOTHING and may(person, Action.CHANGE_REPORT, r)]
        return tuple(sorted(told, key=lambda report: report.id, reverse=True))

    def _offered(self) -> tuple[type[Report], ...]:
        return tuple(kind for kind in self._setup.kinds.values() if kind.offered)
