"""Campaigns as people live through them: stages, figures, and what key results M2 and SM1 say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest

from bot.desk.reporting import TOLD_ALREADY
from bot.language import language
from bot.ledger.recorded import Ended, Recorded
from bot.outcomes import Done, Refuse, Retry
from handlers.commands import About, Answered
from playground.town import AMIR, KARIN, MARIA, ULLA, Somebody, Town
from tests.databases import postgresql, sqlite
from tests.talk import commands_of, known, sv

NAME = "Flytta hem"
LINE = "/kampanj Flytta hem, Smart move, svenska talanger, 10 februari"
RESULTS, NEXT_STAGE = sv("Report results"), sv("Next stage")
CHANGE, UNDO = sv("Change"), sv("Undo")
WHICH = sv("Which campaign is it about?")
NOT_FOUND = sv("I find no campaign by that name. Choose the one you mean.")
STAGES = (sv("Created"), sv("Run"), sv("Followed up"))
WEB = sv("Own website")
APRIL = {"first": "2026-04-01", "last": "2026-04-30"}
MAY = {"first": "2026-05-01", "last": "2026-05-31"}
CONVERTED = {"visits": "6000", "conversions": "240", "counts_as": "Anmäld till nyhetsbrevet"}


@pytest.fixture
def staffed(town: Town) -> Town:
    return staff(town)


def staff(town: Town) -> Town:
    for somebody in (KARIN, MARIA):
        person = town.person(somebody)
        person.types("/bro settings")
        person.submits()
        person.closes()
    town.settle()
    return town


def begins(town: Town, somebody: Somebody = KARIN, line: str = LINE, **fields: object):
    person = town.person(somebody)
    person.types(line)
    person.fills(**fields)
    person.submits()
    town.settle()
    return person


def does(town: Town, label: str, somebody: Somebody = KARIN, name: str = NAME, **fields: object):
    """In the campaign's own page."""
    person = town.person(somebody)
    person.types(f"/kampanj {name}")
    person.presses(label, in_message=person.dm[-1])
    person.fills(**fields)
    person.submits()
    town.settle()
    return person


def reports(town: Town, channel: str = WEB, **fields: object):
    return does(town, RESULTS, channel=channel, **{**APRIL, **fields})


def reaches(town: Town, *days: str, name: str = NAME):
    for day in days:
        person = does(town, NEXT_STAGE, name=name, reached_on=day)
        assert person.modal is None, person.modal.errors


def says(town: Town, somebody: Somebody, line: str) -> str:
    person = town.person(somebody)
    person.types(line)
    return person.dm[-1].words


def page(town: Town, somebody: Somebody = KARIN, name: str = NAME) -> str:
    return says(town, somebody, f"/kampanj {name}")


def standing(town: Town, id_: str) -> str:
    """What /okr says of a key result, or of a row beside them."""
    (line,) = [each for each in says(town, KARIN, "/okr").splitlines() if f"*{id_}*" in each]
    return line


def everything(town: Town) -> list[Recorded]:
    found = [town.desk.setup.ledger.read(lambda b, n=n: b.reports.get(n)) for n in range(1, 60)]
    return [report for report in found if report is not None]


def live(town: Town, kind: str = "kampanj_resultat") -> list[Recorded]:
    return [r for r in everything(town) if r.kind == kind and r.ending is None]


def case_of(town: Town) -> str:
    return live(town, "kampanj")[0].case


def error(person, field: str) -> str:
    assert person.modal is not None
    (found,) = [(f.block_id, f.error) for f in person.modal.fields.values() if f.error]
    assert found[0] == field
    return found[1]


# --- Begun


def test_the_typed_line_fills_the_form(staffed):
    karin = staffed.person(KARIN)
    karin.types(LINE)
    understood = {n: f.value for n, f in karin.modal.fields.items() if f.value}
    assert understood == {
        "name": NAME,
        "programme": "Smart move",
        "audience": [sv("Swedish talent")],
        "initiated_on": "2026-02-10",
    }


