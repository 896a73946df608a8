"""Who is waited for: asked for by a leader, and in the digest; and what a municipality has done."""

from datetime import UTC, datetime

import pytest

from playground.town import CHANNEL, KARIN, LARS, MARIA, SARA, Town
from tests.handlers.house import KUMLA, OPEN, SECRET, WORKSHOP, does, peopled, registers
from tests.handlers.test_conversation import says
from tests.talk import sv

DUE = {"due": "22 juni", "names": "Kumla"}
"""Kumla was asked on Friday 12 June; Midsummer's Eve is no working day."""
LATE = sv(
    "{name}: the answer was due {due}, missing from {names}",
    name=f"Etableringsförfrågan {OPEN.title}",
    **DUE,
)
TOOK_PART = "took part in {value} of {target}"


@pytest.fixture
def asked(town: Town) -> Town:
    """Sara has put an open inquiry and a confidential one to Kumla, which says nothing."""
    peopled(town)
    registers(town, SARA, OPEN)
    registers(town, SARA, SECRET, confidential="true")
    return town


def at(town: Town, day: int, hour: int = 12) -> None:
    town.clock.set(datetime(2026, 6, day, hour, tzinfo=UTC))


@pytest.mark.parametrize("word", ["tyst", "TYSTA", "silent"])
def test_a_leader_asks_who_is_waited_for(asked, word):
    at(asked, 23)
    seen = says(asked, LARS, f"/okr {word}")
    assert sv("Waiting for") in seen
    assert "kvartal 1 2026" in seen
    assert LATE in seen


def test_an_answer_is_late_from_the_day_after_it_was_due_until_it_comes(asked):
    at(asked, 22)
    assert LATE not in says(asked, LARS, "/okr tyst")
    at(asked, 23)
    assert LATE in says(asked, LARS, "/okr tyst")
    answers = {"verdict": "yes", "answered_on": "2026-06-23", "proposal": "Tomt 4"}
    does(asked, MARIA, "etablering_svar", answers, case=OPEN.found(asked), home=KUMLA)
    assert LATE not in says(asked, LARS, "/okr tyst")


def test_a_late_answer_in_a_confidential_case_is_not_told_of_even_to_those_in_it(asked):
    at(asked, 23)
    for who in (LARS, KARIN, SARA, MARIA):
        for line in ("/okr tyst", "/okr Kumla"):
            assert SECRET.title not in says(asked, who, line)


def test_the_digest_tells_of_late_answers(asked):
    asked.settle()
    at(asked, 29, 7)
    asked.settle()
    digest = next(m for m in asked.person(LARS).sees(CHANNEL) if "vecka 26" in m.text)
    assert LATE in digest.words
    assert SECRET.title not in digest.words


@pytest.mark.parametrize("name", ["Kumla", "kumlas", "Kumla kommun", "Kumlas kommun"])
def test_a_municipality_is_asked_for_by_its_name(asked, name):
    assert sv("{home} and the plan", home="Kumla") in says(asked, LARS, f"/okr {name}")


def test_a_municipality_shows_what_it_took_part_in_and_what_is_waited_for_from_it(asked):
    does(asked, MARIA, "workshop", WORKSHOP)
    at(asked, 23)
    seen = says(asked, LARS, "/okr Kumla")
    assert f"*S4* Gemensamma workshops: {sv(TOOK_PART, value=1, target=1)}" in seen
    assert "Workshop Exportdag, 2 juni" in seen
    assert LATE in seen
    assert "kvartal 1 2026: skulle ha kommit 9 april, saknas från Kumla" in seen
    other = says(asked, LARS, "/okr Nora")
    assert "Exportdag" not in other
    assert LATE not in other
