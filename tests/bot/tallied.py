"""A ledger that a worker tallies, and the question how the plan stands, answered both ways."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import inf

from bot.calendar import Week
from bot.clock import MovableClock
from bot.desk.knowing import Knowing
from bot.desk.setup import Setup
from bot.desk.tallying import Tallying
from bot.digest import DigestFacts, Known, Published, digest_facts
from bot.ledger.engine import connect
from bot.ledger.store import Books, Ledger
from bot.ledger.tallies import Tallied
from bot.plan.model import Plan
from bot.reports import kinds
from bot.standing import Standing, standings
from bot.tallies import fingerprint
from tests import databases
from tests.bot.histories import PLAN, Step, Telling
from tests.bot.ledger.cast import JUNE
from tests.conftest import Still


class Office:
    def __init__(self, url: str) -> None:
        self.clock = MovableClock(Still(JUNE))
        self.ledger = Ledger(connect(url))
        self.worker = self.another()
        self.empties()

    def another(self, plan: Plan = PLAN) -> Tallying:
        """A worker, or a web process, with a plan of its own."""
        return Tallying(self.setup(plan))

    def setup(self, plan: Plan = PLAN) -> Setup:
        return Setup(self.ledger, plan, kinds(), self.clock, lambda: "", "slack:C1")

    def empties(self) -> None:
        databases.empty(self.ledger._engines.writing)
        self.clock.set(JUNE)
        self.telling = Telling(self.ledger, self.clock)

    def tells(self, *steps: Step) -> None:
        for step in steps:
            self.telling.takes(step)

    def passes(self, time: timedelta) -> None:
        self.clock.set(self.clock() + time)

    def tallied(self, plan: Plan = PLAN) -> Tallied | None:
        return self.ledger.read(lambda books: books.tallies.tallied(fingerprint(plan)))

    def stands(self, day: date, asked: Tallying | None = None) -> tuple[Standing, ...]:
        """By the tallies, as far as there are any."""
        knowing = self.knowing(asked)

        def stands(books: Books) -> tuple[Standing, ...]:
            [known] = knowing.at(books, self.clock())
            return known.standings(PLAN.rows, day)

        return self.ledger.read(stands)

    def knowing(self, asked: Tallying | None = None) -> Knowing:
        """By the tallies, however much has changed since."""
        return Knowing(self.setup(), asked or self.worker, most=inf)

    def agrees(self, *several: date) -> bool:
        """Whether the reports say the same as the tallies, but for what is behind it."""
        known = self.ledger.read(lambda books: books.reports.known_at(self.clock()))
        for day in several:
            by_reports = standings(PLAN, PLAN.rows, known, day)
            assert _bare(self.stands(day)) == _bare(by_reports)
        return True

    def digests_agree(self, then: datetime, now: datetime, week: Week) -> bool:
        """Whether the digest of a week says the same by the tallies as by the reports, with one
        before it in the week before."""
        knowing = self.knowing()

        def by(ask: Callable[..., tuple[Known, ...]]) -> DigestFacts:
            return self.ledger.read(lambda books: _facts(ask(books, then, now), then, now, week))

        tallied, read = by(knowing.at), by(knowing.by_reports)
        for name in ("standings", "beside", "before", "closed"):
            assert _bare(getattr(tallied, name)) == _bare(getattr(read, name))
        for some, all_ in zip(tallied.standings, read.standings, strict=True):
            moved = set(all_.measured.behind) & tallied.reports.keys()
            assert set(some.measured.behind) & tallied.reports.keys() == moved
        for mine, theirs in zip(tallied.corrections, read.corrections, strict=True):
            assert mine.by == theirs.by
            assert _bare((mine.then, mine.now)) == _bare((theirs.then, theirs.now))
        assert tallied.news == read.news
        assert tallied.awaited == read.awaited
        assert tallied.reports.items() <= read.reports.items()
        return True


def _facts(known: tuple[Known, ...], then: datetime, now: datetime, week: Week) -> DigestFacts:
    before = Published(week.previous(), then)
    return digest_facts(PLAN, Published(week, now), known[1], (before, known[0]))


def _bare(several: tuple[Standing, ...]) -> list[Standing]:
    return [replace(each, measured=replace(each.measured, behind=())) for each in several]