def test_the_receipt_shows_the_stages_and_keeps_itself_current(staffed):
    karin = begins(staffed)
    first = karin.dm[-1]
    assert f"✔ {sv('Initiated')}: 10 februari 2026" in first.words
    assert f"○ {sv('Created')}: {sv('not yet')}" in first.words
    assert sv("No results yet.") in first.words
    reaches(staffed, "2026-03-02")
    reports(staffed, visits="1200")
    (now,) = [message for message in karin.dm if message.ts == first.ts]
    assert f"✔ {sv('Created')}: 2 mars 2026" in now.words
    assert sv("visits {count}", count="1\u00a0200") in now.words


def test_a_second_campaign_by_the_same_name_is_refused_with_the_way_to_the_first(staffed):
    begins(staffed)
    maria = staffed.person(MARIA)
    maria.types("/kampanj")
    maria.fills(name="flytta HEM", programme="Smart move", audience=[sv("Students")])
    maria.submits()
    assert f"Det finns redan en med det namnet: /kampanj {NAME} visar den." in error(maria, "name")
    assert maria.modal.fields["audience"].value == [sv("Students")]
    assert len(everything(staffed)) == 1


def test_how_a_perspective_was_considered_must_be_told(staffed):
    karin = begins(staffed, gender=sv("Yes, considered"))
    assert error(karin, "gender_how") == sv("Write how it was considered.")
    karin.fills(gender_how="Bilder och språk")
    karin.submits()
    told = page(staffed)
    assert f"{sv('Gender perspective')}: ja, beaktat (Bilder och språk)" in told
    assert f"{sv('Integration perspective')}: {sv('not answered yet')}" in told


# --- Stages


def test_the_next_stage_stands_in_the_form_and_each_has_its_day(staffed):
    begins(staffed)
    karin = staffed.person(KARIN)
    for stage, day in zip(STAGES, ("2026-03-01", "2026-04-01", "2026-06-01"), strict=True):
        page(staffed)
        karin.presses(NEXT_STAGE, in_message=karin.dm[-1])
        assert karin.modal.fields["stage"].value == stage
        karin.fills(reached_on=day)
        karin.submits()
        staffed.settle()
    told = page(staffed)
    assert f"✔ {sv('Created')}: 1 mars 2026" in told
    assert f"✔ {sv('Followed up')}: 1 juni 2026" in told
    assert NEXT_STAGE not in karin.dm[-1].buttons


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"stage": "run"}, "stage"),
        ({"stage": "follow_up"}, "stage"),
        ({"stage": "create", "reached_on": "2026-02-09"}, "reached_on"),
        ({"stage": "create", "reached_on": "2026-06-13"}, "reached_on"),
    ],
)
def test_a_stage_out_of_order_is_refused_at_its_field(staffed, fields, wrong):
    begins(staffed)
    assert error(does(staffed, NEXT_STAGE, **fields), wrong)
    assert live(staffed, "kampanj_steg") == []


def test_a_stage_is_told_once_and_then_changed_and_never_replaced_unseen(staffed):
    begins(staffed)
    reaches(staffed, "2026-03-01", "2026-04-01")
    again = does(staffed, NEXT_STAGE, stage="create", reached_on="2026-03-15")
    assert error(again, "stage") == sv(TOLD_ALREADY)
    again.closes()
    again.presses(sv("Change"), next(m for m in again.dm if ": skapad" in m.words))
    again.fills(reached_on="2026-05-01")
    again.submits()
    assert "1 april 2026" in error(again, "reached_on")
    again.fills(reached_on="2026-03-15")
    again.submits()
    assert f"✔ {sv('Created')}: 15 mars 2026" in page(staffed)
    assert len(live(staffed, "kampanj_steg")) == 2


def test_sm1_counts_a_campaign_when_all_four_stages_are_reached(staffed):
    begins(staffed)
    assert "0 av 5" in standing(staffed, "SM1")
    reaches(staffed, "2026-03-01", "2026-04-01")
    assert "0 av 5" in standing(staffed, "SM1")
    reaches(staffed, "2026-06-01")
    assert "1 av 5" in standing(staffed, "SM1")
    assert NAME in says(staffed, KARIN, "/okr SM1")


def test_sm1_counts_no_other_programme_and_is_none_of_the_eleven(staffed):
    begins(staffed, programme="BRO:s egen marknadsföring")
    reaches(staffed, "2026-03-01", "2026-04-01", "2026-06-01")
    overview = says(staffed, KARIN, "/okr")
    assert "1 av 5" not in standing(staffed, "SM1")
    assert sv("Of {count} key results: {statuses}.", count=11, statuses="")[:-2] in overview


