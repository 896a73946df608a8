"""A ledger that a worker tallies, and the question how the plan stands, answered both ways."""

from dataclasses import replace
from datetime import date, timedelta

from bot.clock import MovableClock
from bot.desk.setup import Setup
from bot.desk.tallying import Tallying
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
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
        return Tallying(Setup(self.ledger, plan, kinds(), self.clock, lambda: "", "slack:C1"))

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
        asked = asked or self.worker
        return self.ledger.read(lambda books: asked.standings(books, PLAN.rows, day))

    def agrees(self, *several: date) -> bool:
        """Whether the reports say the same as the tallies, but for what is behind it."""
        known = self.ledger.read(lambda books: books.reports.known_at(self.clock()))
        for day in several:
            by_reports = standings(PLAN, PLAN.rows, known, day)
            assert _bare(self.stands(day)) == _bare(by_reports)
        return True


def _bare(several: tuple[Standing, ...]) -> list[Standing]:
    return [replace(each, measured=replace(each.measured, behind=())) for each in several]
