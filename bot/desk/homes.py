"""Whom people speak for: asked for, taken at once by e-mail address, or decided by an admin."""

from dataclasses import replace

from bot.desk.setup import Setup
from bot.ledger.audit import Act
from bot.ledger.store import Books
from bot.notices import HomeDecision, HomeRequest, Joined
from bot.people import Person, Profile, Role, home_by_email
from bot.plan.model import Plan


class Homes:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def find(self, person_id: str) -> Person | None:
        person = self._setup.ledger.read(lambda books: books.people.get(person_id))
        return self.as_admin(person) if person else None

    def called(self, words: str) -> Person | None:
        """Somebody by their id, with or without its platform before it, or by their address."""
        wanted = words.strip().casefold()
        for person in self._setup.ledger.read(lambda books: books.people.all()):
            ids = (person.id.casefold(), person.id.partition(":")[2].casefold())
            if wanted in {*ids, person.email.casefold()} - {""}:
                return self.as_admin(person)
        return None

    def meet(self, profile: Profile) -> Person:
        """Somebody the bot sees for the first time. The plan's language until they say otherwise:
        a chat client set to English says little about what somebody works in."""
        newcomer = Person(
            id=profile.id,
            name=profile.name,
            email=profile.email,
            home=None,
            wanted_home=None,
            roles=frozenset(),
            language=self._setup.plan.language,
            met_at=self._setup.now(),
        )
        return self._setup.ledger.write(lambda books: self._met(books, newcomer))

    def _met(self, books: Books, newcomer: Person) -> Person:
        known = books.people.get(newcomer.id)
        if known is None:
            person = books.people.meet(newcomer)
        else:
            # Met before the app could see the address.
            person = replace(known, name=newcomer.name, email=newcomer.email)
            books.people.save(person)
        before, person = known and self.as_admin(known), self.as_admin(person)
        if person.has(Role.ADMIN) and not (before and before.has(Role.ADMIN)):
            self.brief(books, person)
        return person

    def as_admin(self, person: Person) -> Person:
        """The person, with the admin's role if the settings name them."""
        if self._setup.admins & {person.id, person.email.lower()}:
            return replace(person, roles=person.roles | {Role.ADMIN})
        return person

    def admins(self, books: Books) -> tuple[Person, ...]:
        everybody = (self.as_admin(person) for person in books.people.all())
        return tuple(person for person in everybody if person.has(Role.ADMIN))

    def claim(self, books: Books, person: Person, home: str) -> bool:
        """Take `home` at once if the e-mail address shows it, and say so; else ask the admins."""
        if home == home_by_email(person.email, self._setup.plan.email_domains):
            confirmed = self.confirm(books, person.id, home)
            self._setup.note_of(
                books, confirmed, Act.HOME_CONFIRMED, person.id, home=home, by_email=True
            )
            if home in self._setup.plan.member_codes:  # the office is asked nothing
                self._tell_admins(books, confirmed, home)
            return True
        if books.people.ask_for_home(person.id, home):
            self._ask_admins(books, person, home)
        return False

    def _tell_admins(self, books: Books, person: Person, home: str) -> None:
        """A contact hears of confidential inquiries: whoever became one by the address alone, an
        admin may know to be none."""
        for admin in self.admins(books):
            if admin.id != person.id:
                joined = Joined(person=person.id, home=home)
                self._setup.tell(books, admin.id, f"joined:{self._setup.new_token()}", joined)

    def confirm(self, books: Books, person_id: str, home: str, *, contact: bool = True) -> Person:
        """The person speaks for `home` from now on."""
        stored = books.people.stored(person_id)
        answering = {Role.CONTACT, Role.DEPUTY}
        roles = stored.roles | {Role.CONTACT} if contact else stored.roles - answering
        confirmed = replace(stored, home=home, wanted_home=None, roles=roles)
        books.people.save(confirmed)
        return self.as_admin(confirmed)

    def decide(
        self, books: Books, person_id: str, home: str, *, granted: bool, contact: bool
    ) -> Person | None:
        """Grant or refuse what was asked for. None if that is no longer what is asked."""
        stored = books.people.get(person_id)
        if stored is None or stored.wanted_home != home:
            return None
        decision = HomeDecision(home=home, granted=granted)
        self._setup.tell(books, person_id, f"decision:{self._setup.new_token()}", decision)
        if granted:
            decided = self.confirm(books, person_id, home, contact=contact)
        else:
            decided = replace(stored, wanted_home=None)
            books.people.save(decided)
        self._renew_requests(books, person_id)
        return decided

    def brief(self, books: Books, admin: Person) -> None:
        """Put before somebody who is new as an admin what waits to be decided."""
        for person in books.people.all():
            if person.wanted_home:
                self._ask(books, admin, person, person.wanted_home)

    def withdraw_request(self, books: Books, person: Person) -> None:
        """The person stays where they are."""
        books.people.save(replace(person, wanted_home=None))
        self._renew_requests(books, person.id)

    def _renew_requests(self, books: Books, person_id: str) -> None:
        for key in books.outbox.keys_beginning(_request_key(person_id)):
            self._setup.tell_anew(books, key)

    def _ask_admins(self, books: Books, person: Person, home: str) -> None:
        self._renew_requests(books, person.id)
        for admin in self.admins(books):
            self._ask(books, admin, person, home)

    def _ask(self, books: Books, admin: Person, person: Person, home: str) -> None:
        request = HomeRequest(person=person.id, home=home)
        key = f"{_request_key(person.id)}{self._setup.new_token()}:{admin.id}"
        self._setup.tell(books, admin.id, key, request)


def _request_key(person_id: str) -> str:
    return f"home-request:{person_id}:"


def likely_home(person: Person, plan: Plan) -> str | None:
    """Whom the person speaks for, or asked to, or most likely does by the e-mail address."""
    guess = home_by_email(person.email, plan.email_domains)
    return person.home or person.wanted_home or guess