def test_withdrawing_the_last_stage_takes_it_back(staffed):
    begins(staffed)
    reaches(staffed, "2026-03-01", "2026-04-01", "2026-06-01")
    karin = staffed.person(KARIN)
    receipt = next(
        m for m in reversed(karin.dm) if sv("Followed up") in m.words and "Sparat" in m.text
    )
    karin.presses(UNDO, in_message=receipt)
    karin.submits()
    staffed.settle()
    assert "0 av 5" in standing(staffed, "SM1")


# --- Figures


def test_figures_are_told_by_channel_with_pooled_conversion_and_cost_per_lead(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED, spend_sek="25000", leads="100")
    linkedin = {"visits": "1000", "conversions": "100", "counts_as": "Anmäld"}
    reports(staffed, sv("LinkedIn"), **linkedin, spend_sek="15 000 kr", leads="60")
    told = page(staffed)
    n, kr = language("sv").number, language("sv").exact_money
    # 340 of 7,000 is 4.857 %: never the mean of 4 % and 10 %.
    in_all = next(line for line in told.splitlines() if line.startswith(f"*{sv('In all')}*"))
    assert "4,86\xa0%" in in_all
    assert f"{n(340)} av {n(7000)}" in in_all
    assert kr(40_000) in in_all
    assert sv("{amount} per lead", amount=kr(250)) in in_all
    web = next(line for line in told.splitlines() if line.startswith(f"{WEB}: "))
    assert "4\xa0%" in web
    assert sv("{amount} per lead", amount=kr(250)) in web


def test_the_same_channel_and_days_are_a_correction_and_not_a_sum(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    reports(staffed, **{**CONVERTED, "visits": "5000"})
    (result,) = live(staffed)
    assert result.answers["visits"] == 5000
    former = next(r for r in everything(staffed) if r.id == result.supersedes)
    assert former.ending.how is Ended.SUPERSEDED
    told = page(staffed)
    assert f"240 av {language('sv').number(5000)}" in told
    assert f"240 av {language('sv').number(6000)}" not in told


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-04-30", "2026-05-31"),
        ("2026-03-01", "2026-04-01"),
        ("2026-04-10", "2026-04-20"),
        ("2026-03-01", "2026-05-31"),
        ("2026-04-01", "2026-04-29"),
    ],
)
def test_days_that_overlap_in_a_channel_are_refused_and_what_was_typed_is_kept(
    staffed, first, last
):
    begins(staffed)
    reports(staffed, **CONVERTED)
    karin = reports(staffed, visits="10", first=first, last=last)
    assert "1–30 april 2026" in error(karin, "first")
    assert karin.modal.fields["visits"].value == "10"
    karin.fills(channel=sv("LinkedIn"))
    karin.submits()
    assert karin.modal is None
    assert len(live(staffed)) == 2


def test_days_beside_one_another_are_added_up(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    reports(staffed, **CONVERTED, **MAY)
    n = language("sv").number
    assert f"480 av {n(12_000)}" in page(staffed)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"visits": "10", "conversions": "11", "counts_as": "Anmäld"}, "conversions"),
        ({"visits": "10", "conversions": "1"}, "counts_as"),
        ({}, "conversions"),
        ({"visits": "1", "first": "2026-02-09", "last": "2026-02-28"}, "first"),
        ({"visits": "1", "first": "2026-05-02", "last": "2026-05-01"}, "last"),
        ({"visits": "1", "first": "2025-12-01", "last": "2026-01-31"}, "last"),
        ({"visits": "1", "last": "2026-06-13"}, "last"),
        ({"visits": "1", "spend_sek": "många"}, "spend_sek"),
    ],
)
def test_figures_that_cannot_be_are_refused_at_their_field(staffed, fields, wrong):
    begins(staffed)
    karin = reports(staffed, **fields)
    assert error(karin, wrong)
    for name in {"visits", "conversions", "spend_sek"} & {*fields}:
        assert karin.modal.fields[name].value == fields[name]
    assert live(staffed) == []


