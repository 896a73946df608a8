"""A campaign's figures in one line, and what its form has understood of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.campaign_results import called, is_about_results
from bot.language import language
from bot.reports.kampanj_resultat import CampaignResult
from bot.result_line import read_result
from bot.typed_line import LineContext

TODAY = date(2026, 6, 10)
NAMES = {"a": "Hitta hem", "b": "Hitta hem, hösten", "c": "Smart start", "d": "Smart flytt"}


def understood(line: str) -> dict[str, object]:
    context = LineContext(TODAY, (), date(2026, 1, 1))
    return read_result(line, CampaignResult.fields(), context, language("sv").t)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("maj", "2026-05-01", "2026-05-31"),
        ("i maj", "2026-05-01", "2026-05-31"),
        ("maj 2026", "2026-05-01", "2026-05-31"),
        ("juni", "2026-06-01", "2026-06-10"),
        ("december", "2025-12-01", "2025-12-31"),
        ("1-15 maj", "2026-05-01", "2026-05-15"),
        ("1 - 15 maj", "2026-05-01", "2026-05-15"),
        ("1 maj - 20 maj", "2026-05-01", "2026-05-20"),
        ("från 1/5 till 20/5", "2026-05-01", "2026-05-20"),
        ("v 20", "2026-05-11", "2026-05-17"),
        ("vecka 51", "2025-12-15", "2025-12-21"),
        ("april till maj", "2026-04-01", "2026-05-31"),
        ("april och maj", "2026-04-01", "2026-05-31"),
        ("dec 2025 - jan 2026", "2025-12-01", "2026-01-31"),
        ("den 1 till den 15 maj", "2026-05-01", "2026-05-15"),
        ("3 maj", "2026-05-03", "2026-05-03"),
        ("den 3/5", "2026-05-03", "2026-05-03"),
        ("260503", "2026-05-03", "2026-05-03"),
        ("igår", "2026-06-09", "2026-06-09"),
    ],
)
def test_the_days_that_figures_are_for_are_understood(said, first, last):
    expected = {"channel": "linkedin", "first": first, "last": last, "visits": "1200"}
    assert understood(f"linkedin {said} 1 200 besök") == expected
    assert understood(f"1200 besök, linkedin, {said}") == expected


@pytest.mark.parametrize(
    "said",
    [
        *("juli 2026", "15-1 maj", "1-40 maj", "v 60"),
        *("15 maj-5 juni", "1 jan-31 mars", "v 18 till 20", "v 18 och 19", "april till juli"),
    ],
)
def test_what_is_no_stretch_of_days_that_has_begun_is_left(said):
    assert "last" not in understood(f"linkedin {said}")


@pytest.mark.parametrize(
    "said",
    [
        *("från 3 maj", "från och med 3 maj", "fr.o.m. 3 maj", "sedan 3 maj", "efter 3 maj"),
        *("till 3 maj", "t.o.m. 3 maj", "första dag: 3 maj", "3 maj 2027"),
    ],
)
def test_a_day_that_opens_or_ends_a_stretch_is_not_its_last_day(said):
    assert "last" not in understood(f"linkedin {said} 80 besök")


def test_a_number_of_six_digits_with_its_unit_is_no_day():
    reached = {"channel": "event", "reach": "250612"}
    assert understood("mässa räckvidd 250612") == reached
    assert understood("mässa 250612 nådda") == reached


def test_all_figures_can_be_typed_in_one_line():
    assert understood(
        "facebook maj 12 000 visningar 1200 besök 30 leads 24 konverteringar 25 000 kr"
    ) == {
        "channel": "meta",
        "first": "2026-05-01",
        "last": "2026-05-31",
        "impressions": "12000",
        "visits": "1200",
        "leads": "30",
        "conversions": "24",
        "spend_sek": "25000",
    }


@pytest.mark.parametrize("none", ["ingen räckvidd", "no reach", "utan leads"])
def test_of_what_there_is_none_the_next_number_tells_nothing(none):
    read = understood(f"linkedin, {none} 300 besök")
    assert (read["visits"], read["notes"]) == ("300", none)
    assert not {"reach", "leads"} & read.keys()


@pytest.mark.parametrize("none", ["inga leads", "noll leads", "0 leads", "zero leads"])
def test_what_there_was_none_of_is_nought(none):
    read = understood(f"linkedin maj {none} 300 besök inga konverteringar")
    assert (read["leads"], read["visits"], read["conversions"]) == ("0", "300", "0")
    assert "notes" not in read


def test_what_is_not_understood_is_noted():
    assert understood("linkedin maj 1200 besök bättre än väntat")["notes"] == "bättre än väntat"


@pytest.mark.parametrize(
    ("said", "cases", "rest"),
    [
        ("Hitta hem linkedin maj", ("a",), "linkedin maj"),
        ("hitta hem hösten linkedin", ("b",), "linkedin"),
        ("Hitta hem, hösten, linkedin", ("b",), "linkedin"),
        ("Hitta hem kostnad 12,5 tkr, 300 besök", ("a",), "kostnad 12,5 tkr, 300 besök"),
        ("Hitta", ("a", "b"), ""),
        ("Smart s linkedin", ("c",), "linkedin"),
        ("Smart linkedin", ("c", "d"), "linkedin"),
        ("Rymden linkedin", (), "Rymden linkedin"),
        ("", (), ""),
    ],
)
def test_a_campaign_is_known_by_its_name_or_the_beginning_of_it(said, cases, rest):
    assert called(NAMES, said) == (cases, rest)


@pytest.mark.parametrize(
    ("kind", "words", "about"),
    [
        ("kampanj", "resultat Hitta hem", True),
        ("kampanj", "Resultat", True),
        ("kampanj", "Hitta hem", False),
        ("kampanj", "", False),
        ("etablering", "resultat", False),
    ],
)
def test_results_are_asked_for_by_the_first_word(kind, words, about):
    assert is_about_results(kind, words) is about


PIECES = st.sampled_from(
    ["1", "31", "-", "till", "maj", "juni", "2026", "v", "20", "1-15", "linkedin", "besök", "kr"]
)


@given(st.lists(PIECES).map(" ".join) | st.text())
def test_whatever_is_typed_a_stretch_has_begun_and_does_not_lie_ahead(line):
    read = understood(line)
    if "last" in read and "first" in read:
        assert date.fromisoformat(str(read["last"])) <= TODAY
