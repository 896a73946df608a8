"""People, managed by admins; and everybody's own settings."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, ClassVar

from bot.asking import Answers, Ask, Choice, Option, RawAnswers, Supplied
from bot.desk.asking import Asking
from bot.desk.homes import Homes, likely_home
from bot.desk.recording import Recorder
from bot.desk.setup import Setup
from bot.forms import Form, Options, form_fields, read
from bot.language import N_, Code
from bot.ledger.audit import Act
from bot.ledger.store import Books
from bot.outcomes import Open, Outcome, Replace, Retry, Show
from bot.pages import Page, Strong, said, text
from bot.people import Person, Role
from bot.rights import Action, NotAllowedError, check
from bot.say import people as say

log = logging.getLogger(__name__)

LANGUAGES = tuple(Option(code, name) for code, name in say.LANGUAGES.items())
STRANGER = N_("That person is not known here.")


class PersonAnswers(Answers):
    asks_as: ClassVar[str] = N_("Change a person")

    home: Annotated[str | None, Ask(N_("Municipality"), Supplied())] = None
    roles: Annotated[tuple[Role, ...], Ask(N_("Roles"), Supplied(several=True))] = ()


class SettingsAnswers(Answers):
    asks_as: ClassVar[str] = N_("My settings")

    language: Annotated[Code, Ask(N_("Language"), Choice(LANGUAGES, open_list=True))]
    home: Annotated[
        str | None,
        Ask(
            N_("Municipality"),
            Supplied(),
            hint=N_("If your e-mail address does not show it, an admin confirms it."),
        ),
    ] = None


class People:
    def __init__(self, setup: Setup, homes: Homes, recorder: Recorder, asking: Asking) -> None:
        self._setup = setup
        self._homes = homes
        self._recorder = recorder
        self._asking = asking

    def list(self, person: Person, page: int = 0) -> Page:
        check(person, Action.MANAGE_PEOPLE)
        stored = self._setup.ledger.read(lambda books: books.people.all())
        everybody = tuple(self._homes.as_admin(each) for each in stored)
        reader = self._setup.language_of(person)
        return say.listing(everybody, max(0, page), reader, self._setup.names(reader))

    def begin(self, person: Person, who: str) -> Outcome:
        check(person, Action.MANAGE_PEOPLE)
        found = self._stored(who)
        values = {"home": found.home, "roles": sorted(found.roles)}
        return Open(self._form(person, found, values))

    def _stored(self, who: str) -> Person:
        """As written in the book: who is an admin by the settings is not made one for good."""
        found = self._setup.ledger.read(lambda books: books.people.get(who))
        if found is None:
            raise NotAllowedError(STRANGER)
        return found

    def submit(self, person: Person, raw: RawAnswers, about: dict[str, str]) -> Outcome:
        check(person, Action.MANAGE_PEOPLE)
        found = self._stored(about["person"])
        answers = read(PersonAnswers, raw, self._setup.situation(person), self._supplied(person))
        if isinstance(answers, dict):
            return Retry(self._form(person, found, raw).with_errors(answers))

        def work(books: Books) -> Person:
            books.one_at_a_time()  # what is just being held for them is let in
            stored = books.people.stored(found.id)
            wanted = None if answers.home else stored.wanted_home
            roles = frozenset(answers.roles)
            changed = replace(stored, home=answers.home, wanted_home=wanted, roles=roles)
            books.people.save(changed)
            self._note_change(books, person, stored, changed)
            if changed.home:
                self._recorder.let_in(books, changed)
            self._asking.moved(books, changed)
            if changed.has(Role.ADMIN) and not self._homes.as_admin(stored).has(Role.ADMIN):
                self._homes.brief(books, changed)
            return self._homes.as_admin(changed)

        changed = self._setup.ledger.write(work)
        reader = self._setup.language_of(person)
        return Show(say.changed(changed, reader, self._setup.names(reader)))

    def _note_change(self, books: Books, by: Person, before: Person, after: Person) -> None:
        if (before.home, before.roles) != (after.home, after.roles):
            details = {
                "home": after.home,
                "home_before": before.home,
                "roles": " ".join(sorted(after.roles)),
                "roles_before": " ".join(sorted(before.roles)),
            }
            self._setup.note_of(books, by, Act.PERSON_CHANGED, after.id, **details)

    def decide(
        self, person: Person, who: str, home: str, *, granted: bool, contact: bool = True
    ) -> Outcome:
        """Grant or refuse somebody's request; who is no `contact` reports, and hears of nothing
        that their municipality is asked. The first admin to decide decides."""
        check(person, Action.MANAGE_PEOPLE)
        reader = self._setup.language_of(person)

        def work(books: Books) -> Page:
            books.one_at_a_time()
            decided = self._homes.decide(books, who, home, granted=granted, contact=contact)
            if decided is None:
                return said(reader.t("This is no longer what is asked, or has been decided."))
            act = Act.HOME_CONFIRMED if granted else Act.HOME_REFUSED
            self._setup.note_of(books, person, act, who, home=home, contact=granted and contact)
            if granted:
                self._recorder.let_in(books, decided)
            if granted and not contact:  # what they were asked before is theirs no longer
                self._asking.moved(books, decided)
            return say.request(decided, home, reader, self._setup.names(reader))

        return Replace(self._setup.ledger.write(work))

    def let_in_forgotten(self) -> None:
        """Record what is still held of those who have been confirmed: a former release may have
        left some, where a report came just as its reporter was confirmed. One that cannot be read
        stays held, and keeps nobody from starting."""
        self._setup.ledger.write(lambda books: books.held.clear())
        for person_id in self._setup.ledger.read(lambda books: books.held.of_confirmed()):
            try:
                self._setup.ledger.write(partial(self._let_in, person_id))
            except Exception:
                log.exception("what is held of somebody could not be recorded")

    def _let_in(self, person_id: str, books: Books) -> None:
        books.one_at_a_time()
        person = books.people.stored(person_id)
        if person.home:
            self._recorder.let_in(books, person)

    def begin_settings(self, person: Person) -> Outcome:
        check(person, Action.CHANGE_OWN_SETTINGS)
        home = person.wanted_home or likely_home(person, self._setup.plan)
        values = {"language": person.language, "home": home}
        return Open(self._settings_form(person, values, person.wanted_home or person.home or ""))

    def submit_settings(self, person: Person, raw: RawAnswers, shown: str = "") -> Outcome:
        """`shown` is the municipality that the form was opened with; leaving it there asks for
        nothing, whatever an admin has decided in the meantime."""
        check(person, Action.CHANGE_OWN_SETTINGS)
        supplied = self._supplied(person)
        answers = read(SettingsAnswers, raw, self._setup.situation(person), supplied)
        if isinstance(answers, dict):
            return Retry(self._settings_form(person, raw, shown).with_errors(answers))

        saved = self._setup.ledger.write(lambda books: self._save(books, person.id, answers, shown))
        reader = self._setup.language_of(saved)
        page = say.own_settings(saved, reader, self._setup.names(reader))
        return Show(page, saved.language)

    def _save(self, books: Books, person_id: str, answers: SettingsAnswers, shown: str) -> Person:
        books.one_at_a_time()
        stored = replace(books.people.stored(person_id), language=answers.language)
        books.people.save(stored)
        home = answers.home or ""
        if home != shown:
            self._choose(books, stored, home)
        return books.people.stored(person_id)

    def _choose(self, books: Books, person: Person, home: str) -> None:
        """Somebody's present municipality, or none, takes back what they have asked for."""
        if home in ("", person.home):
            self._homes.withdraw_request(books, person)
        elif self._homes.claim(books, person, home):
            moved = books.people.stored(person.id)
            self._recorder.let_in(books, moved)
            self._asking.moved(books, moved)

    def _form(self, person: Person, found: Person, values: RawAnswers) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        return Form(
            name="person",
            title=t(PersonAnswers.asks_as),
            submit=t("Save"),
            intro=(text(Strong(found.name), f" {found.email}"),),
            fields=form_fields(PersonAnswers.fields(), values, situation, self._supplied(person)),
            about={"person": found.id},
        )

    def _settings_form(self, person: Person, values: RawAnswers, shown: str) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        waits = say.waits(person, situation.language, self._setup.names(situation.language))
        return Form(
            name="settings",
            title=t(SettingsAnswers.asks_as),
            submit=t("Save"),
            intro=(text(waits),) if waits else (),
            fields=form_fields(SettingsAnswers.fields(), values, situation, self._supplied(person)),
            about={"home": shown},
        )

    def _supplied(self, person: Person) -> Mapping[str, Options]:
        reader = self._setup.language_of(person)
        roles = tuple((role.value, reader.t(words)) for role, words in say.ROLES.items())
        return {"home": tuple(self._setup.names(reader).homes.items()), "roles": roles}