def test_what_counts_as_a_conversion_need_not_be_written_again(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    karin = staffed.person(KARIN)
    page(staffed)
    karin.presses(RESULTS, in_message=karin.dm[-1])
    assert karin.modal.fields["counts_as"].value == CONVERTED["counts_as"]


def test_an_amount_far_from_the_usual_is_asked_about_and_again_if_it_is_another(staffed):
    begins(staffed)
    karin = reports(staffed, spend_sek="50 mkr")
    assert language("sv").exact_money(50_000_000) in karin.modal.words
    karin.fills(sure=sv("Yes, it is right"), spend_sek="70 mkr")
    karin.submits()
    assert language("sv").exact_money(70_000_000) in karin.modal.words
    karin.fills(sure=sv("Yes, it is right"))
    karin.submits()
    assert [r.answers["spend_sek"] for r in live(staffed)] == [70_000_000]


def test_a_result_is_changed_and_withdrawn_from_the_campaigns_page(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    karin = staffed.person(KARIN)
    page(staffed)
    karin.presses(CHANGE, in_message=karin.dm[-1])
    assert karin.modal.fields["visits"].value == "6000"
    karin.fills(visits="8000")
    karin.submits()
    n = language("sv").number
    assert f"240 av {n(8000)}" in page(staffed)
    karin.presses(UNDO, in_message=karin.dm[-1])
    karin.submits()
    assert sv("No results yet.") in page(staffed)
    assert live(staffed) == []


def test_figures_that_slack_delivers_again_count_once(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    again = staffed.slack.redeliver_last(times=3)
    staffed.settle()
    assert {each.status for each in again} == {200}
    assert len([r for r in everything(staffed) if r.kind == "kampanj_resultat"]) == 1


# --- Key result M2


def year_on_year(town: Town, last_year: tuple[int, int], this_year: tuple[int, int]) -> Fraction:
    """Reports both years, and computes by hand what M2 should say."""
    begins(town, initiated_on="2025-02-10")
    for year, (converted, visited) in ((2025, last_year), (2026, this_year)):
        days = {"first": f"{year}-04-01", "last": f"{year}-04-30"}
        figures = {"visits": str(visited), "conversions": str(converted), "counts_as": "Anmäld"}
        person = reports(town, **days, **figures)
        assert person.modal is None, person.modal.errors
    return Fraction(*this_year) / Fraction(*last_year) - 1


def test_m2_is_the_pooled_rate_against_last_years(staffed):
    assert sv("no reports yet") in standing(staffed, "M2")
    change = year_on_year(staffed, (200, 10_000), (300, 12_000))
    assert change == Fraction(1, 4)
    told = standing(staffed, "M2")
    assert "+25\xa0% (mål +20\xa0%)" in told
    assert sv("achieved") in told


def test_m2_is_behind_where_the_rate_has_risen_too_little(staffed):
    change = year_on_year(staffed, (200, 10_000), (220, 10_000))
    assert change == Fraction(1, 10)
    told = standing(staffed, "M2")
    assert "+10\xa0% (mål +20\xa0%)" in told
    assert sv("behind") in told


def test_m2_pools_channels_and_never_averages_their_rates(staffed):
    year_on_year(staffed, (200, 10_000), (300, 10_000))
    # Ten of ten beside 300 of 10,000: 310 of 10,010 against 200 of 10,000 is 54.8 % more.
    reports(staffed, sv("LinkedIn"), visits="10", conversions="10", counts_as="Anmäld")
    change = Fraction(310, 10_010) / Fraction(200, 10_000) - 1
    assert language("sv").percent(change, 1) in standing(staffed, "M2")


def test_m2_says_so_where_the_numbers_are_small(staffed):
    year_on_year(staffed, (20, 1000), (30, 1000))
    assert f"({sv('few cases')})" in standing(staffed, "M2")


def test_m2_follows_a_correction(staffed):
    year_on_year(staffed, (200, 10_000), (300, 12_000))
    reports(staffed, visits="12000", conversions="240", counts_as="Anmäld")
    assert "+0\xa0% (mål +20\xa0%)" in standing(staffed, "M2")


def test_nobody_converted_is_a_figure_like_any_other(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED, spend_sek="10000", leads="50")
    reports(staffed, sv("LinkedIn"), visits="4000", conversions="0", spend_sek="5000", leads="0")
    n, kr = language("sv").number, language("sv").exact_money
    told = page(staffed)
    assert f"240 av {n(10_000)}" in told
    assert sv("{amount} per lead", amount=kr(300)) in told


def test_figures_of_a_campaign_that_is_withdrawn_are_not_counted(staffed):
    year_on_year(staffed, (200, 10_000), (300, 12_000))
    karin = staffed.person(KARIN)
    opening = live(staffed, "kampanj")[0].id
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN), Answered("withdraw", {}, About(report=str(opening)), "gone")
    )
    assert outcome == Done()
    assert NAME not in says(staffed, KARIN, "/kampanj lista")
    assert karin.modal is None
    assert "25\xa0%" not in standing(staffed, "M2")


# --- All of them, and who may


def test_lista_shows_all_with_their_stage_and_figures_the_latest_news_first(staffed):
    begins(staffed)
    begins(staffed, line="/kampanj Hitta hit, Smart move, studenter, 1 mars")
    reports(staffed, **CONVERTED)
    listed = says(staffed, KARIN, "/kampanj lista")
    assert listed.index(NAME) < listed.index("Hitta hit")
    assert "4\xa0%" in listed
    karin = staffed.person(KARIN)
    karin.presses(sv("Show"), in_message=karin.dm[-1])
    assert sv("Stages") in karin.dm[-1].words


def test_there_are_none_before_the_first(staffed):
    assert sv("There are no campaigns yet.") in says(staffed, KARIN, "/kampanj lista")


def test_more_results_than_one_page_are_leafed_through(staffed):
    begins(staffed)
    for month in (2, 3, 4, 5):
        reports(staffed, visits=str(month), first=f"2026-{month:02}-15", last=f"2026-{month:02}-20")
    reports(staffed, visits="77", first="2026-06-01", last="2026-06-05")
    shown = page(staffed)
    karin = staffed.person(KARIN)
    karin.presses(sv("Next page"), in_message=karin.dm[-1])
    second = karin.dm[-1].words
    figures = [sv("visits {count}", count=each) for each in (2, 3, 4, 5, 77)]
    of_page = [[f for f in figures if f" · {f}" in words] for words in (shown, second)]
    assert sorted(of_page[0] + of_page[1]) == sorted(figures)
    assert all(of_page)


def test_another_municipality_sees_a_campaign_and_reports_nothing_in_it(staffed):
    begins(staffed)
    assert NAME in page(staffed, MARIA)
    assert RESULTS not in staffed.person(MARIA).dm[-1].buttons
    refused = sv("Only those who look after it can do that.")
    commands, maria, case = commands_of(staffed), known(staffed, MARIA), case_of(staffed)
    step = {"case": case, "kind": "kampanj_resultat"}
    assert commands.press(maria, "step", step) == Refuse(refused)
    answers = {"channel": "web", "visits": "1", **APRIL}
    sent = Answered("kampanj_resultat", answers, About(case=case), "forged")
    assert commands.submit(maria, sent) == Refuse(refused)
    assert live(staffed) == []


def test_what_somebody_unconfirmed_begins_waits_for_an_admin(staffed):
    staffed.person(AMIR).types("/bro")
    begins(staffed, ULLA, home="Nora")
    assert everything(staffed) == []
    staffed.person(AMIR).presses(sv("Approve as contact"))
    staffed.settle()
    assert [r.home for r in live(staffed, "kampanj")] == ["1884"]
    # The office looks after it as well.
    reports(staffed, **CONVERTED)
    assert len(live(staffed)) == 1


# --- Whatever people write


@pytest.mark.parametrize("field", ["name", "gender_how", "integration_how", "notes"])
def test_ten_thousand_characters_get_a_sentence_at_their_field(staffed, field):
    typed = {
        "name": NAME,
        "programme": "smart_move",
        "audience": ["students"],
        "initiated_on": "2026-02-10",
        field: "ö" * 10_000,
    }
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN), Answered("kampanj", typed, About(), "long")
    )
    assert isinstance(outcome, Retry)
    (found,) = [each for each in outcome.form.fields if each.error]
    assert (found.name, found.value) == (field, "ö" * 10_000)


