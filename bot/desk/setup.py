"""What the desk works with: everything from outside, handed in once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar import local_day
from bot.clock import Clock
from bot.forms import Situation
from bot.language import Language, language
from bot.ledger.store import Books, Ledger
from bot.masking import Audience, Masking
from bot.names import PlanNames
from bot.notices import Notice
from bot.people import Person
from bot.plan.model import Plan
from bot.reports import Report


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
    admins: frozenset[str] = frozenset()
    """Ids and e-mail addresses of those who are admins whatever the people book says."""

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        return local_day(self.clock(), self.plan.zone)

    @property
    def masking(self) -> Masking:
        return Masking(self.kinds)

    def names(self, reader: Language) -> PlanNames:
        return PlanNames(self.plan, reader)

    def language_of(self, person: Person | None) -> Language:
        """A person's language; the plan's own for everybody together."""
        return language(person.language if person else self.plan.language)

    def audience(self, person: Person | None) -> Audience:
        return Audience(self.language_of(person), person)

    def situation(self, person: Person, kind: str = "") -> Situation:
        """What answers are read in; `kind` is the kind of report, where it is one."""
        reader = self.language_of(person)
        earliest = self.plan.earliest_for(kind)
        return Situation(reader, self.today(), earliest, self.names(reader).members)

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
        """Put something in the outbox, in the same transaction as what caused it."""
        books.outbox.put(
            key=key,
            token=self.new_token(),
            recipient=recipient,
            notice=notice.model_dump(mode="json"),
            at=self.now(),
            thread_of=thread_of,
            edits=edits,
        )

    def tell_anew(self, books: Books, key: str) -> None:
        """Have a message that was said before say what is true now."""
        said = books.outbox.get(key)
        if said is None:
            return
        books.outbox.put(
            key=f"{key}:anew:{self.new_token()}",
            token=self.new_token(),
            recipient=said.recipient,
            notice=said.notice,
            at=self.now(),
            edits=key,
        )
