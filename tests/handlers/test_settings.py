"""Everybody's own settings: a language, and the municipality that somebody reports for."""

import pytest

from bot.people import Role
from playground.town import AMIR, KARIN, MARIA, ULLA, Town
from tests.talk import known, sv, with_role

APPROVE, REFUSE = sv("Approve as contact"), sv("Refuse")
UNTIL_THEN = "An admin confirms that you work for {home}. Until then you report for {present}."


@pytest.fixture
def pending(town: Town) -> Town:
    """Maria is at Kumla and has asked for Hallsberg; Amir is an admin."""
    town.person(AMIR).types("/bro")
    saves(town)
    saves(town, home="Hallsberg")
    town.settle()
    return town


def saves(town: Town, **fields: str) -> str:
    """What Maria's settings say, once they have been saved."""
    maria = town.person(MARIA)
    maria.types("/bro settings")
    maria.fills(**fields)
    maria.submits()
    words = maria.modal.words
    maria.closes()
    return words


def homes(town: Town) -> tuple[str | None, str | None]:
    maria = known(town, MARIA)
    return maria.home, maria.wanted_home


def asked_of_amir(town: Town, label: str) -> bool:
    town.settle()
    return any(label in message.buttons for message in town.person(AMIR).dm)


def test_settings_change_the_language(town):
    assert saves(town, language=sv("English")) == "Saved.\nLanguage: English\nMunicipality: Kumla"
    maria = town.person(MARIA)
    maria.types("/bro")
    assert "This is what I can do" in maria.dm[-1].words


def test_settings_say_what_was_saved_and_what_an_admin_has_yet_to_confirm(town):
    ulla = town.person(ULLA)
    ulla.types("/bro settings")
    ulla.fills(home="Nora")
    ulla.submits()
    waits = sv("An admin confirms that you work for {home}. You can report already.", home="Nora")
    assert ulla.modal.words == f"Sparat.\nSpråk: Svenska\n{waits}"


def test_whoever_asks_for_another_municipality_hears_which_one_they_report_for_until_then(town):
    saves(town)
    assert sv(UNTIL_THEN, home="Hallsberg", present="Kumla") in saves(town, home="Hallsberg")


def test_the_form_opens_with_what_was_asked_for_and_says_that_it_waits(pending):
    maria = pending.person(MARIA)
    maria.types("/bro settings")
    assert maria.modal.fields["home"].value == "Hallsberg"
    assert sv(UNTIL_THEN, home="Hallsberg", present="Kumla") in maria.modal.words


def test_saving_a_language_leaves_the_request_for_another_municipality_as_it_is(pending):
    said = saves(pending, language=sv("English"))
    assert "Until then you report for Kumla." in said
    assert homes(pending) == ("1881", "1861")
    assert asked_of_amir(pending, APPROVE)


def test_choosing_ones_present_municipality_takes_the_request_back(pending):
    assert sv("Municipality: {home}", home="Kumla") in saves(pending, home="Kumla")
    assert homes(pending) == ("1881", None)
    assert not asked_of_amir(pending, APPROVE)


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        (APPROVE, sv("Approved as a contact.")),
        (sv("Only to report"), sv("Approved only to report.")),
    ],
)
def test_every_admin_sees_what_was_decided_of_a_request(pending, label, outcome):
    karin = pending.person(KARIN)
    karin.types("/bro")
    with_role(pending, KARIN, Role.ADMIN)
    saves(pending, home="Nora")
    pending.settle()
    pending.person(AMIR).presses(label)
    pending.settle()
    for admin in (AMIR, KARIN):
        assert pending.person(admin).dm[-1].words.endswith(f"för Nora. {outcome}")


def test_a_form_that_was_open_while_an_admin_decided_asks_for_nothing_anew(pending):
    maria, amir = pending.person(MARIA), pending.person(AMIR)
    maria.types("/bro settings")
    amir.presses(REFUSE)
    maria.fills(language=sv("English"))
    maria.submits()
    assert homes(pending) == ("1881", None)
    assert known(pending, MARIA).language == "en"


def test_a_form_that_was_open_while_an_admin_moved_somebody_moves_nobody_back(pending):
    maria = pending.person(MARIA)
    saves(pending, home="Kumla")
    maria.types("/bro settings")
    amir = known(pending, AMIR)
    about = {"person": known(pending, MARIA).id}
    pending.desk.people.submit(amir, {"home": "1861", "roles": [Role.CONTACT]}, about)
    maria.fills(language=sv("English"))
    maria.submits()
    assert homes(pending) == ("1861", None)
