"""Erasing somebody's personal data: by an admin or at the command line, and done in one place.

Article 17 of the GDPR; what an authority must keep as a record stays under a pseudonym.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from bot.asking import Answers, Ask, Flag, RawAnswers
from bot.desk.asking import Asking
from bot.desk.people import STRANGER
from bot.desk.setup import Setup
from bot.forms import Form, form_fields, read
from bot.inquiries import INQUIRY
from bot.language import N_, language
from bot.ledger.about import Kept
from bot.ledger.audit import CONSOLE, Act
from bot.ledger.erasures import Tombstone, tombstone
from bot.ledger.journal import JournalError
from bot.ledger.store import Books
from bot.outcomes import Open, Outcome, Retry, Show
from bot.people import ERASED, Person, is_erased
from bot.rights import Action, NotAllowedError, check
from bot.say import erasing as say

log = logging.getLogger(__name__)

_NOT_SURE = N_("Tick the box to erase, or close the form.")


class ErasureAnswers(Answers):
    asks_as: ClassVar[str] = N_("Erase personal data")

    sure: Annotated[
        bool,
        Ask(
            N_("Erase the personal data for good?"),
            Flag(N_("Yes, erase them. There is no way back.")),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Erased:
    """Who it was is not in it."""

    pseudonym: str
    mentions: tuple[int, ...]
    """The reports in whose free text their name still stands."""


class Erasing:
    def __init__(self, setup: Setup, asking: Asking) -> None:
        self._setup = setup
        self._asking = asking

    def begin(self, person: Person, who: str) -> Outcome:
        check(person, Action.ERASE_PERSON)
        return Open(self._form(person, who, {}))

    def submit(self, person: Person, raw: RawAnswers, about: dict[str, str]) -> Outcome:
        check(person, Action.ERASE_PERSON)
        form = self._form(person, about["person"], raw)
        answers = read(ErasureAnswers, raw, self._setup.situation(person))
        if isinstance(answers, dict) or not answers.sure:
            sentence = self._setup.language_of(person).t(_NOT_SURE)
            return Retry(form.with_errors({"sure": sentence}))
        erased = self.erase(about["person"], person)
        return Show(say.erased(erased.pseudonym, erased.mentions, self._setup.language_of(person)))

    def preview(self, person_id: str) -> say.Preview:
        """What would be done. Raises NotAllowedError if there is no such person."""

        def work(books: Books) -> say.Preview:
            found = _known(books, person_id)
            kept = books.about.person(person_id)
            mentions = books.erasures.mentions(found)
            return say.Preview(found, len(kept.reports), len(kept.held), mentions)

        return self._setup.ledger.read(work)

    def erase(self, person_id: str, by: Person | str = CONSOLE) -> Erased:
        """Raises NotAllowedError if there is no such person."""

        def work(books: Books) -> Erased:
            books.one_at_a_time()
            stone = tombstone(person_id, self._setup.new_token(), self._setup.now())
            books.erasures.remember((stone,))
            return self._erase(books, _known(books, person_id), by)

        erased = self._setup.ledger.write(work)
        self._write_down()
        return erased

    def again(self, stones: Iterable[Tombstone]) -> int:
        """After a backup has been restored: erase whoever it has brought back. How many."""
        stones = tuple(stones)

        def work(books: Books) -> int:
            books.one_at_a_time()  # web and worker start at once
            books.erasures.remember(stones)
            back = [p for p in books.people.all() if any(each.is_for(p) for each in stones)]
            for person in back:
                self._erase(books, person, CONSOLE)
            return len(back)

        count = self._setup.ledger.write(work)
        self._write_down()
        return count

    def again_if_any(self) -> None:
        """Whoever is here though they have been erased: a restore was cut off before its end."""
        try:
            written = self._setup.journal.read()
        except JournalError:
            log.exception("the journal of erasures could not be read")
            written = ()

        def are_back(books: Books) -> tuple[Tombstone, ...]:
            stones = {*written, *books.erasures.tombstones()}
            everybody = books.people.all()
            return tuple(each for each in stones if any(map(each.is_for, everybody)))

        if back := self._setup.ledger.read(are_back):
            log.warning("%d who had been erased are erased anew", self.again(back))

    def _write_down(self) -> None:
        """Into the journal. Without it the erasure stands; doctor says that it is missing."""
        stones = self._setup.ledger.read(lambda books: books.erasures.tombstones())
        try:
            self._setup.journal.add(stones)
        except JournalError:
            log.exception("the journal of erasures could not be written")

    # --- Within

    def _erase(self, books: Books, person: Person, by: Person | str) -> Erased:
        # Whoever erases themselves has an alias for this one entry only.
        actor = by if isinstance(by, str) else self._setup.alias(books, by.id)
        mentions = books.erasures.mentions(person)
        kept = books.about.person(person.id)
        pseudonym = self._pseudonym()
        done = books.erasures.erase(person.id, pseudonym)
        self._setup.note(books, actor, Act.ERASED, pseudonym.id, **done, mentions=len(mentions))
        self._say_anew(books, pseudonym, kept)
        return Erased(pseudonym.name, mentions)

    def _pseudonym(self) -> Person:
        """A random word: nothing of the person is in it."""
        word = self._setup.new_token()[:12]
        spoken = language(self._setup.plan.language)
        return Person(
            id=f"{ERASED}{word}",
            name=spoken.t("Erased person {word}", word=word[:4]),
            email="",
            home=None,
            wanted_home=None,
            roles=frozenset(),
            language=self._setup.plan.language,
            met_at=self._setup.now(),
        )

    def _say_anew(self, books: Books, pseudonym: Person, kept: Kept) -> None:
        """Messages to others that name the person say the pseudonym from now on."""
        for key in books.outbox.keys_beginning(f"home-request:{pseudonym.id}:"):
            self._setup.tell_anew(books, key)
        for about in ("joined:", "undelivered:"):
            for key in books.outbox.keys_beginning(about):
                told = books.outbox.get(key)
                if told is not None and pseudonym.id in told.notice.values():
                    self._setup.tell_anew(books, key)
        covers = self._setup.covers(books)
        for case in {report.case for report in (*kept.reports, *kept.ended, *kept.named)}:
            if covers(case).kind == INQUIRY:
                self._asking.renew(books, case)

    def _form(self, person: Person, who: str, values: RawAnswers) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        return Form(
            name="erase",
            title=t(ErasureAnswers.asks_as),
            submit=t("Erase"),
            intro=say.before(self.preview(who), situation.language),
            fields=form_fields(ErasureAnswers.fields(), values, situation),
            about={"person": who},
        )


def _known(books: Books, person_id: str) -> Person:
    found = books.people.get(person_id)
    if found is None or is_erased(person_id):
        raise NotAllowedError(STRANGER)
    return found
