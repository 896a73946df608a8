"""The standing by tallies is the standing by reports, whatever has been told and tallied when."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tallies import Tallier, fingerprint, hundredths
from tests import databases
from tests.bot.examples import BRO, report
from tests.bot.histories import CAMPAIGNS, INQUIRIES, PAUSES, PLAN, days, steps
from tests.bot.tallied import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[Office]:
    found = Office(databases.sqlite(tmp_path_factory.mktemp("tallies")))
    yield found
    found.ledger.close()


@pytest.mark.parametrize(
    "told",
    [(), ("workshop",), INQUIRIES, CAMPAIGNS],
    ids=["all", "workshops", "inquiries", "lives"],
)
@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(days, min_size=1, max_size=3))
def test_whatever_is_told_and_tallied_when_the_standing_is_that_of_the_reports(
    office, told, data, asked
):
    office.empties()
    for step, pause in data.draw(st.lists(st.tuples(steps(*told), PAUSES), max_size=25)):
        office.tells(step)
        if pause:
            office.passes(pause)
            office.worker.bring_forward()
    assert office.agrees(*asked)


MAY, JUNE = date(2026, 5, 5), date(2026, 6, 6)


def shown(*told, row="S4"):
    """What a case adds to a row: what, on which day, since when it shows, how much."""
    found = Tallier(PLAN).of(told)
    return {(t.name, t.day, t.since, amount) for t, amount in found.items() if t.row == row}


def workshop(id_, day, *members):
    return report(id_, day, *members, case="a", form="workshop", theme="service")


def test_what_a_second_report_changes_shows_from_its_own_day():
    assert shown(workshop(1, MAY, "1881"), workshop(2, JUNE, "1884")) == {
        ("found", MAY, MAY, 100),
        ("counted", MAY, JUNE, 100),
    }


def test_what_a_lead_of_a_later_day_takes_away_shows_from_that_day():
    assert shown(workshop(1, JUNE, "1881", "1884"), workshop(2, MAY, "1881")) == {
        ("found", MAY, MAY, 100),
        ("found", MAY, JUNE, -100),
        ("found", JUNE, JUNE, 100),
        ("counted", JUNE, JUNE, 100),
    }


def test_a_limit_that_nobody_keeps_shows_from_the_day_after():
    asked = report(1, MAY, kind="etablering", asked_since={"1881": str(MAY)})
    assert shown(asked, row="I4") == {
        ("acknowledged:due", date(2026, 5, 6), date(2026, 5, 7), 100),
        ("answered:due", date(2026, 5, 12), date(2026, 5, 13), 100),
    }


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        (3, 300),
        (Decimal("0.25"), 25),
        (Decimal("-1.50"), -150),
        (Decimal("0.333"), None),
        (10**11, None),
        (Decimal("1E+999999"), None),
        (Decimal("1E-999999"), None),
    ],
)
def test_an_amount_is_kept_exactly_or_not_at_all(amount, kept):
    assert hundredths(amount) == kept


def test_the_fingerprint_follows_the_plan_as_far_as_it_decides_what_counts():
    other = BRO.key_results[0].model_copy(update={"fed_by": ("workshop",)})
    counting = BRO.model_copy(update={"key_results": (other, *BRO.key_results[1:])})
    wording = BRO.model_copy(update={"name": {"sv": "En plan"}})
    assert fingerprint(wording) == fingerprint(BRO) != fingerprint(counting)
