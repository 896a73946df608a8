"""What the desk works with: everything from outside, handed in once."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from pydantic import ValidationError

from bot.calendar import local_day
from bot.clock import Clock
from bot.cover import Bindery, Cover, Covers, may_be_secret
from bot.forms import Situation
from bot.language import Language, language
from bot.ledger.audit import Act, Detail, Noted, person_subject
from bot.ledger.journal import NO_JOURNAL, Journal
from bot.ledger.outbox import Delivery
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books, Ledger
from bot.masking import Audience, Masking
from bot.names import PlanNames
from bot.notices import Notice
from bot.people import Person, is_erased
from bot.plan.model import Plan
from bot.reports import Report
from bot.rights import Matter
from bot.say.reports import Voice
from bot.typed_line import Place

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setup:
    ledger: Ledger
    plan: Plan
    kinds: Mapping[str, type[Report]]
    clock: Clock
    new_token: Callable[[], str]
    """32 random hex characters."""
    channel: str
    """Where the digest goes, as an outbox recipient."""
    journal: Journal = NO_JOURNAL
    """Where erasures are written down outside of the database."""
    admins: frozenset[str] = frozenset()
    """Ids and e-mail addresses of those who are admins whatever the people book says."""
    alarms: tuple[str, ...] = ()
    """Names of what happens by itself, as their pulses are noted."""
    _names: dict[str, PlanNames] = field(default_factory=dict, init=False, compare=False)

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        return local_day(self.clock(), self.plan.zone)

    def model(self, recorded: Recorded) -> Report:
        """The report as its own type. For deciding; words for people come from the voice."""
        return self.kinds[recorded.kind].model_validate(dict(recorded.answers))

    def readable(self, recorded: Recorded) -> Report | None:
        """As `model`; None for one that this release cannot read: a single odd row must not take
        all the others with it."""
        try:
            return self.model(recorded)
        except (KeyError, ValidationError):
            log.exception("report %s of kind %s cannot be read", recorded.id, recorded.kind)
            return None

    def headline(self, recorded: Recorded) -> str:
        """The few words it is known by; nothing for one that cannot be read."""
        report = self.readable(recorded)
        return report.headline() if report else ""

    @property
    def places(self) -> tuple[Place, ...]:
        """The plan's municipalities, as they are found in a typed line."""
        return tuple(Place(each.code, each.name, each.aliases) for each in self.plan.members)

    @property
    def secretive(self) -> frozenset[str]:
        """The kinds of report that may be about a confidential case."""
        openings = [kind for kind, model in self.kinds.items() if may_be_secret(model)]
        return frozenset(kind for opening in openings for kind in self.family(opening))

    # --- What somebody may be told

    def covers(self, books: Books, ahead: Iterable[str] = ()) -> Covers:
        """`ahead` are cases whose covers are sure to be asked for: they are read at one go."""
        bindery = Bindery(
            self.kinds, self.plan.network.office.code, self.plan.inquiries.admins_may_know
        )

        # What opens a case is all that its cover needs, unless there is nothing of that kind.
        openings = [kind for kind, model in self.kinds.items() if not model.step_of]
        read = books.reports.of_cases(ahead, openings)

        @cache
        def cover(case: str) -> Cover:
            return bindery.cover(case, read.get(case) or books.reports.of_case(case))

        return cover

    def matter(self, books: Books, report: Recorded) -> Matter:
        return Matter(self.covers(books)(report.case), report)

    def voice(self, books: Books, person: Person | None) -> Voice:
        """How a person, or everybody together, is spoken to of reports."""
        return self.voice_for(books, self.audience(person))

    def voice_for(self, books: Books, audience: Audience, ahead: Iterable[str] = ()) -> Voice:
        """As `voice`; of the cases `ahead` much will be said."""
        masking = Masking(self.kinds, self.covers(books, ahead))
        names = self.names(audience.language)
        return Voice(audience, names, masking, self.today(), self.plan.zone)

    def show(self, person: Person, draw: Callable[[Books, Voice], T]) -> T:
        """Draw something for a person. What they come to read of confidential cases is noted
        before they get it."""

        def work(books: Books) -> tuple[T, frozenset[str]]:
            voice = self.voice(books, person)
            return draw(books, voice), frozenset(voice.masking.named)

        drawn, named = self.ledger.read(work)
        if named:
            self.ledger.write(lambda books: books.readings.note(person.id, named, self.now()))
        return drawn

    def note_readings(self, books: Books, voice: Voice) -> None:
        """As `show` does, for what is drawn while something is written."""
        if voice.audience.person is not None:
            person = voice.audience.person.id
            books.readings.note(person, voice.masking.named, self.now())

    # --- Who reads, in which situation

    def names(self, reader: Language) -> PlanNames:
        """Made once for each language."""
        if reader.code not in self._names:
            self._names[reader.code] = PlanNames(self.plan, reader)
        return self._names[reader.code]

    def language_of(self, person: Person | None) -> Language:
        """A person's language; the plan's own for everybody together."""
        return language(person.language if person else self.plan.language)

    def audience(self, person: Person | None) -> Audience:
        return Audience(self.language_of(person), person)

    def situation(self, person: Person, kind: str = "") -> Situation:
        """What answers are read in; `kind` is the kind of report, where it is one."""
        reader = self.language_of(person)
        names = self.names(reader)
        earliest = self.plan.earliest_for(*self.family(kind))
        return Situation(reader, self.today(), earliest, names.members, names.lists)

    def family(self, kind: str) -> tuple[str, ...]:
        """The kind that opens a case and those that are steps in it."""
        opening = (self.kinds[kind].step_of or kind) if kind in self.kinds else kind
        steps = (each.kind for each in self.kinds.values() if each.step_of == opening)
        return (opening, *steps)

    def note(
        self, books: Books, by: Person | str, act: Act, subject: str = "", **details: Detail
    ) -> None:
        """Into the audit trail, in the same transaction as what was done. `by` is a person, or
        SYSTEM or CONSOLE. Details are codes and counts, never what somebody wrote."""
        actor = by if isinstance(by, str) else self.alias(books, by.id)
        books.audit.note(Noted(self.now(), actor, act, subject, details))

    def note_of(
        self, books: Books, by: Person | str, act: Act, person_id: str, **details: Detail
    ) -> None:
        """As `note`, of what was done to somebody."""
        self.note(books, by, act, person_subject(self.alias(books, person_id)), **details)

    def alias(self, books: Books, person_id: str) -> str:
        return books.aliases.of(person_id, self.new_token)

    def tell(
        self,
        books: Books,
        recipient: str,
        key: str,
        notice: Notice,
        *,
        thread_of: str | None = None,
        edits: str | None = None,
    ) -> None:
        """Put something in the outbox, in the same transaction as what caused it. Nothing is said
        to somebody whose personal data have been erased."""
        if is_erased(recipient):
            return
        books.outbox.put(
            key=key,
            token=self.new_token(),
            recipient=recipient,
            notice=notice.model_dump(mode="json"),
            at=self.now(),
            thread_of=thread_of,
            edits=edits,
        )

    def tell_all(self, books: Books, keys: Mapping[str, str], notice: Notice) -> None:
        """As `tell`, the same to several: `keys` is from recipient to key."""
        several = ((key, self.new_token(), recipient) for recipient, key in keys.items())
        books.outbox.put_all(several, notice.model_dump(mode="json"), self.now())

    def tell_anew(self, books: Books, key: str) -> None:
        """Have a message that was said before say what is true now."""
        said = books.outbox.get(key)
        if said is None or (said.state is Delivery.PENDING and not said.attempts):
            return  # its words are found when it is said
        books.outbox.put(
            key=f"{key}:anew:{self.new_token()}",
            token=self.new_token(),
            recipient=said.recipient,
            notice=said.notice,
            at=self.now(),
            edits=key,
        )
