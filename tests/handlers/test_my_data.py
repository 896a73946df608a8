"""Everybody sees all that is kept about them, and nothing that they may not know."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.__main__ import main
from bot.ledger.audit import Act
from bot.outcomes import Done, Outcome, Show
from bot.pages import Button, Buttons, Page
from bot.people import Role
from handlers.commands import Commands
from playground.town import AMIR, EVA, KARIN, MARIA, SARA, ULLA, Somebody, Town
from tests.handlers import test_rights as tables
from tests.handlers.house import (
    CORRECTED,
    HALLSBERG,
    KUMLA,
    NORA,
    OPEN,
    OTHER,
    REMINDER,
    SAVE,
    SECRET,
    TITLE,
    WORKSHOP,
    does,
)
from tests.talk import commands_of, known, sv, with_role

house, town = tables.house, tables.town  # the same state before each test


def leaves(town: Town, who: Somebody, verb: str = "mina uppgifter") -> Iterator[Page]:
    """Every page of somebody's extract, as they leaf through it."""
    commands, page = commands_of(town), shown(says(town, who, verb))
    yield page
    while further := onward(page):
        page = shown(commands.press(known(town, who), further.verb, further.about))
        yield page


def says(town: Town, who: Somebody, words: str) -> Outcome:
    return Commands(town.desk).say(known(town, who), "bro", words)


def shown(outcome: Outcome) -> Page:
    page = getattr(outcome, "page", None)
    assert isinstance(page, Page)
    return page


def onward(page: Page) -> Button | None:
    buttons = (b for part in page.parts if isinstance(part, Buttons) for b in part.buttons)
    return next((b for b in buttons if b.label in (sv("Next page"), "Next page")), None)


def told(town: Town, who: Somebody) -> str:
    return "\n".join(str(page) for page in leaves(town, who))


def test_it_says_who_somebody_is_and_what_they_have_reported(town):
    maria = known(town, MARIA)
    extract = told(town, MARIA)
    for kept in (maria.name, maria.email, maria.id, "Kumla", sv("contact"), TITLE):
        assert kept in extract


def test_a_report_that_was_changed_or_withdrawn_is_in_it_as_it_was_told(town):
    changed = {**WORKSHOP, "title": "Ändrad dag"}
    assert does(town, MARIA, "workshop", changed, report="1") == Done()
    latest = max(
        r.id for r in town.desk.setup.ledger.read(lambda b: b.reports.live_of(["workshop"]))
    )
    assert does(town, MARIA, "withdraw", {"why": "Blev inte av"}, report=str(latest)) == Done()
    extract = told(town, MARIA)
    assert TITLE in extract
    assert "Ändrad dag" in extract
    assert "Blev inte av" in extract


def test_a_report_that_waits_for_an_admin_is_in_it(town):
    waiting = {**OTHER, "home": NORA}
    assert does(town, ULLA, "workshop", waiting) == Done()
    assert str(OTHER["title"]) in told(town, ULLA)
    assert sv("Reports that wait for an admin") in told(town, ULLA)


def test_reminders_messages_and_the_trail_are_in_it(town):
    extract = told(town, AMIR)
    assert str(REMINDER["say"]) in extract
    assert sv("That a reminder is saved") in extract
    assert sv("reminder made") in extract
    assert sv("Receipt") in told(town, MARIA)


def test_what_somebody_did_to_anothers_report_is_in_the_extract_of_both(town):
    assert does(town, AMIR, "withdraw", {"why": "Dubblett"}, report="1") == Done()
    assert TITLE in told(town, AMIR)
    assert sv("somebody else's report withdrawn") in told(town, AMIR)
    assert "Dubblett" in told(town, MARIA)


def test_a_case_in_which_somebody_is_named_is_in_it(town):
    assert SECRET.title in told(town, KARIN)
    assert OPEN.title in told(town, KARIN)


