"""Finding a case again: by a part of its name, and after its end."""

import pytest

from playground.town import KARIN, MARIA, SARA, Town
from tests.handlers.test_campaigns import begins
from tests.handlers.test_inquiries import NAME, closes, plainly, registers, staff
from tests.talk import sv

THIS, NEW = sv("Do you mean this one?"), sv("No: report a new one")
CLOSED = sv("Closed inquiries")


@pytest.fixture
def office(town: Town) -> Town:
    return staff(town)


def asks(town: Town, words: str, somebody=MARIA):
    person = town.person(somebody)
    person.types(f"/etablering {words}")
    return person


@pytest.mark.parametrize("words", ["falk", "Fal", "projekt f"])
def test_a_part_of_a_name_asks_whether_the_only_case_by_it_is_meant(office, words):
    plainly(office)
    maria = asks(office, words)
    assert THIS in maria.dm[-1].words
    maria.presses(f"{NAME} (Business Region Örebro)")
    assert "Kumla" in maria.dm[-1].words


def test_a_part_of_several_names_asks_which_inquiry_is_meant(office):
    plainly(office)
    registers(office, SARA, line="/etablering Projekt Flod Laxå")
    sara = asks(office, "projekt", SARA)
    assert "Vilken etableringsförfrågan menar du?" in sara.dm[-1].words
    assert sv("None of them: report a new one") in sara.dm[-1].buttons


def test_a_part_of_several_names_asks_which_campaign_is_meant(office):
    for name in ("Vinterljus", "Vinterväg"):
        begins(office, SARA, line=f"/kampanj {name}, Smart move, studenter, 1 mars")
    sara = office.person(SARA)
    sara.types("/kampanj vinter")
    assert "Vilken kampanj menar du?" in sara.dm[-1].words


def test_it_may_be_a_new_one_all_the_same_and_what_was_typed_is_kept(office):
    plainly(office)
    maria = asks(office, "falk")
    maria.presses(NEW)
    assert maria.modal is not None
    assert maria.modal.fields["code_name"].value == "falk"


@pytest.mark.parametrize("words", ["fa", "alk", "Projekt Falk 2", "Projekt Örn 15 ha Kumla"])
def test_what_is_no_part_of_a_name_begins_a_report(office, words):
    plainly(office)
    assert asks(office, words).modal is not None


def test_a_confidential_case_is_not_found_by_whoever_may_not_know_of_it(office):
    registers(office, SARA, line="/etablering Projekt Falk Hallsberg sekretess")
    assert asks(office, "falk").modal is not None
    assert THIS in asks(office, "falk", SARA).dm[-1].words


@pytest.mark.parametrize("words", ["avslutade", "Stängda", "closed"])
def test_closed_inquiries_are_listed_with_how_they_ended(office, words):
    plainly(office)
    closes(office, KARIN)
    said = asks(office, words).dm[-1].words
    assert CLOSED in said
    assert f"*{NAME}*\nLandad · 12 juni 2026" in said
    assert sv("There are no open inquiries.") in asks(office, "lista").dm[-1].words


def test_the_list_of_open_ones_leads_to_the_closed_ones(office):
    maria = asks(office, "lista")
    maria.presses(CLOSED)
    assert sv("No inquiry has been closed yet.") in maria.dm[-1].words
