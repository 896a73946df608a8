"""Campaigns, their stages and their figures: the rules of each kind, and how it is told."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms import Situation, read
from bot.language import language
from bot.names import PlanNames
from bot.reports import kinds
from bot.reports.kampanj import Campaign
from bot.reports.kampanj_resultat import CHANNELS, CampaignResult
from bot.reports.kampanj_steg import CampaignStage, Stage
from bot.reports.report import Party, Past, Secrecy
from tests.bot.examples import BRO, report

TODAY = date(2026, 6, 12)
HOME = {
    "name": "Flytta hem",
    "programme": "own",
    "audience": ["students"],
    "initiated_on": "2026-02-10",
}
MARCH = {"channel": "linkedin", "first": "2026-03-01", "last": "2026-03-31"}
COUNTED = MARCH | {"visits": 6000, "conversions": 300, "counts_as": "Anmäld"}
READERS = [(reader, PlanNames(BRO, reader)) for reader in (language("sv"), language("en"))]
NOTHING = [{}, {}]


def campaign(**changed):
    return Campaign.model_validate(HOME | changed)


def stage(name, day):
    return CampaignStage.model_validate({"stage": name, "reached_on": day})


def result(first="2026-03-01", last="2026-03-31", channel="linkedin", **figures):
    figures = figures or {"visits": 10}
    return CampaignResult.model_validate(
        {"channel": channel, "first": first, "last": last} | figures
    )


def past(*steps, before=None):
    told = [(report(n, step.day, kind=step.kind), step) for n, step in enumerate(steps, 1)]
    return Past(TODAY, "bro", tuple(told), before)


def refused(kind, answers):
    """What a form says at each field, in Swedish and in English."""
    found = []
    for reader, names in READERS:
        situation = Situation(reader, TODAY, date(2025, 1, 1), names.members, names.lists)
        errors = read(kind, answers, situation)
        found.append(errors if isinstance(errors, dict) else {})
    return found


def objections(step, *steps):
    return [step.objections(past(*steps), *reader) for reader in READERS]


def told(step):
    return [" | ".join(step.sentences(*reader)) for reader in READERS]


# --- What is refused by itself


@pytest.mark.parametrize(
    ("kind", "answers", "field", "swedish", "english"),
    [
        (
            Campaign,
            HOME | {"gender": "yes"},
            "gender_how",
            "Skriv hur det har beaktats.",
            "Write how it was considered.",
        ),
        (
            Campaign,
            HOME | {"integration": "yes", "integration_how": " "},
            "integration_how",
            "Skriv hur det har beaktats.",
            "Write how it was considered.",
        ),
        (
            Campaign,
            HOME | {"audience": ["students", "dogs"]},
            "audience",
            "Välj från listan.",
            "Choose from the list.",
        ),
        (Campaign, HOME | {"audience": []}, "audience", "Fyll i det här.", "Please fill this in."),
        (
            Campaign,
            HOME | {"programme": None},
            "programme",
            "Fyll i det här.",
            "Please fill this in.",
        ),
        (
            CampaignResult,
            COUNTED | {"conversions": 6001},
            "conversions",
            "Det kan inte vara fler konverteringar än besök.",
            "There cannot be more conversions than visits.",
        ),
        (
            CampaignResult,
            MARCH,
            "conversions",
            "Fyll i minst en av siffrorna.",
            "Fill in at least one of the figures.",
        ),
        (
            CampaignResult,
            MARCH | {"notes": "Gick bra", "counts_as": "Anmäld"},
            "conversions",
            "Fyll i minst en av siffrorna.",
            "Fill in at least one of the figures.",
        ),
        (
            CampaignResult,
            COUNTED | {"counts_as": ""},
            "counts_as",
            "Skriv vad som räknas som konvertering.",
            "Write what counts as a conversion.",
        ),
        (
            CampaignResult,
            COUNTED | {"last": "2026-02-28"},
            "last",
            "Sista dagen kan inte komma före den första.",
            "The last day cannot come before the first.",
        ),
        (
            CampaignResult,
            COUNTED | {"first": "2025-12-31"},
            "last",
            "Rapportera varje år för sig: åren jämförs.",
            "Report each year by itself: years are compared.",
        ),
    ],
)
def test_what_a_rule_refuses_is_said_at_its_field(kind, answers, field, swedish, english):
    assert refused(kind, answers) == [{field: swedish}, {field: english}]


FIGURES = ["spend_sek", "reach", "impressions", "visits", "leads", "conversions"]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (Campaign, HOME),
        (Campaign, HOME | {"gender": "no", "integration": "no"}),
        (Campaign, HOME | {"gender": "yes", "gender_how": "Bilder av båda"}),
        (CampaignResult, COUNTED),
        (CampaignResult, COUNTED | {"conversions": 6000}),
        (CampaignResult, MARCH | {"visits": 6000, "conversions": 0}),  # nothing to define
        (CampaignResult, MARCH | {"conversions": 5, "counts_as": "Anmäld"}),
        (CampaignResult, COUNTED | {"first": "2026-03-31"}),  # a single day
        (CampaignResult, COUNTED | {"first": "2025-01-01", "last": "2025-12-31"}),
        *((CampaignResult, MARCH | {figure: 0}) for figure in FIGURES),
    ],
)
def test_what_keeps_to_the_rules_is_taken(kind, answers):
    assert refused(kind, answers) == NOTHING


def test_each_target_group_is_named_once():
    assert campaign(audience=["students", "companies", "students"]).audience == (
        "students",
        "companies",
    )


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_conversions_are_taken_exactly_when_they_are_no_more_than_the_visits(visits, conversions):
    answers = MARCH | {"visits": visits, "conversions": conversions, "counts_as": "Anmäld"}
    assert (refused(CampaignResult, answers) == NOTHING) is (conversions <= visits)


@given(st.dates(date(2025, 1, 1), TODAY), st.dates(date(2025, 1, 1), TODAY))
def test_a_stretch_of_days_lies_in_one_year_and_runs_forward(first, last):
    answers = MARCH | {"first": str(first), "last": str(last), "visits": 1}
    fine = first <= last and first.year == last.year
    assert (refused(CampaignResult, answers) == NOTHING) is fine


# --- What each is in its case


def test_its_steps_are_taken_by_those_who_look_after_it_and_none_closes_it():
    steps = [kind for kind in kinds().values() if kind.step_of == "kampanj"]
    assert set(steps) == {CampaignStage, CampaignResult}
    for kind in steps:
        assert (kind.taken_by, kind.closes, kind.offered) == (Party.FOLLOWERS, False, False)


def test_everybody_may_know_of_a_campaign_and_it_credits_nobody():
    assert campaign().secrecy == Secrecy()
    assert campaign().credited == result().credited == ()


def test_figures_count_on_the_last_of_their_days():
    assert result().day == date(2026, 3, 31)
    assert campaign().day == date(2026, 2, 10)
    assert stage("run", "2026-03-02").day == date(2026, 3, 2)


def test_a_stage_is_reached_once_whoever_tells_of_it():
    assert [stage(each, "2026-03-02").part("1881") for each in Stage] == [*Stage]


def test_figures_for_the_same_channel_and_days_take_each_others_place():
    assert result(visits=10).part("bro") == result(leads=3).part("1881")
    others = [result(channel="web"), result(first="2026-03-02"), result(last="2026-03-30")]
    assert len({result().part(""), *(other.part("") for other in others)}) == 4


def test_the_part_is_short_enough_for_every_channel():
    parts = [result(channel=option.value).part("") for option in CHANNELS]
    assert max(map(len, parts)) <= 60


# --- The order of the stages

CREATED, RUN, FOLLOWED = (
    stage(name, day)
    for name, day in (
        ("create", "2026-03-01"),
        ("run", "2026-04-01"),
        ("follow_up", "2026-05-01"),
    )
)


def test_the_stages_are_taken_in_their_order():
    assert objections(CREATED, campaign()) == NOTHING
    assert objections(RUN, campaign(), CREATED) == NOTHING
    assert objections(FOLLOWED, campaign(), RUN, CREATED) == NOTHING


@pytest.mark.parametrize(
    ("step", "before", "swedish", "english"),
    [
        (RUN, [], "Skapad", "Created"),
        (FOLLOWED, [], "Skapad", "Created"),
        (FOLLOWED, [CREATED], "Genomförd", "Run"),
        (FOLLOWED, [RUN], "Skapad", "Created"),
    ],
)
def test_none_is_left_out(step, before, swedish, english):
    assert objections(step, campaign(), *before) == [
        {"stage": f"Rapportera steget ”{swedish}” först."},
        {"stage": f"Report the stage “{english}” first."},
    ]


@pytest.mark.parametrize(
    ("step", "before", "swedish", "english"),
    [
        (stage("create", "2026-02-09"), [], "10 februari 2026", "10 February 2026"),
        (stage("run", "2026-02-28"), [CREATED], "1 mars 2026", "1 March 2026"),
        (stage("follow_up", "2026-03-31"), [RUN, CREATED], "1 april 2026", "1 April 2026"),
    ],
)
def test_no_stage_is_reached_before_the_one_before_it(step, before, swedish, english):
    found = objections(step, campaign(), *before)
    assert found[0]["reached_on"].find(swedish) > 0
    assert found[1] == {"reached_on": f"The stage before was reached on {english}."}


@pytest.mark.parametrize(
    ("step", "others", "english"),
    [
        (stage("create", "2026-04-02"), [RUN], "1 April 2026"),
        (stage("create", "2026-05-02"), [FOLLOWED, RUN], "1 April 2026"),
        (stage("run", "2026-05-02"), [CREATED, FOLLOWED], "1 May 2026"),
    ],
)
def test_no_stage_is_moved_past_the_one_after_it(step, others, english):
    assert objections(step, campaign(), *others)[1] == {
        "reached_on": f"The next stage was reached on {english}."
    }


def test_two_stages_may_be_reached_on_one_day():
    same = [stage(each, "2026-02-10") for each in Stage]
    for n, step in enumerate(same):
        assert objections(step, campaign(), *same[:n], *same[n + 1 :]) == NOTHING


@pytest.mark.parametrize("order", [*permutations([CREATED, RUN, FOLLOWED])])
def test_in_whatever_order_they_were_told_each_may_be_told_again_as_it_is(order):
    for step in order:
        others = [other for other in order if other is not step]
        assert objections(step, campaign(), *others) == NOTHING


def test_the_form_is_opened_with_the_stage_that_comes_next():
    assert CampaignStage.begun(past(campaign())) == {"stage": "create"}
    assert CampaignStage.begun(past(campaign(), CREATED)) == {"stage": "run"}
    assert CampaignStage.begun(past(campaign(), RUN, CREATED)) == {"stage": "follow_up"}
    assert CampaignStage.begun(past(campaign(), CREATED, RUN, FOLLOWED)) == {"stage": None}


# --- The days of the figures


def test_a_campaign_has_no_figures_from_before_it_began():
    assert objections(result("2026-02-10", "2026-02-28"), campaign()) == NOTHING
    assert objections(result("2026-02-09", "2026-02-28"), campaign()) == [
        {"first": "Kampanjen initierades 10 februari 2026. Välj den dagen eller en senare."},
        {
            "first": "The campaign was initiated on 10 February 2026. "
            "Choose that day or a later one."
        },
    ]


@pytest.mark.parametrize(
    ("first", "last", "overlapping"),
    [
        ("2026-03-01", "2026-03-31", True),
        ("2026-03-31", "2026-04-30", True),
        ("2026-02-15", "2026-03-01", True),
        ("2026-03-10", "2026-03-10", True),
        ("2026-02-15", "2026-05-31", True),
        ("2026-04-01", "2026-04-30", False),
        ("2026-02-15", "2026-02-28", False),
    ],
)
def test_days_that_have_been_reported_for_a_channel_are_not_reported_again(
    first, last, overlapping
):
    refusal = [
        {
            "first": "1–31 mars 2026 är redan rapporterat för kanalen. Ändra den "
            "rapporten eller välj andra dagar."
        },
        {
            "first": "1–31 March 2026 has been reported for this channel. Change that "
            "report, or choose other days."
        },
    ]
    wanted = refusal if overlapping else NOTHING
    assert objections(result(first, last), campaign(), result()) == wanted
    assert objections(result(first, last, "web"), campaign(), result()) == NOTHING


stretches = st.tuples(st.integers(0, 100), st.integers(0, 60)).map(
    lambda pair: (date(2026, 2, 10) + timedelta(pair[0]), pair[1])
)


@given(st.lists(stretches, min_size=2, max_size=6))
def test_no_day_is_ever_counted_twice_on_one_channel(stretches_):
    taken: list[CampaignResult] = []
    for first, length in stretches_:
        more = result(first, first + timedelta(length))
        if objections(more, campaign(), *taken) == NOTHING:
            taken.append(more)
    days = [each.first + timedelta(n) for each in taken for n in range(each.stretch.days)]
    assert len(days) == len(set(days))


def test_what_counts_as_a_conversion_is_taken_from_the_report_before():
    first, then = (
        result(channel=channel, visits=9, conversions=1, counts_as=words)
        for channel, words in (("web", "Anmäld"), ("meta", "Sökt jobb"))
    )
    without = result(channel="video")
    assert CampaignResult.begun(past(campaign(), first, then, without)) == {
        "counts_as": "Sökt jobb"
    }
    assert CampaignResult.begun(past(campaign(), without)) == {}


# --- In words


@pytest.mark.parametrize(
    ("kind", "answers", "swedish", "english"),
    [
        (
            Campaign,
            HOME,
            (
                "BRO:s egen marknadsföring · studenter | Genusperspektiv: inte besvarat än | "
                "Integrationsperspektiv: inte besvarat än"
            ),
            (
                "BRO's own marketing · Students | Gender perspective: not answered yet | "
                "Integration perspective: not answered yet"
            ),
        ),
        (
            Campaign,
            HOME
            | {
                "programme": "smart_move",
                "audience": ["investors", "students", "companies"],
                "gender": "yes",
                "gender_how": "Bilder av båda",
                "integration": "no",
                "notes": "Vår",
            },
            (
                "Smart move · studenter, företag och investerare | "
                "Genusperspektiv: ja, beaktat (Bilder av båda) | "
                "Integrationsperspektiv: nej, inte beaktat | Vår"
            ),
            (
                "Smart move · Students, Companies and Investors | "
                "Gender perspective: yes, considered (Bilder av båda) | "
                "Integration perspective: no, not considered | Vår"
            ),
        ),
        (CampaignStage, {"stage": "create", "reached_on": "2026-03-01"}, "Skapad", "Created"),
        (CampaignStage, {"stage": "run", "reached_on": "2026-03-01"}, "Genomförd", "Run"),
        (
            CampaignStage,
            {"stage": "follow_up", "reached_on": "2026-03-01", "notes": "Bra"},
            "Uppföljd | Bra",
            "Followed up | Bra",
        ),
        (
            CampaignResult,
            COUNTED
            | {"spend_sek": "25 tkr", "reach": 12_000, "impressions": 40_000, "leads": 0}
            | {"notes": "Två annonser"},
            (
                "LinkedIn, 1–31 mars 2026 | kostnad 25~000~kr | räckvidd 12~000 | "
                "visningar 40~000 | besök 6~000 | leads 0 | konverteringar 300 | "
                "En konvertering: Anmäld | Två annonser"
            ),
            (
                "LinkedIn, 1–31 March 2026 | spend SEK 25,000 | reach 12,000 | "
                "impressions 40,000 | visits 6,000 | leads 0 | conversions 300 | "
                "A conversion: Anmäld | Två annonser"
            ),
        ),
        (
            CampaignResult,
            MARCH | {"channel": "web", "visits": 0},
            "Egen webbplats, 1–31 mars 2026 | besök 0",
            "Own website, 1–31 March 2026 | visits 0",
        ),
    ],
)
def test_each_is_told_in_the_readers_language(kind, answers, swedish, english):
    wanted = [text.replace("~", "\N{NO-BREAK SPACE}") for text in (swedish, english)]
    assert told(kind.model_validate(answers)) == wanted


def test_a_campaign_is_known_by_its_name_and_a_step_by_its_case():
    assert campaign().headline() == "Flytta hem"
    assert CREATED.headline() == result().headline() == ""
