"""What is kept about somebody: shown to themselves, or handed out when they have asked for it.

Access for the one whom the data are about: article 15 of the GDPR.
"""

from bot.desk.reminding import answers_of
from bot.desk.setup import Setup
from bot.ledger.about import Kept
from bot.ledger.audit import CONSOLE, Act
from bot.ledger.held import HeldReport
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.pages import Page
from bot.people import Person
from bot.rights import Action, check
from bot.say import extract as say
from bot.say.reports import Voice


class Extracting:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def own(self, person: Person, page: int = 0) -> Page:
        check(person, Action.SEE_OWN_DATA)

        def draw(books: Books, voice: Voice) -> Page:
            return say.page(self._pieces(books, voice, person), max(0, page), voice)

        return self._setup.show(person, draw)

    def handed_out(self, person: Person) -> tuple[say.Piece, ...]:
        """For somebody who has asked an authority for it; that it was done is noted. What they may
        not know of a confidential case is left out here as well."""

        def work(books: Books) -> tuple[say.Piece, ...]:
            voice = self._setup.voice(books, person)
            told = self._pieces(books, voice, person)
            self._setup.note_of(books, CONSOLE, Act.EXTRACTED, person.id)
            return told

        return self._setup.ledger.write(work)

    def _pieces(self, books: Books, voice: Voice, person: Person) -> tuple[say.Piece, ...]:
        stored = books.people.get(person.id) or person
        facts = self._facts(books, voice, stored, books.about.person(person.id))
        return say.pieces(facts, voice)

    def _facts(self, books: Books, voice: Voice, person: Person, kept: Kept) -> say.ExtractFacts:
        covers, alias = voice.masking.covers, books.aliases.known(person.id) or ""
        return say.ExtractFacts(
            person=person,
            reports=kept.reports,
            ended=kept.ended,
            named=kept.named,
            held=tuple(map(_as_recorded, kept.held)),
            reminders=tuple(
                say.MadeReminder(answers_of(each).say, each.state, each.made_at)
                for each in kept.reminders
            ),
            messages=kept.messages,
            readings=tuple((each.at, covers(each.case)) for each in kept.readings),
            kept=tuple(covers(case) for case in kept.keeps),
            entries=books.audit.about(alias) if alias else (),
            alias=alias,
            notes=kept.notes,
        )


def _as_recorded(held: HeldReport) -> Recorded:
    """What waits is told like what has been recorded, with no case around it: it is their own."""
    return Recorded(
        id=0,
        case="",
        kind=held.kind,
        day=held.held_at.date(),
        members=(),
        answers=held.answers,
        reporter=held.person,
        home="",
        recorded_at=held.held_at,
    )
