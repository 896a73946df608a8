"""Campaigns: how far they have come, and what their figures come to together."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns import STAGES, Totals, campaign_of, campaigns, totals
from bot.reports import kampanj_steg
from tests.bot.examples import report

INITIATED = date(2026, 2, 10)


def march(day: int) -> date:
    return date(2026, 3, day)


def begun(id_=1, case="x", day=INITIATED):
    return report(id_, day, kind="kampanj", case=case, name="Flytta hem")


def reached(id_, stage, day, case="x"):
    return report(id_, day, kind="kampanj_steg", case=case, stage=stage)


def result(id_=9, day=date(2026, 3, 31), case="x", **figures):
    return report(id_, day, kind="kampanj_resultat", case=case, **figures)


def only(*reports):
    (found,) = campaigns(reports)
    return found


# --- How far


def test_the_report_that_begins_it_is_the_first_stage():
    found = only(begun())
    assert found.reached == {"initiate": INITIATED}
    assert (found.case, found.next_stage, found.results, found.news_on) == (
        "x",
        "create",
        (),
        INITIATED,
    )


def test_each_stage_is_reached_on_its_day_and_the_next_one_is_known():
    steps = [reached(2, "create", march(1)), reached(3, "run", march(9))]
    found = only(begun(), *steps)
    assert found.reached == {"initiate": INITIATED, "create": march(1), "run": march(9)}
    assert found.next_stage == "follow_up"
    done = only(begun(), *steps, reached(4, "follow_up", march(20)))
    assert (tuple(done.reached), done.next_stage) == (STAGES, None)


def test_a_stage_whose_report_was_withdrawn_is_the_next_again():
    assert only(begun(), reached(3, "run", march(9))).next_stage == "create"


def test_the_stages_are_those_that_can_be_reported():
    assert STAGES[1:] == tuple(kampanj_steg.Stage)


def test_figures_are_kept_in_the_order_of_telling_and_are_news():
    late, early = result(2, march(31), visits=1), result(3, march(15), visits=2)
    found = only(early, late, begun())
    assert found.results == (late, early)
    assert found.news_on == march(31)


def test_without_what_began_it_there_is_no_campaign():
    assert campaigns([reached(2, "create", march(1)), result(visits=1)]) == ()
    assert campaign_of([]) is None


def test_the_first_begun_is_first_even_when_it_has_been_corrected():
    corrected = replace(begun(9), supersedes=1, origin=1)
    others = [begun(2, case="y"), report(3, march(1), "1881", case="z")]
    assert [each.case for each in campaigns([*others, corrected])] == ["x", "y"]


# --- The figures together


def test_rates_are_pooled_and_not_averaged():
    found = totals([result(conversions=90, visits=1000), result(conversions=30, visits=4000)])
    assert found.rate == Fraction(120, 5000)


def test_figures_add_up_each_by_itself():
    found = totals(
        [
            result(spend_sek=10_000, reach=500, impressions=900, visits=80, leads=4),
            result(spend_sek=15_000, visits=20, conversions=5),
        ]
    )
    assert found == Totals(
        spend=25_000,
        reach=500,
        impressions=900,
        visits=100,
        leads=4,
        conversions=5,
        converted=5,
        visited=20,
        paid=10_000,
        led=4,
    )


def test_a_lead_costs_what_was_spent_where_leads_were_counted():
    several = [
        result(spend_sek=10_000, leads=40),
        result(spend_sek=5_000, leads=10),
        result(spend_sek=99_000),
        result(leads=7),
    ]
    assert totals(several).cost_per_lead == Fraction(15_000, 50)


@pytest.mark.parametrize(
    "figures",
    [
        {},
        {"visits": 100, "spend_sek": 100},
        {"conversions": 5, "leads": 5},
        {"visits": 0, "conversions": 0, "leads": 0, "spend_sek": 100},
        {"visits": None, "conversions": 5, "leads": None, "spend_sek": 100},
    ],
)
def test_where_a_number_is_lacking_there_is_neither_rate_nor_cost(figures):
    found = totals([result(**figures)])
    assert found.rate is found.cost_per_lead is None


def test_nothing_reported_adds_up_to_nothing():
    assert totals([]) == Totals()


def test_visits_that_led_to_nothing_lower_the_rate():
    found = totals([result(visits=1000, conversions=50), result(visits=1000, conversions=0)])
    assert found.rate == Fraction(50, 2000)


def test_what_was_spent_without_a_single_lead_makes_the_others_dearer():
    found = totals([result(spend_sek=5_000, leads=50), result(spend_sek=5_000, leads=0)])
    assert found.cost_per_lead == Fraction(10_000, 50)


def test_leads_that_cost_nothing_make_the_others_cheaper():
    found = totals([result(spend_sek=5_000, leads=50), result(spend_sek=0, leads=50)])
    assert found.cost_per_lead == Fraction(5_000, 100)


whole = st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)).map(
    lambda pair: (pair[0], min(pair))
)
"""Visits, and conversions that are no more."""
lacking = st.sampled_from(["visits", "conversions", "leads", "spend_sek"])


@given(st.lists(whole, min_size=1, max_size=8))
def test_a_pooled_rate_lies_between_the_least_and_the_greatest_of_the_rates(pairs):
    several = [result(visits=visits, conversions=done) for visits, done in pairs]
    rates = [Fraction(done, visits) for visits, done in pairs]
    assert min(rates) <= (totals(several).rate or 0) <= max(rates)


@given(
    st.lists(whole, max_size=5),
    st.lists(st.tuples(lacking, st.integers(0, 10**6)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_reports_with_only_one_of_two_numbers_disturb_no_rate(pairs, halves, random):
    told = [
        result(visits=visits, conversions=few, leads=few, spend_sek=visits) for visits, few in pairs
    ]
    single = [result(**{field: value}) for field, value in halves]
    mixed = random.sample([*told, *single], len(told) + len(single))
    assert totals(mixed).rate == totals(told).rate
    assert totals(mixed).cost_per_lead == totals(told).cost_per_lead


@given(st.lists(whole, max_size=6), st.integers(0, 6))
def test_the_parts_add_up_to_the_whole(pairs, cut):
    several = [result(visits=visits, conversions=done) for visits, done in pairs]
    first, rest, every = totals(several[:cut]), totals(several[cut:]), totals(several)
    assert (every.visits or 0) == (first.visits or 0) + (rest.visits or 0)
    assert every.converted == first.converted + rest.converted
    assert every.visited == first.visited + rest.visited
