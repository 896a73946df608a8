"""Who owes which report, and who has fallen silent."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import is_working_day
from bot.duties import NOTHING, owed, silent_members
from tests.bot.examples import BRO, plan_called, report

KUMLA, NORA = "1881", "1884"
GOTEBORG = plan_called("goteborg")


def nothing(home: str, period: str, kind: str = "workshop"):
    entry = report(90, date(2026, 4, 2), kind=NOTHING, period=period)
    return replace(entry, home=home, answers={"of": kind, "period": period})


def keys(member: str, reports, day: date) -> list[str]:
    return [each.period.key for each in owed(BRO, reports, day) if each.member == member]


WORKSHOP = report(1, date(2026, 3, 12), KUMLA, NORA)


def owes(plan, reports, day, member, kind):
    """The most pressing report of this kind that the member owes, or None."""
    theirs = (o for o in owed(plan, reports, day) if o.member == member and o.duty.kind == kind)
    return next(theirs, None)


@pytest.mark.parametrize(
    ("reports", "day", "kumla_owes"),
    [
        ([], date(2025, 12, 31), []),
        ([], date(2026, 1, 1), ["2026-q1"]),
        ([], date(2026, 4, 1), ["2026-q1", "2026-q2"]),
        ([WORKSHOP], date(2026, 3, 11), ["2026-q1"]),
        ([WORKSHOP], date(2026, 3, 12), []),
        ([WORKSHOP], date(2026, 4, 1), ["2026-q2"]),
        ([report(1, date(2026, 3, 12), NORA)], date(2026, 3, 31), ["2026-q1"]),
        ([report(1, date(2026, 3, 12), KUMLA, kind="arena")], date(2026, 3, 31), ["2026-q1"]),
        ([nothing(KUMLA, "2026-q1")], date(2026, 4, 2), ["2026-q2"]),
        ([nothing(NORA, "2026-q1")], date(2026, 4, 2), ["2026-q1", "2026-q2"]),
        ([nothing(KUMLA, "2026-q1", kind="arena")], date(2026, 4, 2), ["2026-q1", "2026-q2"]),
    ],
)
def test_a_duty_is_owed_until_a_report_that_credits_the_member_or_says_nothing_to_report(
    reports, day, kumla_owes
):
    assert keys(KUMLA, reports, day) == kumla_owes


def test_all_eight_quarters_are_owed_after_the_plan_and_no_more():
    assert len(keys(KUMLA, [], date(2028, 6, 1))) == 8


@pytest.mark.parametrize(
    ("day", "current", "overdue"),
    [
        (date(2026, 3, 31), True, False),
        (date(2026, 4, 1), False, False),
        (date(2026, 4, 9), False, False),
        (date(2026, 4, 10), False, True),
    ],
)
def test_it_is_overdue_five_working_days_after_the_quarter(day, current, overdue):
    """After 31 March 2026 come 1, 2, 7, 8 and 9 April: Good Friday to Easter Monday lie between."""
    first = owes(BRO, [], day, KUMLA, "workshop")
    assert first
    assert (first.due, first.current, first.overdue) == (date(2026, 4, 9), current, overdue)


def test_the_most_pressing_is_what_was_due_first():
    pressing = owes(BRO, [], date(2026, 8, 1), KUMLA, "workshop")
    assert pressing
    assert pressing.period.key == "2026-q1"
    assert owes(BRO, [], date(2026, 8, 1), KUMLA, "arena") is None
    assert owes(BRO, [WORKSHOP], date(2026, 3, 31), KUMLA, "workshop") is None


def test_a_duty_may_rest_on_some_members_or_on_the_office():
    found = {(o.duty.id, o.member, o.period.key) for o in owed(GOTEBORG, [], date(2027, 1, 20))}
    assert found == {
        ("check-in", "1480", "2027-01"),
        ("check-in", "1440", "2027-01"),
        ("jobs-half-year", "brg", "2027-h1"),
    }


def test_the_office_answers_by_what_it_reports_itself():
    day = date(2027, 1, 20)
    theirs = replace(report(1, day, kind="jobs"), home="brg")
    assert owes(GOTEBORG, [theirs], day, "brg", "jobs") is None
    assert owes(GOTEBORG, [replace(theirs, home="1480")], day, "brg", "jobs")


@pytest.mark.parametrize(
    ("day", "kumla_is_silent"),
    [(date(2026, 4, 1), False), (date(2026, 6, 11), False), (date(2026, 6, 12), True)],
)
def test_a_member_is_silent_when_nothing_was_heard_in_a_quarter(day, kumla_is_silent):
    """92 days that end on 11 June begin on 12 March, the day of the workshop."""
    assert (KUMLA in silent_members(BRO, [WORKSHOP], day)) is kumla_is_silent


def test_nobody_is_silent_before_the_plan_has_run_long_enough():
    assert silent_members(BRO, [], date(2026, 4, 1)) == ()
    assert silent_members(BRO, [], date(2026, 4, 2)) == BRO.member_codes


def test_who_says_that_there_is_nothing_is_not_silent():
    assert KUMLA not in silent_members(BRO, [nothing(KUMLA, "2026-q1")], date(2026, 4, 2))


@given(st.dates(date(2025, 12, 1), date(2028, 3, 1)))
def test_what_is_owed_is_due_on_a_working_day_after_its_period_and_overdue_only_then(day):
    for each in owed(BRO, [], day):
        assert is_working_day(each.due)
        assert each.due > each.period.end
        assert each.overdue == (day > each.due)
        assert each.current == each.period.contains(day)


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31))),
    st.dates(date(2026, 1, 1), date(2029, 1, 1)),
)
def test_one_more_report_never_makes_more_owed(held_on, day):
    reports = [report(n, held, KUMLA) for n, held in enumerate(held_on, start=1)]
    assert set(keys(KUMLA, reports, day)) <= set(keys(KUMLA, reports[1:], day))
