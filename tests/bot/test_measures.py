"""The few ways to measure, apart from pace and status (those are on the golden page)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adding import measured
from bot.calendar import Period
from bot.measures import Part, Question, agrees, cases, number
from bot.plan.model import (
    Count,
    Coverage,
    Distinct,
    MeanFloor,
    Ratio,
    Requirement,
    Stages,
    Sum,
)
from tests.bot.examples import report

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
DAY = date(2026, 6, 30)
KUMLA, NORA, LAXA = MEMBERS = ("1881", "1884", "1860")
JOINT = Count(measure="count", where={"theme": ["service"]}, min_members=2)


def ask(measure, reports, target=None, *, falling=False, day=DAY):
    goal = None if target is None else Decimal(str(target))
    return measured(measure, Question(cases(reports), YEAR, day, MEMBERS, goal, falling))


def event(id_: int, *members: str, case: str = "", day: date = date(2026, 3, 12), **answers):
    return report(id_, day, *members, case=case, **{"theme": "service"} | answers)


# --- Cases


def test_the_report_told_first_leads_and_all_together_say_which_members():
    late = event(2, NORA, case="x", day=date(2026, 3, 13), theme="investment")
    first = event(1, KUMLA, case="x")
    (case,) = cases([late, first])
    assert (case.day, case.answers["theme"]) == (date(2026, 3, 12), "service")
    assert case.members == {KUMLA, NORA}


def test_a_correction_keeps_the_lead_of_what_it_corrects():
    joined = event(2, NORA, case="x")
    corrected = replace(event(3, KUMLA, case="x", day=date(2026, 3, 13)), supersedes=1, origin=1)
    (case,) = cases([joined, corrected])
    assert case.day == date(2026, 3, 13)


def test_when_the_leading_report_is_withdrawn_the_next_one_leads():
    first, second = event(1, KUMLA, case="x"), event(2, NORA, case="x", theme="investment")
    assert cases([first, second])[0].answers["theme"] == "service"
    assert cases([second])[0].answers["theme"] == "investment"


@pytest.mark.parametrize(
    ("answers", "agreeing"),
    [
        ({"theme": "service", "form": "workshop"}, True),
        ({"theme": "service", "form": "training"}, False),
        ({"theme": "service"}, False),
        ({"theme": ["other", "service"], "form": ["exchange"]}, True),
        ({"theme": "", "form": "workshop"}, False),
    ],
)
def test_a_filter_lets_through_what_agrees_in_every_field(answers, agreeing):
    where = {"theme": ("service",), "form": ("workshop", "exchange")}
    assert agrees(answers, where) is agreeing


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        (24, Decimal(24)),
        (0, Decimal(0)),
        ("1.5", Decimal("1.5")),
        (0.1, Decimal("0.1")),
        (None, None),
        ("", None),
        (True, None),
        ("many", None),
        ("NaN", None),
    ],
)
def test_a_number_is_read_exactly_or_not_at_all(kept, read):
    assert number(kept) == read


# --- Count


def test_a_count_tells_which_reports_it_rests_on_and_when_it_last_heard():
    reports = [event(1, KUMLA, NORA), event(2, KUMLA, day=date(2026, 5, 1))]
    found = ask(JOINT, reports, 1)
    assert (found.value, found.behind, found.latest) == (1, (1,), date(2026, 5, 1))
    assert found.met is True


def test_others_than_members_do_not_make_an_event_joint():
    assert ask(JOINT, [event(1, KUMLA, "9999")]).value == 0


def test_each_demanded_kind_must_occur_for_a_count_to_be_met():
    measure = Count(measure="count", one_of_each={"scope": ["national", "international"]})
    national = [event(n, KUMLA, scope="national") for n in (1, 2)]
    found = ask(measure, national, 2)
    assert found.met is False
    assert found.parts == (
        Part("national", 2, 1, holds=True),
        Part("international", 0, 1, holds=False),
    )
    assert ask(measure, [*national, event(3, KUMLA, scope="international")], 2).met is True


events = st.lists(
    st.tuples(
        st.dates(YEAR.start, YEAR.end),
        st.sets(st.sampled_from(MEMBERS)),
        st.sampled_from(["", "", "a", "b"]),
        st.sampled_from(["service", "investment"]),
    ),
    max_size=10,
)


def told(events_):
    # Told of in this order, so that one more report never comes before the others.
    base = event(1).recorded_at
    return [
        replace(
            event(n, *sorted(members), case=case, day=day, theme=theme),
            recorded_at=base + timedelta(minutes=n),
        )
        for n, (day, members, case, theme) in enumerate(events_, start=1)
    ]


@given(events)
def test_one_more_report_never_lowers_a_count(events_):
    reports = told(events_)
    counts = [ask(JOINT, reports[:n]).value for n in range(len(reports) + 1)]
    assert counts == sorted(counts)


@given(events)
def test_a_report_told_again_in_its_case_counts_once(events_):
    reports = told(events_)
    again = [replace(r, id=r.id + 100, recorded_at=r.recorded_at + timedelta(1)) for r in reports]
    assert ask(JOINT, [*reports, *again]).value == ask(JOINT, reports).value


@given(events, st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(events_, random):
    reports = told(events_)
    assert ask(JOINT, random.sample(reports, len(reports))) == ask(JOINT, reports)


@given(events)
def test_a_count_rests_on_reports_of_the_period_that_pass_the_filter(events_):
    reports = told(events_)
    found = ask(JOINT, reports)
    leads = {case.reports[0].id: case for case in cases(reports)}
    counted = [case for id_, case in leads.items() if id_ in found.behind]
    assert len(counted) == found.value
    assert all(YEAR.contains(case.day) for case in counted)


# --- Distinct

COMPANIES = Distinct(measure="distinct", field="company", at_least=2)


def test_a_company_counts_from_its_second_contact_whatever_its_capitals():
    reports = [event(n, KUMLA, company=name) for n, name in enumerate(["Alfa", " alfa", "Beta"])]
    found = ask(COMPANIES, reports, 1)
    assert (found.value, found.behind, found.met) == (1, (0, 1), True)
    assert found.parts == (Part("mentioned at least once", 2),)


def test_two_reports_of_one_contact_are_one_contact():
    reports = [event(n, KUMLA, case="x", company="Alfa") for n in (1, 2)]
    assert ask(COMPANIES, reports).value == 0


# --- Coverage

WORDS = {"sv": "verktyg", "en": "tools"}
TOOLS = Requirement(kind="workshop", label=WORDS, field="tool", values=["insikt", "syna"])
ACTION = Requirement(kind="workshop", label=WORDS, where={"action": [True]})
READY = Requirement(kind="workshop", label=WORDS, where={"ready": [True]}, latest=True)


def test_a_member_is_covered_when_every_requirement_is_fulfilled():
    reports = [
        event(1, KUMLA, NORA, tool="insikt"),
        event(2, KUMLA, NORA, tool="syna"),
        event(3, KUMLA, action=True),
        event(4, LAXA, action=True, tool=["insikt", "syna"]),
    ]
    found = ask(Coverage(measure="coverage", requirements=[TOOLS, ACTION]), reports, 3)
    assert (found.value, found.fulfilled, found.met) == (2, (KUMLA, LAXA), False)
    assert [(part.have, part.of, part.holds) for part in found.parts] == [
        (3, 3, True),
        (2, 3, False),
    ]
    assert found.parts[0].words == WORDS


def test_only_the_latest_self_check_is_asked():
    yes, no = event(1, KUMLA, ready=True), event(2, KUMLA, ready=False, day=date(2026, 4, 1))
    measure = Coverage(measure="coverage", requirements=[READY])
    assert ask(measure, [yes, no]).value == 0
    assert ask(measure, [yes, replace(no, day=date(2026, 3, 1))]).value == 1


# --- Mean and floor

NKI = MeanFloor(measure="mean_floor", mean_of="total", floor=70, floor_for=["a", "b"], round="year")


def test_a_value_that_is_missing_is_not_zero():
    reports = [
        event(1, KUMLA, year=2025, total=80, a=70),
        event(2, NORA, year=2025, total="", b=90),
    ]
    found = ask(NKI, reports, 80)
    assert (found.value, found.met) == (80, True)
    assert found.parts == (
        Part("members with a value", 1, 3),
        Part("values that reach the floor", 2, 2, holds=True),
    )


def test_a_value_of_zero_is_not_missing():
    reports = [event(1, KUMLA, year=2025, total=0, a=0), event(2, NORA, year=2025, total=80)]
    assert ask(NKI, reports, 80).value == 40


def test_only_the_latest_round_is_used_even_where_a_member_is_not_in_it():
    reports = [
        event(1, KUMLA, year=2024, total=60, a=60),
        event(2, NORA, year=2025, total=80, a=80),
        event(3, LAXA, total=10, a=10),
    ]
    found = ask(NKI, reports, 80)
    assert (found.value, found.met, found.behind) == (80, True, (2,))


def test_one_cell_below_the_floor_is_enough_not_to_meet_it():
    assert ask(NKI, [event(1, KUMLA, year=2025, total=90, a=70, b=69)], 80).met is False


def test_without_any_cell_nothing_shows_that_the_floor_holds():
    assert ask(NKI, [event(1, KUMLA, year=2025, total=90)], 80).met is False


def test_without_any_total_there_is_no_value_and_no_verdict():
    found = ask(NKI, [event(1, KUMLA, year=2025, a=90)], 80)
    assert (found.value, found.met, found.latest) == (None, None, date(2026, 3, 12))


def test_a_third_of_a_point_is_not_rounded_into_the_target():
    totals = [
        event(n, m, year=2025, total=t, a=70)
        for n, (m, t) in enumerate(zip(MEMBERS, (80, 80, Decimal("79.999")), strict=True))
    ]
    assert ask(NKI, totals, 80).met is False


# --- Sum

VALUE = Sum(measure="sum", field="sek", growth=True)


@pytest.mark.parametrize(
    ("now", "before", "day_before", "met"),
    [
        (40, 30, date(2025, 6, 30), True),
        (40, 50, date(2025, 7, 1), True),
        (30, 30, date(2025, 6, 30), False),
        (20, 30, date(2025, 6, 30), False),
    ],
)
def test_without_a_target_any_increase_on_the_same_date_last_year_meets_it(
    now, before, day_before, met
):
    reports = [event(1, KUMLA, sek=now), event(2, KUMLA, sek=before, day=day_before)]
    found = ask(VALUE, reports)
    assert (found.value, found.met) == (now, met)


def test_on_29_february_the_same_date_last_year_is_the_28th():
    reports = [
        event(1, KUMLA, sek=1, day=date(2028, 2, 29)),
        event(2, KUMLA, sek=5, day=date(2027, 2, 28)),
        event(3, KUMLA, sek=7, day=date(2027, 3, 1)),
    ]
    leap = Period(date(2028, 1, 1), date(2028, 12, 31))
    question = Question(cases(reports), leap, date(2028, 2, 29), MEMBERS, None)
    assert measured(VALUE, question).parts == (Part("last year at the same date", 5),)


@given(st.lists(st.decimals(0, 10**9, places=2), max_size=8))
def test_a_sum_of_money_is_exact(amounts):
    reports = [event(n, KUMLA, sek=str(amount)) for n, amount in enumerate(amounts)]
    assert ask(Sum(measure="sum", field="sek"), reports).value == sum(amounts)


def test_that_a_sum_is_money_says_how_it_is_written_and_not_what_it_is():
    reports = [event(1, KUMLA, sek=850_000), event(2, NORA, sek=40_000_000)]
    plain, money = (Sum(measure="sum", field="sek", money=each) for each in (False, True))
    assert ask(money, reports, 1) == ask(plain, reports, 1)


# --- Ratio

RATE = Ratio(measure="ratio", numerator="conversions", denominator="visits")
LAST_YEAR = date(2025, 9, 1)


def campaign(id_: int, conversions, visits, day=date(2026, 3, 12)):
    return event(id_, KUMLA, conversions=conversions, visits=visits, day=day)


def test_a_ratio_is_pooled_and_shows_both_its_numbers_for_both_periods():
    reports = [campaign(1, 90, 1000), campaign(2, 30, 4000), campaign(3, 200, 10000, LAST_YEAR)]
    found = ask(RATE, reports, "0.20")
    assert (found.value, found.met) == (Decimal("0.2"), True)
    assert found.parts == (Part("this period", 120, 5000), Part("previous period", 200, 10000))
    assert found.behind == (1, 2, 3)


@pytest.mark.parametrize(
    ("now", "before"),
    [((0, 0), (2, 100)), ((2, 100), (0, 0)), ((2, 100), (0, 100)), ((None, 100), (2, 100))],
)
def test_where_a_number_is_lacking_there_is_no_change_to_speak_of(now, before):
    found = ask(RATE, [campaign(1, *now), campaign(2, *before, LAST_YEAR)], "0.20")
    assert (found.value, found.met) == (None, None)


def test_a_third_more_is_compared_exactly():
    """4/100 against 3/100 is a third more, which no decimal holds."""
    reports = [campaign(1, 4, 100), campaign(2, 3, 100, LAST_YEAR)]
    assert ask(RATE, reports, "0.3333333333333333").met is True
    assert ask(RATE, reports, "0.3333333333333334").met is False


@pytest.mark.parametrize(
    ("now", "before", "enough", "thin"),
    [
        (100, 100, 100, False),
        (99, 100, 100, True),
        (100, 99, 100, True),
        (1, 1, 0, False),
        (1, 1, 1, False),
    ],
)
def test_a_change_between_small_numbers_is_shown_as_one(now, before, enough, thin):
    measure = RATE.model_copy(update={"enough": enough})
    found = ask(measure, [campaign(1, now, 2000), campaign(2, before, 2500, LAST_YEAR)], "0.20")
    assert found.value is not None
    assert found.thin is thin


def test_where_there_is_no_change_to_speak_of_nothing_is_said_of_its_size():
    measure = RATE.model_copy(update={"enough": 100})
    assert ask(measure, [campaign(1, 5, 100)]).thin is False


def test_figures_without_their_counterpart_are_left_out_of_a_ratio():
    reports = [campaign(1, 300, 6000), campaign(2, None, 9000), campaign(3, 70, None)]
    found = ask(RATE, [*reports, campaign(4, 200, 5000, LAST_YEAR)])
    assert (found.value, found.parts[0]) == (Decimal("0.25"), Part("this period", 300, 6000))


def test_visits_that_led_to_nothing_lower_the_ratio():
    reports = [campaign(1, 300, 6000), campaign(2, 0, 1500), campaign(4, 200, 5000, LAST_YEAR)]
    assert ask(RATE, reports).value == 0


def test_each_channel_of_a_campaign_is_pooled_and_the_same_one_is_not_counted_twice():
    web, mail, again = (
        replace(campaign(n, *figures), case="x", part=part)
        for n, part, figures in [
            (1, "web", (280, 4000)),
            (2, "email", (20, 2000)),
            (3, "web", (280, 4000)),
        ]
    )
    assert ask(RATE, [web, mail, again]).parts[0] == Part("this period", 300, 6000)


# --- Stages

LIFE = Stages(
    measure="stages",
    field="stage",
    values=["create", "run", "follow_up"],
    where={"programme": ["smart_move"]},
)


def begun(id_: int, case: str, programme="smart_move", day=date(2026, 2, 10)):
    return report(id_, day, kind="kampanj", case=case, programme=programme)


def reached(id_: int, case: str, stage, day=date(2026, 3, 12), **answers):
    return report(id_, day, kind="kampanj_steg", case=case, stage=stage, **answers)


def lived(id_: int, case: str, programme="smart_move", day=date(2026, 3, 12)):
    """A campaign that has gone through all its stages."""
    opening = begun(id_, case, programme)
    return [opening, *(reached(id_ + n, case, s, day) for n, s in enumerate(LIFE.values, 1))]


def test_what_has_gone_through_all_stages_counts_and_the_others_are_begun():
    half = [begun(11, "b"), reached(12, "b", "create", date(2026, 5, 1))]
    found = ask(LIFE, [*lived(1, "a"), *half], 1)
    assert (found.value, found.met) == (1, True)
    assert found.parts == (Part("cases begun", 2),)
    assert (found.behind, found.latest) == ((1, 2, 3, 4), date(2026, 5, 1))
    assert ask(LIFE, half, 1).met is False


@pytest.mark.parametrize("lacking", [1, 2, 3])
def test_a_life_with_a_stage_left_out_does_not_count(lacking):
    reports = lived(1, "a")
    assert ask(LIFE, [r for n, r in enumerate(reports) if n != lacking]).value == 0


def test_stages_of_different_cases_do_not_make_one_life():
    reports = [begun(1, "a"), reached(2, "a", "create"), reached(3, "a", "run")]
    assert ask(LIFE, [*reports, begun(4, "b"), reached(5, "b", "follow_up")]).value == 0


def test_what_a_case_is_part_of_is_asked_of_the_report_that_opened_it():
    others = lived(1, "a", programme="own")
    found = ask(LIFE, [*others, reached(9, "a", "run", programme="smart_move")])
    assert (found.value, found.parts, found.latest) == (0, (Part("cases begun", 0),), None)


def test_a_corrected_opening_still_opens_its_case():
    opening, *steps = lived(1, "a", programme="own")
    right = replace(begun(9, "a"), supersedes=opening.id, origin=opening.id)
    assert ask(LIFE, [*steps, right]).value == 1


def test_steps_whose_opening_was_withdrawn_count_for_nothing():
    assert ask(LIFE, lived(1, "a")[1:]).value == 0


def test_a_life_counts_in_the_period_in_which_it_was_completed_and_in_no_other():
    before = [begun(1, "a"), reached(2, "a", ["create", "run"], date(2025, 11, 1))]
    assert ask(LIFE, [*before, reached(3, "a", "follow_up")]).value == 1
    assert ask(LIFE, lived(1, "a", day=date(2025, 11, 1))).value == 0
    assert ask(LIFE, lived(1, "a", day=YEAR.end)).value == 1
    assert ask(LIFE, lived(1, "a", day=YEAR.end + timedelta(1))).value == 0


def test_one_report_may_tell_of_several_stages():
    assert ask(LIFE, [begun(1, "a"), reached(2, "a", ["create", "run", "follow_up"])]).value == 1


lives = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([*LIFE.values, None]),
        st.dates(YEAR.start, YEAR.end),
    ),
    max_size=10,
)


@given(lives, st.randoms(use_true_random=False))
def test_one_more_stage_never_lowers_how_many_have_gone_through_all(lives_, random):
    reports = [begun(1, "a"), begun(2, "b", "own")]
    reports += [reached(n, case, stage, day) for n, (case, stage, day) in enumerate(lives_, 3)]
    counts = [ask(LIFE, reports[:n]).value for n in range(2, len(reports) + 1)]
    assert counts == sorted(counts)
    assert counts[-1] <= ask(LIFE, reports).parts[0].have == 1
    assert ask(LIFE, random.sample(reports, len(reports))) == ask(LIFE, reports)