def test_nothing_that_people_write_comes_out_as_a_mention(staffed):
    nasty = "<!channel> <@U1> <http://a|b>"
    begins(staffed, name=nasty, notes=nasty)
    karin = staffed.person(KARIN)
    karin.presses(RESULTS)
    karin.fills(channel=WEB, **APRIL, **{**CONVERTED, "counts_as": nasty}, notes=nasty)
    karin.submits()
    staffed.settle()
    drawn = [b for m in karin.dm for b in m.blocks if b["type"] in ("section", "context")]
    assert any("&lt;!channel&gt;" in str(block) for block in drawn)
    for words in (*(m.text for m in karin.dm), *map(str, drawn)):
        assert "<!channel" not in words
        assert "<@U1>" not in words
        assert "<http" not in words


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"channel": "radio"}, "channel"),
        ({"visits": "1" * 40}, "visits"),
        ({"visits": "-1"}, "visits"),
        ({"visits": "1,5"}, "visits"),
        ({"reach": "\u0661"}, "reach"),
        ({"first": "igår"}, "first"),
        ({"spend_sek": "9" * 400}, "spend_sek"),
        ({"counts_as": "x" * 201}, "counts_as"),
        ({"counts_as": "x\x00\x07\ud800"}, None),
    ],
)
def test_whatever_comes_in_figures_is_taken_or_said_at_its_field(staffed, answer, wrong):
    begins(staffed)
    typed = {"channel": "web", "leads": "10", **APRIL, **answer}
    sent = Answered("kampanj_resultat", typed, About(case=case_of(staffed)), "odd")
    outcome = commands_of(staffed).submit(known(staffed, KARIN), sent)
    found = [f.name for f in outcome.form.fields if f.error] if isinstance(outcome, Retry) else []
    assert found == ([wrong] if wrong else [])
    assert len(live(staffed)) == (0 if wrong else 1)


