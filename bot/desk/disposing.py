"""Disposal: what goes when, what is kept all the same, and the record of what went.

In a Swedish authority nothing is disposed of without a decision (arkivlagen 1990:782, 10 §): the
plan file's rules quote it. The trail says what went, how many, by which rule and when.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from bot.asking import Answers, Ask, Prose, RawAnswers
from bot.cover import Cover
from bot.desk.setup import Setup
from bot.disposal import Outlived, outlived
from bot.forms import Form, form_fields, read
from bot.language import N_
from bot.ledger.audit import CONSOLE, SYSTEM, Act
from bot.ledger.disposal import Keep
from bot.ledger.store import Books
from bot.notices import DisposalAhead
from bot.outcomes import Open, Outcome, Replace, Retry, Show
from bot.pages import Page, text
from bot.people import Person
from bot.plan.retention import Retention
from bot.rights import NO_SUCH_CASE, Action, Matter, NotAllowedError, check, may
from bot.say import disposing as say
from bot.say.reports import Voice

log = logging.getLogger(__name__)

_NOT_KEPT = N_("That case is not kept from disposal.")


class KeepAnswers(Answers):
    asks_as: ClassVar[str] = N_("Keep from disposal")

    why: Annotated[
        str,
        Field(min_length=1, max_length=500),
        Ask(N_("Why"), Prose(500), hint=N_("For example that somebody has asked for the record.")),
    ]


@dataclass(frozen=True, slots=True)
class Gone:
    """What went by one rule."""

    rule: Retention
    cases: int
    reports: int


class Disposing:
    def __init__(self, setup: Setup, admins: Callable[[Books], tuple[Person, ...]]) -> None:
        self._setup = setup
        self._admins = admins

    # --- What has outlived its rule

    def ahead(self, books: Books, by: date) -> tuple[Outlived, ...]:
        """The cases that go by that day, unless they are kept."""
        setup, kept = self._setup, {each.case for each in books.disposal.kept()}
        if not setup.plan.retention:
            return ()
        found = outlived(setup.plan, setup.kinds, books.reports.ever(), by)
        return tuple(each for each in found if each.case not in kept)

    def announce(self, books: Books, by: date) -> None:
        """Tell the admins what goes at that day, if anything does."""
        if self.ahead(books, by):
            for admin in self._admins(books):
                key = f"disposal:{by}:{admin.id}"
                self._setup.tell(books, admin.id, key, DisposalAhead(by=by.isoformat()))

    def announcement(self, books: Books, voice: Voice, by: date) -> Page | None:
        """As it stands now; None when nothing goes any longer."""
        several = self.ahead(books, by)
        covers = voice.masking.covers
        known = tuple(covers(each.case) for each in several if self._may(voice, covers(each.case)))
        return say.ahead(_counted(several), known, by, voice) if several else None

    def _may(self, voice: Voice, cover: Cover) -> bool:
        person = voice.audience.person
        return person is not None and may(person, Action.KEEP_CASE, Matter(cover))

    def dispose(self, books: Books, by: date, actor: str = SYSTEM) -> tuple[Gone, ...]:
        """Remove what has outlived its rule by that day, and note what went."""
        several = self.ahead(books, by)
        for each in several:
            books.disposal.case(each.case, each.reports)
        gone = _counted(several)
        for rule in gone:
            self._note(books, actor, rule)
        return gone

    def at_the_console(self, by: date, *, dry_run: bool) -> tuple[str, ...]:
        """Dispose of it, or only say what would go: a line for each rule."""

        def look(books: Books) -> tuple[str, ...]:
            voice = self._setup.voice(books, None)
            gone = _counted(self.ahead(books, by)) if dry_run else self.dispose(books, by, CONSOLE)
            return tuple(say.rows(gone, voice))

        return self._setup.ledger.write(look)

    def _note(self, books: Books, actor: str, gone: Gone) -> None:
        rule = gone.rule
        self._setup.note(
            books,
            actor,
            Act.DISPOSED,
            f"kind:{rule.kind}",
            cases=gone.cases,
            reports=gone.reports,
            keep_years=rule.keep_years,
            after=rule.after,
            basis=rule.basis,
        )

    # --- What has served its purpose

    def tidy(self) -> None:
        """Messages, keys and notes of reminders, by the plan's days. A little at a time."""
        rules, ledger = self._setup.plan.disposal, self._setup.ledger
        now = self._setup.now()
        old = [now - timedelta(days=days) for days in (rules.keys_days, rules.reminded_days)]
        gone = {
            "messages": self._messages(now - timedelta(days=rules.messages_days)),
            "keys": _all(lambda: ledger.write(lambda books: books.disposal.keys(old[0]))),
            "reminded": _all(lambda: ledger.write(lambda books: books.disposal.occasions(old[1])))
            + ledger.write(lambda books: books.disposal.nudges(old[1].date())),
        }

        def note(books: Books) -> None:
            self._setup.note(books, SYSTEM, Act.DISPOSED, "kind:served", **gone)

        if any(gone.values()):
            ledger.write(note)

    def _messages(self, before: datetime) -> int:
        total, at = 0, 0
        while True:
            count, further = self._some_messages(before, at)
            total += count
            if further is None:
                return total
            at = further

    def _some_messages(self, before: datetime, at: int) -> tuple[int, int | None]:
        return self._setup.ledger.write(lambda books: books.disposal.messages(before, at))

    # --- Kept all the same

    def say(self, person: Person, words: str) -> Outcome:
        """`/bro bevara`: what is kept; `/bro bevara Projekt Falk`: keep that."""
        check(person, Action.KEEP_CASE)
        if not words.strip():
            return Show(self.list(person))
        wanted = words.strip().casefold()
        found = self._setup.ledger.read(lambda books: self._called(books, person, wanted))
        if found is None:
            raise NotAllowedError(NO_SUCH_CASE)
        return self.begin(person, found.case)

    def _called(self, books: Books, person: Person, name: str) -> Cover | None:
        openings = [kind.kind for kind in self._setup.kinds.values() if not kind.step_of]
        live = books.reports.live_of(openings)
        cases = (r.case for r in live if self._setup.headline(r).casefold() == name)
        covers = map(self._setup.covers(books), cases)
        return next((c for c in covers if may(person, Action.KEEP_CASE, Matter(c))), None)

    def list(self, person: Person) -> Page:
        check(person, Action.KEEP_CASE)

        def draw(books: Books, voice: Voice) -> Page:
            covers = voice.masking.covers
            kept = [(each, covers(each.case)) for each in books.disposal.kept()]
            known = tuple((k, c) for k, c in kept if may(person, Action.KEEP_CASE, Matter(c)))
            return say.kept(known, len(kept) - len(known), voice)

        return self._setup.show(person, draw)

    def begin(self, person: Person, case: str) -> Outcome:
        self._check(person, case)
        return Open(self._form(person, case, {}))

    def submit(self, person: Person, raw: RawAnswers, case: str) -> Outcome:
        self._check(person, case)
        answers = read(KeepAnswers, raw, self._setup.situation(person))
        if isinstance(answers, dict):
            return Retry(self._form(person, case, raw).with_errors(answers))
        self.keep(case, answers.why, person)
        return Show(self.list(person))

    def keep(self, case: str, why: str, by: Person | str = CONSOLE) -> None:
        """Raises NotAllowedError if there is no such case."""

        def work(books: Books) -> None:
            if not books.reports.of_case(case):
                raise NotAllowedError(NO_SUCH_CASE)
            who = by.id if isinstance(by, Person) else None
            books.disposal.keep(Keep(case, why, who, self._setup.now()))
            self._setup.note(books, by, Act.KEPT, f"case:{case}")

        self._setup.ledger.write(work)

    def lift(self, person: Person, case: str) -> Outcome:
        self._check(person, case)
        self.no_longer_keep(case, person)
        return Replace(self.list(person))

    def no_longer_keep(self, case: str, by: Person | str = CONSOLE) -> None:
        """Raises NotAllowedError if it is not kept."""

        def work(books: Books) -> None:
            if not books.disposal.lift(case):
                raise NotAllowedError(_NOT_KEPT)
            self._setup.note(books, by, Act.NO_LONGER_KEPT, f"case:{case}")

        self._setup.ledger.write(work)

    def _check(self, person: Person, case: str) -> None:
        cover = self._setup.ledger.read(lambda books: self._setup.covers(books)(case))
        if not cover.kind:
            raise NotAllowedError(NO_SUCH_CASE)
        check(person, Action.KEEP_CASE, Matter(cover))

    def _form(self, person: Person, case: str, values: RawAnswers) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t

        def name(_books: Books, voice: Voice) -> str:
            return voice.masking.case_name(voice.masking.covers(case), voice.audience)

        return Form(
            name="keep",
            title=t(KeepAnswers.asks_as),
            submit=t("Save"),
            intro=(text(self._setup.show(person, name)),),
            fields=form_fields(KeepAnswers.fields(), values, situation),
            about={"case": case},
        )


def _counted(several: tuple[Outlived, ...]) -> tuple[Gone, ...]:
    cases = Counter(each.rule for each in several)
    reports = Counter(each.rule for each in several for _ in each.reports)
    return tuple(Gone(rule, cases[rule], reports[rule]) for rule in cases)


def _all(some: Callable[[], int]) -> int:
    """Until nothing is left to do."""
    total = 0
    while count := some():
        total += count
    return total
