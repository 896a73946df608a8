"""Establishment inquiries: the limits and their dates, what is waited for, how well it is kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Period, is_working_day, working_days_between
from bot.inquiries import Kept, beside, inquiries, inquiry_of, kept, limits
from bot.measures import Part
from bot.plan.model import Inquiries
from tests.bot.examples import report

KUMLA, NORA, LAXA = HOMES = ("1881", "1884", "1860")
RULES = Inquiries()
PLAN = Period(date(2026, 1, 1), date(2027, 12, 31))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NEXT_YEAR = Period(date(2027, 1, 1), date(2027, 12, 31))


def march(day: int) -> date:
    return date(2026, 3, day)


ASKED = march(10)
"""A Tuesday: to be acknowledged by Wednesday the 11th and answered by Tuesday the 17th."""


def opened(id_=1, case="x", asked=None, due=None, day=ASKED):
    since = {KUMLA: ASKED} if asked is None else asked
    return report(
        id_,
        day,
        kind="etablering",
        case=case,
        code_name="Falk",
        asked_since={home: str(each) for home, each in since.items()},
        answer_due=due and str(due),
    )


def step(id_, kind, day, home=KUMLA, case="x", **answers):
    found = report(id_, day, kind=f"etablering_{kind}", case=case, **answers)
    return replace(found, home=home)


def acknowledged(id_, day, home=KUMLA):
    return step(id_, "kvittens", day, home)


def answered(id_, day, home=KUMLA, verdict="no"):
    return step(id_, "svar", day, home, verdict=verdict)


def moved(id_, day, stage):
    return step(id_, "steg", day, "bro", stage=stage)


def lost(id_, day):
    return step(id_, "forlorad", day, "bro", reason="power")


def only(*reports):
    (found,) = inquiries(reports, RULES)
    return found


# --- The limits


@pytest.mark.parametrize(
    ("asked", "acknowledge_by", "answer_by"),
    [
        ("2026-03-10", "2026-03-11", "2026-03-17"),
        # A Friday, a Saturday and a Sunday have the same limits.
        ("2026-03-13", "2026-03-16", "2026-03-20"),
        ("2026-03-14", "2026-03-16", "2026-03-20"),
        ("2026-03-15", "2026-03-16", "2026-03-20"),
        # Maundy Thursday: Good Friday and Easter Monday do not count.
        ("2026-04-02", "2026-04-07", "2026-04-13"),
        # The eve of the First of May.
        ("2026-04-30", "2026-05-04", "2026-05-08"),
        # The day before Ascension; the Friday after it is a working day.
        ("2026-05-13", "2026-05-15", "2026-05-21"),
        # The National Day is a Saturday in 2026 and takes no working day.
        ("2026-06-05", "2026-06-08", "2026-06-12"),
        # The Thursday before Midsummer's Eve.
        ("2026-06-18", "2026-06-22", "2026-06-26"),
        # The eves, Christmas, New Year and Epiphany.
        ("2026-12-23", "2026-12-28", "2027-01-05"),
        ("2026-12-30", "2027-01-04", "2027-01-11"),
    ],
)
def test_a_working_day_to_acknowledge_and_five_to_answer(asked, acknowledge_by, answer_by):
    told = [str(day) for day in limits(date.fromisoformat(asked), None, RULES)]
    assert told == [acknowledge_by, answer_by]


@pytest.mark.parametrize(
    ("due", "acknowledge_by", "answer_by"),
    [
        (None, 11, 17),
        ("2026-03-30", 11, 30),
        ("2026-03-14", 11, 14),  # a Saturday, if the asker wants it so
        ("2026-03-12", 11, 12),
        ("2026-03-11", 11, 11),
        ("2026-03-10", 10, 10),  # the same day: there is no more time to acknowledge than to answer
        ("2026-03-09", 11, 17),  # had passed: then the plan's days hold
    ],
)
def test_the_askers_own_date_goes_before_the_plans_unless_it_had_passed(
    due, acknowledge_by, answer_by
):
    assert limits(ASKED, due, RULES) == (march(acknowledge_by), march(answer_by))


def test_the_plan_says_how_many_working_days():
    rules = Inquiries(acknowledge_working_days=3, answer_working_days=2)
    assert limits(ASKED, None, rules) == (march(12), march(12))
    assert limits(ASKED, "2026-03-20", rules) == (march(13), march(20))


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.none() | st.integers(-10, 40),
    st.integers(1, 10),
    st.integers(1, 10),
)
def test_nobody_has_to_acknowledge_after_the_answer_or_before_being_asked(
    asked, days, acknowledge, answer
):
    rules = Inquiries(acknowledge_working_days=acknowledge, answer_working_days=answer)
    due = None if days is None else asked + timedelta(days)
    acknowledge_by, answer_by = limits(asked, due, rules)
    assert asked <= acknowledge_by <= answer_by
    if due is None or due < asked:
        assert is_working_day(answer_by)
        assert working_days_between(asked, answer_by) == answer
    else:
        assert answer_by == due


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(0, 20))
def test_who_is_asked_later_never_has_to_be_done_earlier(asked, days):
    first, then = limits(asked, None, RULES), limits(asked + timedelta(days), None, RULES)
    assert first[0] <= then[0]
    assert first[1] <= then[1]


# --- What is known of a case


def test_a_case_begins_with_everybody_asked_and_nothing_heard():
    found = only(opened(asked={KUMLA: ASKED, NORA: march(12)}))
    assert [(ask.home, ask.asked_on) for ask in found.asks] == [(KUMLA, ASKED), (NORA, march(12))]
    kumla = found.ask_of(KUMLA)
    assert (kumla.acknowledge_by, kumla.answer_by) == (march(11), march(17))
    assert (kumla.acknowledged_on, kumla.answered_on, kumla.verdict) == (None, None, None)
    assert (found.case, found.stage, found.is_open, found.news_on) == (
        "x",
        "registered",
        True,
        ASKED,
    )
    assert found.ask_of(LAXA) is found.ask_of(None) is None


def test_who_is_asked_later_has_a_clock_of_their_own():
    found = only(opened(asked={KUMLA: ASKED, NORA: march(12)}, due=march(11)))
    assert found.ask_of(KUMLA).answer_by == march(11)
    assert found.ask_of(NORA).limits == ((march(13), None), (march(19), None))


def test_an_answer_acknowledges():
    ask = only(opened(), answered(2, march(11), verdict="partly")).ask_of(KUMLA)
    assert (ask.acknowledged_on, ask.answered_on, ask.verdict) == (march(11), march(11), "partly")


def test_the_earlier_of_acknowledgement_and_answer_counts():
    late = only(opened(), acknowledged(2, march(12)), answered(3, march(11))).ask_of(KUMLA)
    soon = only(opened(), acknowledged(2, march(11)), answered(3, march(16))).ask_of(KUMLA)
    assert late.acknowledged_on == soon.acknowledged_on == march(11)


def test_what_one_municipality_does_is_not_done_for_another():
    found = only(opened(asked={KUMLA: ASKED, NORA: ASKED}), answered(2, march(11), NORA))
    assert found.ask_of(KUMLA).acknowledged_on is None
    assert found.ask_of(NORA).answered_on == march(11)


def test_the_step_of_somebody_who_is_no_longer_asked_changes_nothing():
    found = only(opened(asked={NORA: ASKED}), answered(2, march(11), KUMLA))
    assert [ask.home for ask in found.asks] == [NORA]


@pytest.mark.parametrize(
    ("steps", "waited_for"),
    [
        ([], march(11)),
        ([acknowledged(2, march(11))], march(17)),
        ([answered(2, march(11))], None),
        ([lost(2, march(11))], None),
    ],
)
def test_first_the_acknowledgement_is_waited_for_and_then_the_answer(steps, waited_for):
    found = only(opened(), *steps)
    assert found.ask_of(KUMLA).next_limit == found.next_limit == waited_for


def test_of_several_the_nearest_limit_is_the_cases():
    asked = opened(asked={KUMLA: ASKED, NORA: march(12)})
    assert only(asked).next_limit == march(11)
    assert only(asked, acknowledged(2, march(11))).next_limit == march(13)
    assert only(asked, answered(2, march(11))).next_limit == march(13)


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ([], "registered"),
        ([acknowledged(2, march(11)), answered(3, march(12))], "registered"),
        ([moved(2, march(20), "ongoing")], "ongoing"),
        ([moved(2, march(20), "ongoing"), moved(3, march(24), "visit")], "visit"),
        # Told of afterwards, but it was before.
        ([moved(2, march(24), "visit"), moved(3, march(20), "shortlist")], "visit"),
        ([moved(2, march(20), "shortlist"), moved(3, march(20), "visit")], "visit"),
        ([moved(2, march(20), "visit"), moved(3, march(24), "dormant")], "dormant"),
        ([moved(2, march(24), "visit"), lost(3, march(20))], "lost"),
        ([moved(2, march(24), "land"), step(3, "landad", march(25), "bro")], "landed"),
    ],
)
def test_the_stage_is_the_latest_by_day_or_what_closed_the_case(steps, stage):
    assert only(opened(), *steps).stage == stage


def test_what_closed_the_case_is_known():
    end = lost(2, march(20))
    found = only(opened(), end)
    assert (found.closing, found.is_open, found.ask_of(KUMLA).until) == (end, False, march(20))


def test_the_news_are_of_the_latest_day_whatever_was_told_last():
    assert only(opened(), moved(2, march(24), "visit"), answered(3, march(12))).news_on == march(24)


# --- Which cases there are


def test_without_what_opened_it_there_is_no_case():
    assert inquiries([answered(2, march(11)), lost(3, march(20))], RULES) == ()
    assert inquiry_of([], RULES) is None


def test_the_first_registered_is_first_even_when_it_has_been_corrected():
    second = opened(2, case="y")
    corrected = replace(opened(9, case="x"), supersedes=1, origin=1)
    assert [each.case for each in inquiries([second, corrected], RULES)] == ["x", "y"]


def test_other_reports_are_left_alone():
    other = report(3, ASKED, KUMLA, case="x")
    assert only(opened(), other).news_on == ASKED
    assert inquiries([other], RULES) == ()


def test_a_case_without_anybody_asked_waits_for_nobody():
    assert only(opened(asked={})).next_limit is None
    assert only(replace(opened(), answers={"code_name": "Falk"})).asks == ()


# --- How well it is kept

NONE, YES, NO = Kept(), Kept(1, 1), Kept(0, 1)


@pytest.mark.parametrize(
    ("steps", "day", "acknowledged_in_time", "answered_in_time"),
    [
        # Nothing done: on the day it may still be, the day after it is overdue.
        ([], 11, NONE, NONE),
        ([], 12, NO, NONE),
        ([], 17, NO, NONE),
        ([], 18, NO, NO),
        # What is done counts at once.
        ([acknowledged(2, march(10))], 10, YES, NONE),
        ([acknowledged(2, march(11))], 11, YES, NONE),
        ([acknowledged(2, march(12))], 12, NO, NONE),
        ([answered(2, march(10))], 10, YES, YES),
        ([answered(2, march(17))], 17, NO, YES),
        ([answered(2, march(18))], 18, NO, NO),
        ([acknowledged(2, march(11)), answered(3, march(17))], 17, YES, YES),
        # Closed by the limit, nothing is waited for any longer; afterwards it was overdue already.
        ([lost(2, march(10))], 30, NONE, NONE),
        ([lost(2, march(11))], 30, NONE, NONE),
        ([lost(2, march(12))], 30, NO, NONE),
        ([lost(2, march(17))], 30, NO, NONE),
        ([lost(2, march(18))], 30, NO, NO),
        ([acknowledged(2, march(11)), lost(3, march(12))], 30, YES, NONE),
        ([answered(2, march(18)), lost(3, march(18))], 30, NO, NO),
    ],
)
def test_what_is_done_counts_at_once_and_what_is_overdue_the_day_after(
    steps, day, acknowledged_in_time, answered_in_time
):
    found = kept([only(opened(), *steps)], YEAR, march(day))
    assert found == (acknowledged_in_time, answered_in_time)


def test_of_all_municipalities_or_of_one():
    one = only(opened(asked={KUMLA: ASKED, NORA: ASKED}), answered(2, march(11), NORA))
    other = only(opened(3, case="y"))
    assert kept([one, other], YEAR, march(30)) == (Kept(1, 3), Kept(1, 3))
    assert kept([one, other], YEAR, march(30), KUMLA) == (Kept(0, 2), Kept(0, 2))
    assert kept([one, other], YEAR, march(30), NORA) == (Kept(1, 1), Kept(1, 1))
    assert kept([one, other], YEAR, march(30), LAXA) == (NONE, NONE)


@pytest.mark.parametrize(
    ("done", "this_year", "next_year"),
    [
        (None, NONE, NO),  # the limit is in the new year
        ("2026-12-30", YES, NONE),  # done before it was due
        ("2026-12-31", YES, NONE),
        ("2027-01-04", NONE, YES),
        ("2027-01-05", NONE, NO),
    ],
)
def test_a_limit_belongs_to_the_year_it_was_kept_or_due_in(done, this_year, next_year):
    """Asked on Wednesday 30 December: the limit to acknowledge is Monday 4 January."""
    steps = [] if done is None else [acknowledged(2, date.fromisoformat(done))]
    found = only(opened(asked={KUMLA: date(2026, 12, 30)}), *steps)
    day = date(2027, 1, 31)
    assert kept([found], YEAR, day)[0] == this_year
    assert kept([found], NEXT_YEAR, day)[0] == next_year


def test_what_was_due_in_the_old_year_and_done_in_the_new_was_missed_in_the_old():
    found = only(
        opened(asked={KUMLA: date(2026, 12, 29)}), acknowledged(2, date(2027, 1, 4))
    )  # due on the 30th
    assert kept([found], YEAR, date(2027, 1, 31))[0] == NO
    assert kept([found], NEXT_YEAR, date(2027, 1, 31))[0] == NONE


days = st.dates(march(1), date(2026, 4, 10))
asking = st.dictionaries(st.sampled_from(HOMES), days, min_size=1)
doings = st.lists(
    st.one_of(
        st.builds(lambda day, home: ("kvittens", day, home), days, st.sampled_from(HOMES)),
        st.builds(lambda day, home: ("svar", day, home), days, st.sampled_from(HOMES)),
        st.builds(lambda day: ("forlorad", day, "bro"), days),
    ),
    max_size=8,
    unique_by=lambda doing: (doing[0], doing[2]),
)


def told(asked, due, doings_, day):
    """What was known of the case on the day."""
    steps = [
        step(n, kind, when, home, verdict="no") for n, (kind, when, home) in enumerate(doings_, 2)
    ]
    return only(
        opened(asked=asked, due=due, day=march(1)), *(each for each in steps if each.day <= day)
    )


@given(asking, st.none() | days, doings, days)
def test_never_more_are_kept_than_there_were_and_homes_add_up_to_all(asked, due, doings_, day):
    found = [told(asked, due, doings_, day)]
    every = kept(found, PLAN, day)
    each = [kept(found, PLAN, day, home) for home in HOMES]
    for n in (0, 1):
        assert 0 <= every[n].have <= every[n].of <= len(asked)
        assert sum(one[n].have for one in each) == every[n].have
        assert sum(one[n].of for one in each) == every[n].of


@given(asking, st.none() | days, doings, days, st.integers(0, 20))
def test_as_days_go_by_what_was_kept_stays_kept_and_what_was_missed_stays_missed(
    asked, due, doings_, day, later
):
    after = day + timedelta(later)
    first, then = told(asked, due, doings_, day), told(asked, due, doings_, after)
    for home in asked:
        before, now = kept([first], PLAN, day, home), kept([then], PLAN, after, home)
        assert all(was in (NONE, is_) for was, is_ in zip(before, now, strict=True))


@given(asking, doings, days, st.integers(1, 20))
def test_the_days_of_a_period_divided_in_two_count_each_limit_once(asked, doings_, day, length):
    found = [told(asked, None, doings_, day)]
    middle = march(1) + timedelta(length)
    halves = Period(march(1), middle), Period(middle + timedelta(1), date(2026, 12, 31))
    whole = kept(found, YEAR, day)
    parts = [kept(found, half, day) for half in halves]
    for n in (0, 1):
        assert sum(part[n].of for part in parts) == whole[n].of
        assert sum(part[n].have for part in parts) == whole[n].have


def test_beside_a_key_result_the_two_shares_are_shown_where_there_are_any():
    found = [only(opened(), acknowledged(2, march(11)))]
    first = Part("inquiries acknowledged in time", 1, 1)
    assert beside(*kept(found, YEAR, march(10))) == (first,)
    assert beside(*kept(found, YEAR, march(18))) == (
        first,
        Part("inquiries answered in time", 0, 1),
    )
    assert beside(*kept([], YEAR, march(18))) == ()