def test_the_one_figure_that_cannot_be_read_is_not_said_to_be_missing(staffed):
    begins(staffed)
    karin = reports(staffed, spend_sek="många")
    assert error(karin, "spend_sek")


def test_a_stage_is_not_changed_into_another(staffed):
    begins(staffed)
    reaches(staffed, "2026-03-01", "2026-04-01")
    karin = staffed.person(KARIN)
    receipt = next(m for m in reversed(karin.dm) if m.text.startswith("Sparat"))
    karin.presses(CHANGE, in_message=receipt)
    karin.fills(stage="create", reached_on="2026-04-02")
    karin.submits()
    assert error(karin, "stage")
    assert sorted(r.part for r in live(staffed, "kampanj_steg")) == ["create", "run"]


def test_a_campaign_is_not_moved_past_what_has_been_told_in_it(staffed):
    begins(staffed)
    reports(staffed, **CONVERTED)
    karin = staffed.person(KARIN)
    karin.types(f"/kampanj {NAME}")
    opening = live(staffed, "kampanj")[0].id
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN),
        Answered(
            "kampanj",
            {
                "name": NAME,
                "programme": "smart_move",
                "audience": ["students"],
                "initiated_on": "2026-05-01",
            },
            About(report=str(opening)),
            "moved",
        ),
    )
    assert isinstance(outcome, Retry)


# --- Several at once, on both databases


DATABASES = map(str, count())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    with postgresql(tmp_path_factory.mktemp("campaigns")) as named:
        yield named


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request, tmp_path: Path, clock) -> Iterator[Town]:
    name = f"town{next(DATABASES)}"
    url = sqlite(tmp_path) if request.param == "sqlite" else request.getfixturevalue("server")(name)
    with Town(url, clock) as running:
        begins(staff(running))
        yield running


def at_once(town: Town, *sent: Answered):
    commands, karin = commands_of(town), known(town, KARIN)
    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(lambda each: commands.submit(karin, each), sent))


def figures(town: Town, key: str, **answers: object) -> Answered:
    typed = {"channel": "web", **APRIL, "visits": "10", **answers}
    return Answered("kampanj_resultat", typed, About(case=case_of(town)), key)


def test_the_same_days_told_twice_at_once_count_once(anywhere):
    outcomes = at_once(anywhere, *(figures(anywhere, f"k{n}", visits=str(n)) for n in (1, 2, 3)))
    assert outcomes == [Done()] * 3
    assert len(live(anywhere)) == 1


