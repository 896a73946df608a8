"""The standing by the tallies is the standing by the reports, whatever has been told and when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import MovableClock
from bot.desk.setup import Setup
from bot.desk.tallying import Tallying
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from bot.plan.model import Plan
from bot.reports import kinds
from bot.standing import Standing, standings
from tests import databases
from tests.bot.histories import CAMPAIGNS, INQUIRIES, PAUSES, PLAN, Telling, days, steps
from tests.bot.ledger.cast import JUNE
from tests.conftest import Still

LONG = timedelta(hours=1)


class Office:
    """A ledger, a worker that tallies, and whoever asks how the plan stands."""

    def __init__(self, url: str, plan: Plan = PLAN) -> None:
        self.clock = MovableClock(Still(JUNE))
        self.ledger = Ledger(connect(url))
        self.tallying = self.worker(plan)
        self.telling = Telling(self.ledger, self.clock)

    def worker(self, plan: Plan) -> Tallying:
        return Tallying(Setup(self.ledger, plan, kinds(), self.clock, lambda: "", "slack:C1"))

    def stands(self, day: date) -> tuple[Standing, ...]:
        """By the tallies, as far as there are any."""
        return self.ledger.read(lambda books: self.tallying.standings(books, PLAN.rows, day))

    def stands_by_reports(self, day: date) -> tuple[Standing, ...]:
        known = self.ledger.read(lambda books: books.reports.known_at(self.clock()))
        return standings(PLAN, PLAN.rows, known, day)


def without_reports(several: tuple[Standing, ...]) -> list[Standing]:
    return [replace(each, measured=replace(each.measured, behind=())) for each in several]


def agrees(office: Office, *several: date) -> None:
    for day in several:
        tallied, told = office.stands(day), office.stands_by_reports(day)
        for one, other in zip(without_reports(tallied), without_reports(told), strict=True):
            assert one == other


class Emptied(Office):
    def empties(self):
        databases.empty(self.ledger._engines.writing)
        self.clock.set(JUNE)
        self.telling = Telling(self.ledger, self.clock)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[Emptied]:
    found = Emptied(databases.sqlite(tmp_path_factory.mktemp("tallies")))
    yield found
    found.ledger.close()


@pytest.mark.parametrize("kinds", [(), ("workshop",), INQUIRIES, CAMPAIGNS])
@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(days, min_size=1, max_size=3))
def test_whatever_is_told_and_tallied_when_the_standing_is_that_of_the_reports(
    office, kinds, data, asked
):
    office.empties()
    history = data.draw(st.lists(st.tuples(steps(*kinds), PAUSES), max_size=25))
    for step, pause in history:
        office.telling.takes(step)
        if pause:
            office.telling.passes(pause)
            office.tallying.bring_forward()
    agrees(office, *asked)
