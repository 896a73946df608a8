"""What a municipality has answered by phone, recorded for it by the office."""

import pytest

from bot.outcomes import Done, Retry
from bot.people import Role
from handlers.commands import About, Answered
from playground.town import JOHAN, KARIN, MARIA, SARA, Town
from tests.handlers.test_inquiries import NAME, plainly, staff
from tests.talk import commands_of, known, sv, with_role

ANSWER_FOR = sv("Answer for a municipality")
ASKERSUND, LAXA = "1882", "1860"
NO = {"verdict": "no", "reason": "Ingen ledig mark."}


@pytest.fixture
def office(town: Town) -> Town:
    """Karin coordinates, and has asked Kumla, Hallsberg and Askersund."""
    staff(town)
    with_role(town, KARIN, Role.COORDINATOR)
    plainly(town)
    return town


def case_of(town: Town) -> str:
    live = town.desk.setup.ledger.read(lambda books: books.reports.live_of(("etablering",)))
    return live[0].case


def records(town: Town, **fields: object) -> None:
    karin = town.person(KARIN)
    karin.types(f"/etablering {NAME}")
    karin.presses(ANSWER_FOR)
    karin.fills(**{"for": "Askersund", **NO, **fields})
    karin.submits()
    town.settle()


def forged(town: Town, home: str, key: str = "1"):
    about = About({"case": case_of(town), "for": f"{ASKERSUND} {LAXA}"})
    answers = {**NO, "for": home, "answered_on": "2026-06-12"}
    return commands_of(town).submit(
        known(town, KARIN), Answered("etablering_svar", answers, about, key)
    )


def test_the_office_records_an_answer_and_it_is_the_municipalitys(office):
    records(office)
    page = office.person(SARA)
    page.types(f"/etablering {NAME}")
    said = page.dm[-1].words
    assert "✔ *Askersund* – bekräftade 12 juni; svarade nej 12 juni" in said
    assert "Askersund – Svar: nej · Skäl: Ingen ledig mark." in said


def test_only_those_who_have_not_answered_can_be_chosen(office):
    records(office)
    karin = office.person(KARIN)
    karin.types(f"/etablering {NAME}")
    karin.presses(ANSWER_FOR)
    assert karin.modal is not None
    assert karin.modal.fields["for"].options == ("Hallsberg", "Kumla")


def test_an_answer_that_came_in_the_meantime_is_not_replaced(office):
    assert forged(office, ASKERSUND) == Done()
    again = forged(office, ASKERSUND, key="2")
    assert isinstance(again, Retry)
    assert sv("Choose one that has been asked and has not answered.") in str(again)


def test_nobody_who_was_not_asked_is_answered_for(office):
    assert isinstance(forged(office, LAXA), Retry)


def test_the_municipality_can_complete_it_and_the_office_correct_its_own_slip(office):
    records(office, **{"for": "Kumla"})
    karin = office.person(KARIN)
    karin.presses(sv("Change"), karin.dm[-1])
    karin.fills(reason="Ingen ledig mark i år.")
    karin.submits()
    office.settle()
    maria = office.person(MARIA)
    maria.types(f"/etablering {NAME}")
    maria.presses(sv("Complete the answer"))
    assert maria.modal is not None
    assert maria.modal.fields["reason"].value == "Ingen ledig mark i år."


def test_it_stands_in_the_audit_trail(office):
    records(office)
    entries = office.desk.trail.export()
    [entry] = [each for each in entries if each["action"] == "answered_for_other"]
    assert entry["actor_name"] == "Karin Exempel"
    assert entry["details"] == {"home": ASKERSUND}


def test_whoever_does_not_coordinate_has_no_such_button(office):
    for somebody in (SARA, JOHAN):
        person = office.person(somebody)
        person.types(f"/etablering {NAME}")
        assert ANSWER_FOR not in person.dm[-1].buttons