def test_of_overlapping_days_told_at_once_one_is_taken(anywhere):
    outcomes = at_once(
        anywhere,
        figures(anywhere, "april"),
        figures(anywhere, "more", last="2026-05-15"),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Done", "Retry"]
    assert len(live(anywhere)) == 1


def test_results_are_typed_in_one_line_after_the_campaigns_name(staffed):
    karin = begins(staffed)
    karin.types("/kampanj resultat Flytta hem linkedin april 1 200 besök")
    fields = karin.modal.fields
    assert (fields["channel"].value, fields["visits"].value) == ("LinkedIn", "1200")
    assert (fields["first"].value, fields["last"].value) == (APRIL["first"], APRIL["last"])
    karin.submits()
    staffed.settle()
    assert "1\u00a0200" in says(staffed, KARIN, f"/kampanj {NAME}")


def test_the_beginning_of_a_campaigns_name_is_enough(staffed):
    karin = begins(staffed)
    karin.types("/kampanj resultat flytta")
    assert karin.modal is not None
    assert karin.modal.fields["channel"].value is None


def test_results_of_a_campaign_that_is_not_found_show_those_that_are_open(staffed):
    karin = begins(staffed)
    karin.types("/kampanj resultat Rymden linkedin")
    assert karin.modal is None
    assert NOT_FOUND in karin.dm[-1].words
    karin.presses(NAME)
    assert karin.modal.fields["channel"].value == "LinkedIn"


def test_whoever_chooses_among_campaigns_gets_the_form_with_what_was_typed(staffed):
    begins(staffed)
    karin = begins(staffed, line="/kampanj Flytta hit, Smart move, studenter, 1 mars")
    karin.types("/kampanj resultat Flytta linkedin april 1 200 besök")
    assert sv("There are several campaigns by that name. Which one?") in karin.dm[-1].words
    karin.presses(NAME)
    fields = karin.modal.fields
    assert (fields["channel"].value, fields["visits"].value) == ("LinkedIn", "1200")
    assert (fields["first"].value, fields["last"].value) == (APRIL["first"], APRIL["last"])
    karin.submits()
    staffed.settle()
    assert "1\u00a0200" in says(staffed, KARIN, f"/kampanj {NAME}")


def test_results_where_there_is_no_campaign_say_so(staffed):
    said = says(staffed, KARIN, "/kampanj resultat Rymden")
    assert said == sv("There are no campaigns yet.")


@pytest.mark.parametrize("typed", ["", " linkedin maj inga leads", " i maj", " 1 200 besök"])
def test_results_without_a_campaigns_name_ask_which_one_it_is(staffed, typed):
    karin = begins(staffed)
    said = says(staffed, KARIN, f"/kampanj resultat{typed}")
    assert said.startswith(WHICH)
    karin.presses(NAME)
    assert karin.modal is not None


def test_only_campaigns_that_somebody_may_report_on_are_offered(staffed):
    begins(staffed)
    maria = begins(staffed, MARIA, line="/kampanj Bo i Kumla, Smart move, studenter, 1 mars")
    for typed in ("linkedin maj 1 200 besök", "Rymden linkedin"):
        says(staffed, MARIA, f"/kampanj resultat {typed}")
        assert maria.dm[-1].buttons == ("Bo i Kumla",)
    maria.presses("Bo i Kumla")
    assert maria.modal.fields["channel"].value == "LinkedIn"


def test_what_is_typed_is_not_taken_for_the_beginning_of_anothers_name(staffed):
    begins(staffed, line="/kampanj LinkedIn-veckan, Smart move, studenter, 1 mars")
    maria = begins(staffed, MARIA, line="/kampanj Bo i Kumla, Smart move, studenter, 1 mars")
    says(staffed, MARIA, "/kampanj resultat linkedin maj 1 200 besök")
    assert maria.dm[-1].buttons == ("Bo i Kumla",)


def test_of_several_by_a_name_the_one_that_somebody_may_report_on_is_meant(staffed):
    begins(staffed)
    maria = begins(staffed, MARIA, line="/kampanj Flytta hit, Smart move, studenter, 1 mars")
    maria.types("/kampanj resultat Flytta linkedin")
    assert maria.modal.fields["channel"].value == "LinkedIn"


@pytest.mark.parametrize("typed", ["Flytta hem", "Rymden", "linkedin maj 1 200 besök", ""])
def test_a_municipality_does_not_report_a_campaigns_results(staffed, typed):
    begins(staffed)
    said = commands_of(staffed).say(known(staffed, MARIA), "kampanj", f"resultat {typed}")
    assert said == Refuse(sv("Results are reported only by those who look after the campaign."))