def test_a_confidential_case_that_they_may_no_longer_know_of_is_counted_and_not_named(town):
    reads(town, MARIA)
    assert does(town, SARA, "etablering_steg", *STEP, case=SECRET.found(town)) == Done()
    sara, maria = known(town, SARA), known(town, MARIA)
    assert SECRET.title in told(town, MARIA)
    assert SECRET.title in told(town, SARA)
    saves(town, replace(maria, roles=maria.roles - {Role.CONTACT}))
    extract = told(town, MARIA)
    assert SECRET.title not in extract
    assert SECRET.found(town) not in extract
    assert "får läsa" in extract  # how many there are is said
    assert sara.name not in extract


STEP = ({"stage": "visit", "reached_on": "2026-06-17"},)


def reads(town: Town, who: Somebody) -> None:
    case = {"case": SECRET.found(town)}
    assert isinstance(commands_of(town).press(known(town, who), "case", case), Show)


def saves(town: Town, person) -> None:
    town.desk.setup.ledger.write(lambda books: books.people.save(person))


def test_nobody_elses_data_are_in_it(town):
    extract = told(town, EVA)
    for other in (MARIA, SARA, AMIR):
        assert known(town, other).email not in extract
        assert known(town, other).id not in extract


def test_a_long_extract_is_parted_into_pages_that_hold_all_of_it(town):
    for number in range(60):
        many = {**WORKSHOP, "title": f"Träff nummer {number:03}", "held_on": "2026-03-02"}
        assert does(town, MARIA, "workshop", {**many, "same_as": "new"}) == Done()
    pages = [str(page) for page in leaves(town, MARIA)]
    assert len(pages) > 1
    assert all(len(page) < 25_000 for page in pages)
    assert all(f"Träff nummer {number:03}" in "".join(pages) for number in range(60))


def test_in_english_it_is_all_english(town):
    saved = does(town, MARIA, "settings", {"language": "en", "home": KUMLA})
    assert isinstance(saved, Show)
    assert saved.page.summary == "Saved."
    (page, *_) = leaves(town, MARIA, "my data")
    assert page.summary == "What is kept about you"
    assert sv("Name: {name}", name="") not in str(page)


@pytest.mark.parametrize(
    "words", ["mina uppgifter", "Mina  Uppgifter", "mina-uppgifter", "my data"]
)
def test_it_is_asked_for_in_these_words(town, words):
    assert shown(says(town, MARIA, words)).summary == sv("What is kept about you")


def test_bro_mina_is_still_the_reports(town):
    assert shown(says(town, MARIA, "mina")).summary != sv("What is kept about you")


# --- For a request for access by somebody who has left


