"""The front of a case: what it is called, who is in it, and whom it may be named to."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cover import Bindery
from bot.ledger.recorded import Ended, Ending
from bot.people import Person, Role
from bot.reports import kinds
from tests.bot.examples import report
from tests.bot.test_inquiries import ASKED, acknowledged, opened

KUMLA, NORA, OFFICE = "1881", "1884", "bro"
MOMENT = datetime(2026, 3, 12, 9, tzinfo=UTC)
WITHDRAWN = Ending(Ended.WITHDRAWN, MOMENT, "U1", "")
SUPERSEDED = Ending(Ended.SUPERSEDED, MOMENT, "U1", "")
FALCON = {
    "code_name": "Projekt Falk",
    "asked": [KUMLA],
    "received_on": "2026-03-10",
    "asked_since": {KUMLA: "2026-03-10"},
}
SECRET = FALCON | {"confidential": True, "leaders": ["leader"]}


def bindery(*, admins_may_know=False):
    return Bindery(kinds(), OFFICE, admins_may_know)


def inquiry(id_=1, *, reporter="owner", home=OFFICE, ending=None, **answers):
    told = report(id_, ASKED, kind="etablering", case="x", **FALCON | answers)
    return replace(told, reporter=reporter, home=home, ending=ending)


def cover(*reports, admins_may_know=False):
    return bindery(admins_may_know=admins_may_know).cover("x", reports)


def person(id_="somebody", home: str | None = NORA, *roles: Role):
    return Person(
        id_, id_.capitalize(), f"{id_}@example.se", home, None, frozenset(roles), "sv", MOMENT
    )


OWNER = person("owner", OFFICE)
CONTACT = person("contact", KUMLA, Role.CONTACT)
DEPUTY = person("deputy", KUMLA, Role.DEPUTY)
LEADER = person("leader", OFFICE, Role.LEADERSHIP)
ADMIN = person("admin", OFFICE, Role.ADMIN)
OUTSIDERS = {
    "somebody of the municipality asked": person("colleague", KUMLA),
    "a leader of the municipality asked": person("chief", KUMLA, Role.LEADERSHIP),
    "another municipality's contact": person("neighbour", NORA, Role.CONTACT, Role.DEPUTY),
    "a leader who is not named": person("director", OFFICE, Role.LEADERSHIP),
    "the named person, no leader any longer": person("leader", OFFICE),
    "the coordinator": person("coordinator", OFFICE, Role.COORDINATOR),
    "the office's contact": person("officer", OFFICE, Role.CONTACT),
    "somebody whose home is not confirmed": person("new", None, Role.CONTACT),
}


# --- Who is in it


@pytest.mark.parametrize("who", [OWNER, CONTACT, DEPUTY, LEADER], ids=lambda who: who.id)
def test_in_a_case_are_its_owner_the_contacts_asked_and_the_leaders_named(who):
    secret = cover(inquiry(**SECRET))
    assert secret.has_inside(who)
    assert secret.is_known_to(who)


@pytest.mark.parametrize("who", [*OUTSIDERS.values(), ADMIN], ids=[*OUTSIDERS, "an admin"])
def test_nobody_else_is_and_a_confidential_case_is_not_named_to_them(who):
    secret = cover(inquiry(**SECRET))
    assert not secret.has_inside(who)
    assert not secret.is_known_to(who)


@pytest.mark.parametrize("who", [*OUTSIDERS.values(), ADMIN], ids=[*OUTSIDERS, "an admin"])
def test_an_open_case_is_named_to_everybody_and_yet_only_some_are_in_it(who):
    open_case = cover(inquiry(**SECRET | {"confidential": False}, company="Nya Bolaget AB"))
    assert open_case.is_known_to(who)
    assert open_case.is_known_to(None)
    assert not open_case.has_inside(who)
    assert open_case.secrecy.restricted


def test_a_confidential_case_is_never_named_to_everybody():
    assert not cover(inquiry(**SECRET)).is_known_to(None)


def test_admins_may_know_only_where_the_plan_says_so():
    assert cover(inquiry(**SECRET), admins_may_know=True).has_inside(ADMIN)
    assert not cover(inquiry(**SECRET)).has_inside(ADMIN)


@pytest.mark.parametrize("who", OUTSIDERS.values(), ids=OUTSIDERS)
def test_what_admins_may_know_nobody_else_gets_to_know(who):
    assert not cover(inquiry(**SECRET), admins_may_know=True).is_known_to(who)


roles = st.frozensets(st.sampled_from(Role))


@given(roles, st.sampled_from([KUMLA, NORA, OFFICE, None]), st.booleans(), st.booleans())
def test_who_is_in_a_case_is_always_told_of_it(held, home, confidential, admins):
    made = cover(inquiry(**SECRET | {"confidential": confidential}), admins_may_know=admins)
    who = replace(person("x", home), roles=held)
    assert made.is_known_to(who) or not made.has_inside(who)
    assert made.is_known_to(who) or confidential


# --- What stands on it


def test_it_has_the_name_the_kind_and_those_who_look_after_the_case():
    made = cover(inquiry(home=NORA), acknowledged(2, ASKED))
    assert (made.case, made.kind, made.headline) == ("x", "etablering", "Projekt Falk")
    assert (made.reporter, made.home, made.is_live) == ("owner", NORA, True)
    assert made.followers == {NORA, OFFICE}


def test_every_other_kind_of_report_is_an_open_case_of_its_own():
    held = report(1, ASKED, KUMLA, case="x", title="Exportdag", held_on="2026-03-10")
    held = replace(held, answers={**held.answers, "members": [KUMLA], "theme": "service"})
    made = cover(held)
    assert (made.headline, made.confidential, made.is_live) == ("Exportdag", False, True)
    assert made.followers == {KUMLA, OFFICE}


def test_of_several_the_one_told_first_is_on_the_front():
    first, second = inquiry(1), inquiry(2, code_name="Projekt Uggla")
    assert cover(second, first).headline == "Projekt Falk"
    corrected = replace(inquiry(3, code_name="Projekt Hök"), supersedes=1, origin=1)
    replaced = replace(first, ending=SUPERSEDED)
    assert cover(replaced, second, corrected).headline == "Projekt Hök"


@pytest.mark.parametrize("confidential", [False, True])
def test_a_case_is_as_secret_as_it_has_been_corrected_to_be(confidential):
    before = inquiry(1, **SECRET | {"confidential": not confidential}, ending=SUPERSEDED)
    now = replace(inquiry(2, **SECRET | {"confidential": confidential}), supersedes=1, origin=1)
    made = cover(before, now)
    assert (made.confidential, made.is_live) == (confidential, True)
    assert made.is_known_to(None) is not confidential


def test_who_is_no_longer_asked_is_no_longer_in_it():
    before = inquiry(1, **SECRET, ending=SUPERSEDED)
    now = replace(inquiry(2, **SECRET | {"asked": [NORA]}), supersedes=1, origin=1)
    made = cover(before, now)
    assert not made.is_known_to(CONTACT)
    assert made.is_known_to(OUTSIDERS["another municipality's contact"])


def test_a_case_whose_opening_was_withdrawn_stays_as_secret_as_it_was():
    gone = cover(inquiry(**SECRET, ending=WITHDRAWN))
    assert (gone.is_live, gone.confidential, gone.headline) == (False, True, "Projekt Falk")
    assert gone.is_known_to(OWNER)
    assert not gone.is_known_to(ADMIN)


def test_of_those_withdrawn_the_last_is_on_the_front():
    before = inquiry(1, ending=SUPERSEDED)
    last = replace(inquiry(2, **SECRET), supersedes=1, origin=1, ending=WITHDRAWN)
    assert cover(before, last).confidential


# --- What cannot be read

UNREADABLE = [{"code_name": None}, {"asked": []}, {"confidential": "perhaps"}, {"colour": "red"}]


@pytest.mark.parametrize("wrong", UNREADABLE, ids=str)
@pytest.mark.parametrize("admins_may_know", [False, True])
def test_where_nobody_can_tell_whether_it_was_confidential_it_is(wrong, admins_may_know):
    sealed = cover(inquiry(**wrong), admins_may_know=admins_may_know)
    assert (sealed.confidential, sealed.is_live) == (True, False)
    assert (sealed.headline, sealed.followers) == ("", frozenset())
    assert sealed.is_known_to(OWNER)
    for who in (CONTACT, DEPUTY, LEADER, ADMIN, None):
        assert not sealed.is_known_to(who)


def test_what_can_never_be_confidential_is_not_even_when_it_cannot_be_read():
    sealed = cover(report(1, ASKED, KUMLA, case="x", title=""))
    assert (sealed.confidential, sealed.headline, sealed.is_live) == (False, "", False)


def test_a_case_of_which_nothing_is_known_has_no_name_and_nobody_in_it():
    for told in ([], [acknowledged(1, ASKED)], [replace(opened(), kind="gone")]):
        sealed = cover(*told)
        assert (sealed.kind, sealed.headline, sealed.reporter) == ("", "", "")
        assert not any(sealed.has_inside(who) for who in (OWNER, CONTACT, LEADER, ADMIN))
