"""Establishment inquiries and their steps: the rules of each kind, and how it is told."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms import Situation, read
from bot.language import language
from bot.names import PlanNames
from bot.reports import kinds
from bot.reports.etablering import Inquiry
from bot.reports.etablering_forlorad import REASONS, Lost
from bot.reports.etablering_kvittens import Acknowledgement
from bot.reports.etablering_landad import Landed
from bot.reports.etablering_steg import Progress, Stage
from bot.reports.etablering_svar import Answer
from bot.reports.report import Party, Past
from tests.bot.examples import BRO, report

KUMLA, HALLSBERG, NORA = "1881", "1861", "1884"
TODAY = date(2026, 6, 12)
RECEIVED = date(2026, 3, 10)
FALCON = {
    "code_name": "Projekt Falk",
    "asked": [KUMLA, HALLSBERG],
    "received_on": "2026-03-10",
    "source": "direct",
}
YES = {"verdict": "yes", "proposal": "Kvarteret Ek", "answered_on": "2026-03-12"}
NO = {"verdict": "no", "reason": "Ingen mark", "answered_on": "2026-03-12"}
VISIT = {"stage": "visit", "reached_on": "2026-04-10"}
DECIDED = {"municipality": KUMLA, "decided_on": "2026-05-10", "investment_sek": 40_000_000}
GONE = {"reason": "power", "lost_on": "2026-05-10"}
READERS = [(reader, PlanNames(BRO, reader)) for reader in (language("sv"), language("en"))]


def inquiry(**changed: object) -> Inquiry:
    return Inquiry.model_validate(FALCON | changed)


def progress(stage: str, day: str) -> Progress:
    return Progress.model_validate({"stage": stage, "reached_on": day})


def past(*steps, home=KUMLA, before=None):
    told = [(report(n, step.day, kind=step.kind), step) for n, step in enumerate(steps, 1)]
    return Past(TODAY, home, tuple(told), before)


def refused(kind, answers):
    """What a form says at each field, in Swedish and in English."""
    found = []
    for reader, names in READERS:
        situation = Situation(reader, TODAY, date(2025, 1, 1), names.members, names.lists)
        errors = read(kind, answers, situation)
        found.append(errors if isinstance(errors, dict) else {})
    return found


def objections(step, *steps, home=KUMLA):
    return [step.objections(past(*steps, home=home), *reader) for reader in READERS]


def told(step):
    return [" | ".join(step.sentences(*reader)) for reader in READERS]


# --- What is refused by itself


@pytest.mark.parametrize(
    ("kind", "answers", "field", "swedish", "english"),
    [
        (
            Inquiry,
            FALCON | {"answer_due": "2026-03-09"},
            "answer_due",
            "Svarsdatumet kan inte vara före den dag då förfrågan kom in.",
            "The answer cannot be due before the inquiry was received.",
        ),
        (Inquiry, FALCON | {"asked": []}, "asked", "Fyll i det här.", "Please fill this in."),
        (Inquiry, FALCON | {"source": ""}, "source", "Fyll i det här.", "Please fill this in."),
        (
            Inquiry,
            FALCON | {"needs": ["land", "sea"]},
            "needs",
            "Välj från listan.",
            "Choose from the list.",
        ),
        (
            Answer,
            YES | {"proposal": " "},
            "proposal",
            "Ett ja behöver minst ett förslag.",
            "A yes needs at least one proposal.",
        ),
        (
            Answer,
            NO | {"reason": ""},
            "reason",
            "Skriv ett skäl när svaret är nej eller delvis.",
            "Write a reason when the answer is no or partly.",
        ),
        (
            Answer,
            YES | {"verdict": "partly"},
            "reason",
            "Skriv ett skäl när svaret är nej eller delvis.",
            "Write a reason when the answer is no or partly.",
        ),
        (
            Lost,
            GONE | {"reason": "weather"},
            "reason",
            "Välj från listan.",
            "Choose from the list.",
        ),
        (
            Landed,
            DECIDED | {"investment_sek": "mycket", "area": "industry"},
            "investment_sek",
            "Skriv ett belopp i kronor, till exempel 1 160 292 eller 1,16 mkr.",
            "Write an amount in kronor, for example 1 160 292 or 1,16 mkr.",
        ),
    ],
)
def test_what_a_rule_refuses_is_said_at_its_field(kind, answers, field, swedish, english):
    assert refused(kind, answers) == [{field: swedish}, {field: english}]


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (Inquiry, FALCON),
        (Inquiry, FALCON | {"answer_due": "2026-03-10"}),
        (Inquiry, FALCON | {"answer_due": "2027-01-31"}),  # the one day that may be to come
        (Answer, YES),
        (Answer, NO),
        (Answer, NO | {"verdict": "partly"}),
        (Answer, NO | {"proposal": "Om två år"}),
        (Progress, VISIT),
        (Landed, DECIDED | {"area": "food"}),
        *((Lost, GONE | {"reason": option.value}) for option in REASONS),
    ],
)
def test_what_keeps_to_the_rules_is_taken(kind, answers):
    assert refused(kind, answers) == [{}, {}]


@pytest.mark.parametrize(
    ("kind", "answers", "field"),
    [
        (Inquiry, FALCON, "received_on"),
        (Answer, YES, "answered_on"),
        (Progress, VISIT, "reached_on"),
        (Landed, DECIDED | {"area": "food"}, "decided_on"),
        (Lost, GONE, "lost_on"),
    ],
)
def test_nothing_has_happened_on_a_day_to_come(kind, answers, field):
    assert refused(kind, answers | {field: "2026-06-12"}) == [{}, {}]
    assert [set(errors) for errors in refused(kind, answers | {field: "2026-06-13"})] == [
        {field},
        {field},
    ]


def test_each_is_named_once_in_the_order_given():
    found = inquiry(
        asked=[KUMLA, NORA, KUMLA], leaders=["a", "b", "a"], needs=["rail", "land", "rail"]
    )
    assert (found.asked, found.leaders, found.needs) == (
        (KUMLA, NORA),
        ("a", "b"),
        ("rail", "land"),
    )
    assert Progress.model_validate(VISIT | {"members": [NORA, NORA]}).members == (NORA,)


# --- What each is in its case


def test_all_steps_are_steps_of_an_inquiry_and_two_of_them_close_it():
    steps = [kind for kind in kinds().values() if kind.step_of == "etablering"]
    assert {kind for kind in steps if kind.closes} == {Landed, Lost}
    assert {kind for kind in steps if kind.taken_by is Party.ASKED} == {Acknowledgement, Answer}
    assert not any(kind.offered for kind in steps)


def test_only_what_has_landed_credits_a_municipality():
    assert Landed.model_validate(DECIDED).credited == (KUMLA,)
    for each in (inquiry(), Answer.model_validate(YES), Progress.model_validate(VISIT)):
        assert each.credited == ()


@pytest.mark.parametrize(
    ("kind", "answers", "day"),
    [
        (Inquiry, FALCON, RECEIVED),
        (Acknowledgement, {"acknowledged_on": "2026-03-11"}, date(2026, 3, 11)),
        (Answer, YES, date(2026, 3, 12)),
        (Progress, VISIT, date(2026, 4, 10)),
        (Landed, DECIDED, date(2026, 5, 10)),
        (Lost, GONE, date(2026, 5, 10)),
    ],
)
def test_each_happened_on_its_own_day(kind, answers, day):
    assert kind.model_validate(answers).day == day


def test_a_municipality_acknowledges_once_and_has_one_answer():
    acknowledgement = Acknowledgement(acknowledged_on=RECEIVED)
    for step in (acknowledgement, Answer.model_validate(YES), Answer.model_validate(NO)):
        assert (step.part(KUMLA), step.part(NORA)) == (KUMLA, NORA)


def test_a_stage_is_the_same_step_whoever_tells_of_it_and_another_on_another_day():
    visit = Progress.model_validate(VISIT)
    assert visit.part(KUMLA) == visit.part("bro") == "visit:2026-04-10"
    assert progress("visit", "2026-04-11").part("bro") != visit.part("bro")
    assert progress("land", "2026-04-10").part("bro") != visit.part("bro")
    assert all(len(progress(stage, "2026-04-10").part("")) <= 60 for stage in Stage)


def test_a_case_ends_once():
    assert Landed.model_validate(DECIDED).part(KUMLA) == Lost.model_validate(GONE).part(NORA) == ""


# --- What speaks against it in its case


def test_no_municipality_has_answered_before_it_was_asked():
    opening = inquiry(asked_since={KUMLA: "2026-03-11", HALLSBERG: "2026-03-13"})
    answer = Answer.model_validate(YES)  # of 12 March
    assert objections(answer, opening) == [{}, {}]
    assert objections(answer, opening, home=NORA) == [{}, {}]
    assert objections(answer, opening, home=HALLSBERG) == [
        {"answered_on": "Ni tillfrågades 13 mars 2026. Ändra datumet."},
        {"answered_on": "You were asked on 13 March 2026. Change the day."},
    ]


def test_a_municipality_may_answer_on_the_day_it_is_asked():
    opening = inquiry(asked_since={KUMLA: "2026-03-12"})
    assert objections(Answer.model_validate(YES), opening) == [{}, {}]


@pytest.mark.parametrize(
    ("kind", "answers", "field"),
    [
        (Progress, VISIT, "reached_on"),
        (Landed, DECIDED, "decided_on"),
        (Lost, GONE, "lost_on"),
    ],
)
def test_nothing_comes_of_an_inquiry_before_it_was_received(kind, answers, field):
    before, same = (kind.model_validate(answers | {field: f"2026-03-{day:02}"}) for day in (9, 10))
    assert objections(same, inquiry()) == [{}, {}]
    assert objections(before, inquiry()) == [
        {field: "Förfrågan kom in 10 mars 2026. Välj den dagen eller en senare."},
        {field: "The inquiry was received on 10 March 2026. Choose that day or a later one."},
    ]


def test_it_lands_only_where_somebody_was_asked():
    assert objections(Landed.model_validate(DECIDED), inquiry()) == [{}, {}]
    assert objections(Landed.model_validate(DECIDED | {"municipality": NORA}), inquiry()) == [
        {"municipality": "Nora är inte tillfrågad. Lägg till kommunen i förfrågan först."},
        {"municipality": "Nora has not been asked. Add it to the inquiry first."},
    ]


def test_both_objections_to_where_and_when_it_landed_are_told_at_once():
    wrong = Landed.model_validate(
        DECIDED | {"municipality": NORA, "decided_on": "2026-03-09"},
    )
    for each in objections(wrong, inquiry()):
        assert set(each) == {"municipality", "decided_on"}


# --- What nobody types


def test_the_clock_starts_on_the_day_a_municipality_is_asked():
    assert inquiry().settled(past()).asked_since == {KUMLA: TODAY, HALLSBERG: TODAY}


def test_who_had_been_asked_keeps_the_day_and_who_is_new_is_asked_today():
    before = inquiry(asked_since={KUMLA: "2026-03-10", HALLSBERG: "2026-03-11"})
    now = inquiry(asked=[NORA, KUMLA]).settled(past(before=before))
    assert now.asked_since == {NORA: TODAY, KUMLA: RECEIVED}


def test_nobody_can_type_when_a_municipality_was_asked_or_how_far_it_came():
    typed = inquiry(asked_since={KUMLA: "2020-01-01", NORA: "2020-01-01"})
    assert typed.settled(past()).asked_since == {KUMLA: TODAY, HALLSBERG: TODAY}
    lost = Lost.model_validate(GONE | {"last_stage": "land"})
    assert lost.settled(past(inquiry())).last_stage == "registered"
    assert {"asked_since", "last_stage"}.isdisjoint(
        field.name for kind in (Inquiry, Lost) for field in kind.fields()
    )


@given(
    st.dictionaries(st.sampled_from(BRO.member_codes), st.dates(RECEIVED, TODAY)),
    st.sets(st.sampled_from(BRO.member_codes), min_size=1),
)
def test_a_change_never_moves_the_clock_of_those_asked_before(since, asked):
    before = inquiry(asked=list(since) or [KUMLA], asked_since=since)
    now = inquiry(asked=sorted(asked)).settled(past(before=before)).asked_since
    assert now == {home: since.get(home, TODAY) for home in asked}


def test_what_is_lost_tells_how_far_it_had_come_by_the_days():
    lost = Lost.model_validate(GONE)
    visit, short = progress("visit", "2026-04-10"), progress("shortlist", "2026-03-20")
    for steps in ((visit, short), (short, visit)):
        assert lost.settled(past(inquiry(), *steps)).last_stage == "visit"
    assert lost.settled(past(inquiry(), short)).last_stage == "shortlist"
    assert lost.settled(past(inquiry())).last_stage == "registered"


# --- What a form is opened with


def test_where_it_landed_the_form_knows_what_the_inquiry_said():
    asked_one = inquiry(asked=[NORA], area="food", jobs=50)
    assert Landed.begun(past(asked_one)) == {"area": "food", "jobs": 50, "municipality": NORA}
    assert Landed.begun(past(inquiry())) == {"area": None, "jobs": None, "municipality": None}
    assert Landed.begun(past()) == {}


def test_an_answer_begins_with_what_a_colleague_has_answered():
    assert Answer.begun(past(inquiry(), before=Answer.model_validate(YES))).items() >= YES.items()
    assert Answer.begun(past(inquiry())) == {}


def test_what_a_form_is_begun_with_can_be_sent_in_again():
    begun = Answer.begun(past(before=Answer.model_validate(YES)))
    assert Answer.model_validate(begun) == Answer.model_validate(YES)


# --- What is asked about once


@pytest.mark.parametrize(
    ("code_name", "company", "asked_about"),
    [
        ("Nya Bolaget AB", None, True),
        ("AB Nya Bolaget", None, True),
        ("Nya Bolaget AB, Kumla", None, True),
        ("Falk Holding Oy", None, True),
        ("Falk A/S", None, True),
        ("Falk Inc.", None, True),
        ("Falk GmbH", None, True),
        ("Projekt Nya Bolaget", "nya bolaget", True),
        ("Bolaget", "Bolaget", True),
        ("Projekt Falk", None, False),
        ("Projekt Falk", "Nya Bolaget AB", False),
        ("Projekt ABBA", None, False),
        ("Projekt Kabel", None, False),
        ("SELMA", None, False),
        ("Projekt absolut", None, False),
    ],
)
def test_a_code_name_that_looks_like_a_company_is_asked_about(code_name, company, asked_about):
    found = inquiry(code_name=code_name, company=company)
    assert [bool(found.doubts(reader)) for reader, _ in READERS] == [asked_about, asked_about]


def test_the_doubt_says_who_will_read_the_name():
    found = inquiry(code_name="Falk AB")
    swedish, english = (" ".join(found.doubts(reader)) for reader, _ in READERS)
    assert swedish == (
        "Kodnamnet ”Falk AB” ser ut som ett företags eget namn. Alla som får veta av ärendet läser "
        "det."
    )
    assert english == (
        "The code name “Falk AB” looks like a company's own name. Everybody who may know of the "
        "case will read it."
    )


# --- Who may know


def test_a_case_is_open_unless_it_is_said_to_be_confidential():
    found = inquiry(leaders=["U7"]).secrecy
    assert (found.confidential, found.restricted) == (False, False)
    assert (found.homes, found.people) == ({KUMLA, HALLSBERG}, {"U7"})
    assert inquiry(confidential=True).secrecy.confidential


def test_a_companys_name_is_told_inside_the_case_and_nowhere_else():
    found = inquiry(company="Nya Bolaget AB")
    assert found.secrecy.restricted
    assert "Bolaget" not in " ".join((found.headline(), *told(found)))
    assert [found.inside(reader) for reader, _ in READERS] == [
        ("Företag: Nya Bolaget AB",),
        ("Company: Nya Bolaget AB",),
    ]
    assert inquiry().inside(language("sv")) == ()


# --- In words

FULL = {
    "source": "business_sweden",
    "purpose": "expansion",
    "area": "logistics",
    "needs": ["rail", "land"],
    "land_ha": "15",
    "building_m2": "2500,5",
    "power_mw": "0.25",
    "jobs": 120,
    "investment_sek": "40 mkr",
    "registry_number": "KS 2026/12",
    "notes": "Bråttom",
}


@pytest.mark.parametrize(
    ("kind", "answers", "swedish", "english"),
    [
        (
            Inquiry,
            FALCON | {"source": None, "jobs": 1},
            "Nyetablering | 1 jobb | Tillfrågade: Hallsberg och Kumla",
            "New establishment | 1 job | Asked: Hallsberg and Kumla",
        ),
        (
            Inquiry,
            FALCON | FULL,
            (
                "Expansion · Logistik · Business Sweden | "
                "Behov: mark 15 ha, byggnad 2~500,5 m², el 0,25 MW, järnväg | 120 jobb | "
                "Investering: 40~mkr | Tillfrågade: Hallsberg och Kumla | "
                "Diarienummer: KS 2026/12 | Bråttom"
            ),
            (
                "Expansion · Logistics · Business Sweden | "
                "Needs: land 15 ha, building 2,500.5 m², electric power 0.25 MW, railway | "
                "120 jobs | Investment: SEK 40 million | Asked: Hallsberg and Kumla | "
                "Registry number: KS 2026/12 | Bråttom"
            ),
        ),
        (Acknowledgement, {"acknowledged_on": "2026-03-11"}, "", ""),
        (
            Answer,
            YES | {"second_proposal": "Björken", "third_proposal": "Asken"},
            "Svar: ja | Kvarteret Ek | Björken | Asken",
            "Answer: yes | Kvarteret Ek | Björken | Asken",
        ),
        (Answer, NO, "Svar: nej | Skäl: Ingen mark", "Answer: no | Reason: Ingen mark"),
        (
            Answer,
            NO | {"verdict": "partly", "proposal": "Eken"},
            "Svar: delvis | Eken | Skäl: Ingen mark",
            "Answer: partly | Eken | Reason: Ingen mark",
        ),
        (
            Progress,
            VISIT | {"members": [KUMLA, HALLSBERG], "notes": "Två bolag"},
            "Besök | Hallsberg och Kumla | Två bolag",
            "Visit | Hallsberg and Kumla | Två bolag",
        ),
        (Progress, VISIT | {"stage": "ongoing"}, "Pågår", "Under way"),
        (Progress, VISIT | {"stage": "shortlist"}, "Kortlista", "Shortlist"),
        (Progress, VISIT | {"stage": "land"}, "Markanvisning", "Land allocation"),
        (Progress, VISIT | {"stage": "dormant"}, "Vilande", "Dormant"),
        (
            Landed,
            DECIDED | {"area": "industry", "jobs": 1, "notes": "Klart"},
            "Landad i Kumla: 40~mkr | Industri | 1 jobb | Klart",
            "Landed in Kumla: SEK 40 million | Industry | 1 job | Klart",
        ),
        (
            Landed,
            DECIDED | {"investment_sek": 850_000, "area": "gone_from_the_list"},
            "Landad i Kumla: 850~000~kr | gone_from_the_list",
            "Landed in Kumla: SEK 850,000 | gone_from_the_list",
        ),
        (Lost, GONE, "Förlorad: Inte tillräckligt med el", "Lost: Not enough electric power"),
        (
            Lost,
            GONE | {"reason": "late", "last_stage": "visit", "notes": "Tyvärr"},
            "Förlorad: Vi svarade för sent | Senaste läge: Besök | Tyvärr",
            "Lost: We answered too late | Last stage: Visit | Tyvärr",
        ),
    ],
)
def test_each_is_told_in_the_readers_language(kind, answers, swedish, english):
    wanted = [text.replace("~", "\N{NO-BREAK SPACE}") for text in (swedish, english)]
    assert told(kind.model_validate(answers)) == wanted


def test_an_inquiry_is_known_by_its_code_name_and_a_step_by_its_case():
    assert inquiry().headline() == "Projekt Falk"
    assert Answer.model_validate(YES).headline() == ""


def test_what_the_ledger_keeps_of_an_inquiry_says_the_same_when_it_is_read_again():
    found = inquiry(**FULL | {"received_at": time(8, 30)}).settled(past())
    assert Inquiry.model_validate(found.model_dump(mode="json")) == found