@pytest.fixture
def console(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", town.database_url)


@pytest.mark.usefixtures("console")
def test_the_command_line_hands_it_out_and_notes_that_it_did(town, capsys):
    maria = known(town, MARIA)
    assert main(["extract", maria.email]) == 0
    printed = capsys.readouterr().out
    for kept in (maria.name, maria.id, TITLE):
        assert kept in printed
    entry = town.desk.setup.ledger.read(lambda books: books.audit.head())
    alias = town.desk.setup.ledger.read(lambda books: books.aliases.known(maria.id))
    assert (entry.action, entry.subject) == (Act.EXTRACTED, f"person:{alias}")


@pytest.mark.usefixtures("console")
def test_for_machines_it_is_json_with_the_same_in_it(town, capsys):
    maria = known(town, MARIA)
    assert main(["extract", maria.id.removeprefix("slack:"), "--json"]) == 0
    pieces = json.loads(capsys.readouterr().out)
    words = " ".join(word for piece in pieces for word in piece["words"])
    assert maria.email in words
    assert TITLE in words


@pytest.mark.usefixtures("console")
def test_somebody_unknown_is_said_so(capsys):
    assert main(["extract", "ingen@example.se"]) == 1
    assert "ingen@example.se" in capsys.readouterr().err


# --- The audit trail of the desk


@pytest.mark.parametrize(
    ("act", "does_it"),
    [
        (
            Act.PERSON_CHANGED,
            lambda t: does(
                t, AMIR, "person", {"home": NORA, "roles": ["admin"]}, person=id_(t, ULLA)
            ),
        ),
        (
            Act.HOME_CONFIRMED,
            lambda t: press(t, AMIR, "approve", person=id_(t, ULLA), home=NORA),
        ),
        (Act.HOME_REFUSED, lambda t: press(t, AMIR, "refuse", person=id_(t, ULLA), home=NORA)),
        (Act.REMINDER_MADE, lambda t: does(t, AMIR, "reminder_save", {}, **SAVE)),
        (Act.REMINDER_CHANGED, lambda t: does(t, AMIR, "reminder_save", {}, **SAVE, reminder="1")),
        (Act.REMINDER_TURNED, lambda t: press(t, AMIR, "pause", reminder="1")),
        (Act.CORRECTED_FOR_OTHER, lambda t: does(t, AMIR, "workshop", CORRECTED, report="1")),
        (Act.WITHDRAWN_FOR_OTHER, lambda t: does(t, AMIR, "withdraw", {}, report="1")),
        (Act.CONFIDENTIALITY_SET, lambda t: marks(t, OPEN, "true")),
        (Act.CONFIDENTIALITY_LIFTED, lambda t: marks(t, SECRET, "")),
    ],
)
def test_what_is_done_with_power_over_others_is_noted_with_who_did_it(town, act, does_it):
    does_it(town)
    read = town.desk.setup.ledger.read
    entry = read(lambda books: books.audit.latest(act))
    who = SARA if act in (Act.CONFIDENTIALITY_SET, Act.CONFIDENTIALITY_LIFTED) else AMIR
    assert entry.actor == read(lambda books: books.aliases.known(known(town, who).id))
    assert town.desk.trail.verdict().fault == ""


def test_ones_own_reports_and_settings_are_not_noted(town):
    before = town.desk.trail.verdict().count
    assert does(town, MARIA, "workshop", CORRECTED, report="1") == Done()
    saved = does(town, MARIA, "settings", {"language": "en", "home": KUMLA})
    assert isinstance(saved, Show)
    assert saved.page.summary == "Saved."
    assert town.desk.trail.verdict().count == before


def test_no_entry_holds_what_somebody_wrote(town):
    with_role(town, ULLA, Role.CONTACT)
    marks(town, OPEN, "true")
    does(town, AMIR, "withdraw", {"why": "Hemligt skäl"}, report="1")
    does(town, AMIR, "person", {"home": HALLSBERG, "roles": []}, person=id_(town, ULLA))
    told = str([{**e, "actor_name": "", "subject_name": ""} for e in town.desk.trail.export()])
    for written in ("Hemligt skäl", OPEN.title, TITLE, "Exempel", "slack:U"):
        assert written not in told


def id_(town: Town, who: Somebody) -> str:
    return known(town, who).id


def press(town: Town, who: Somebody, verb: str, **about: str) -> Outcome:
    return commands_of(town).press(known(town, who), verb, about)


def marks(town: Town, case, confidential: str) -> Outcome:
    """Sara changes whether a case is confidential."""
    opening = replace(case, kind="etablering").found(town)
    answers = {
        **tables.INQUIRY,
        "code_name": case.title,
        "leaders": [id_(town, KARIN)],
        "confidential": confidential,
    }
    return does(town, SARA, "etablering", answers, report=opening)


@pytest.mark.usefixtures("console")
def test_the_command_line_verifies_and_prints_the_trail(town, capsys):
    assert main(["audit", "export"]) == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert known(town, MARIA).name in {entry["actor_name"] for entry in entries}
    assert main(["audit", "verify", "--head", entries[0]["hash"]]) == 0
    assert entries[-1]["hash"] in capsys.readouterr().out
    assert main(["audit", "verify", "--head", "0" * 64]) == 1
