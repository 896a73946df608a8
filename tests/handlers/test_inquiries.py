"""Establishment inquiries as people live through them: from the typed line to what became of it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.language import language
from bot.ledger.recorded import Ended, Recorded
from bot.outcomes import Done, Refuse, Replace, Retry
from bot.people import Role
from bot.say.asked import NOT_ASKED as NO_LONGER
from handlers.commands import About, Answered
from playground.town import AMIR, ANDERS, JOHAN, KARIN, LARS, MARIA, SARA, ULLA, Somebody, Town
from schedules.inquiries import inquiries_if_due
from tests.databases import postgresql, sqlite
from tests.talk import commands_of, known, sv, with_role

ZONE = ZoneInfo("Europe/Stockholm")
NAME = "Projekt Falk"
LINE = (
    "/etablering Projekt Falk 15 ha 40 mkr svar senast 3 december Kumla, Hallsberg, Askersund "
    "sekretess"
)
KUMLA = "1881"
ANSWER, COMPLETE = sv("Answer"), sv("Complete the answer")
ACKNOWLEDGE, NEW_STAGE, LANDED, LOST = map(sv, ("Acknowledge", "New stage", "Landed", "Lost"))
CHANGE, UNDO = sv("Change"), sv("Undo")
CLOSED = sv("The case has been closed in the meantime. Open it to see how it ended.")
NO_CASE = sv("There is no such case, or it is not yours to read.")
NOT_ASKED = sv("Your municipality has not been asked. Only contacts of those asked can answer.")
YES_IT_IS = sv("Yes, it is right")


@pytest.fixture
def staffed(town: Town) -> Town:
    return staff(town)


def staff(town: Town) -> Town:
    """Contacts in Kumla, Hallsberg, Askersund and Örebro; Karin is at the office."""
    for somebody in (MARIA, JOHAN, ANDERS, SARA, KARIN):
        settles_in(town, somebody)
    town.settle()
    return town


def settles_in(town: Town, somebody: Somebody, **fields: str) -> None:
    person = town.person(somebody)
    person.types("/bro settings")
    person.fills(**fields)
    person.submits()
    person.closes()


def joins_kumla(town: Town, somebody: Somebody = ULLA) -> None:
    """A second contact in Kumla, whom an admin lets in."""
    settles_in(town, AMIR)
    settles_in(town, somebody, home="Kumla")
    town.settle()
    town.person(AMIR).presses(sv("Approve as contact"))
    town.settle()


def at(town: Town, day: str, hour: int = 9) -> None:
    town.clock.set(datetime.combine(date.fromisoformat(day), time(hour), tzinfo=ZONE))
    town.settle()


def registers(town: Town, somebody: Somebody = KARIN, line: str = LINE, **fields: object):
    person = town.person(somebody)
    person.types(line)
    person.fills(**{"source": "Konsult", **fields})
    person.submits()
    town.settle()
    return person


def plainly(town: Town, **fields: object):
    """Without confidentiality, and by the plan's number of days."""
    return registers(town, line="/etablering Projekt Falk Kumla, Hallsberg, Askersund", **fields)


def does(town: Town, somebody: Somebody, label: str, **fields: object):
    """Press, fill in, submit."""
    person = town.person(somebody)
    person.presses(label)
    person.fills(**fields)
    person.submits()
    town.settle()
    return person


def answers(town: Town, somebody: Somebody, **fields: object):
    saying_yes = {"verdict": "yes", "proposal": "Kvarntorp, 15 ha"}
    return does(town, somebody, ANSWER, **(fields or saying_yes))


def closes(town: Town, somebody: Somebody = KARIN, **fields: object):
    decided = {"municipality": "Askersund", "investment_sek": "40 mkr", "area": "Industri"}
    return does(town, somebody, LANDED, **{**decided, **fields})


def asked(town: Town, somebody: Somebody, home: str, name: str = NAME):
    """The message with the question, as it says by now; None if none came."""
    said = sv("An inquiry to {home}: {name}", home=home, name=name)
    return next((m for m in town.person(somebody).dm if said in m.words), None)


def overview(town: Town, somebody: Somebody = KARIN) -> str:
    """What the message that keeps itself current says of the case."""
    heading = sv("Municipalities asked")
    shown = [m for m in town.person(somebody).dm if heading in m.words and not m.ephemeral]
    assert len(shown) == 1
    return shown[0].words


def row(words: str, home: str) -> str:
    (found,) = [line for line in words.splitlines() if f"*{home}* –" in line]
    return found


def says(town: Town, somebody: Somebody, line: str) -> str:
    person = town.person(somebody)
    person.types(line)
    return person.dm[-1].words


def everything(town: Town) -> list[Recorded]:
    now = [town.desk.setup.ledger.read(lambda b, n=n: b.reports.get(n)) for n in range(1, 60)]
    return [report for report in now if report is not None]


def live(town: Town, kind: str) -> list[Recorded]:
    return [r for r in everything(town) if r.kind == kind and r.ending is None]


def case_of(town: Town) -> str:
    return next(r.case for r in everything(town) if r.kind == "etablering")


# --- Registered, and asked


def test_the_typed_line_fills_the_form(staffed):
    karin = staffed.person(KARIN)
    karin.types(LINE)
    fields = karin.modal.fields
    understood = {name: field.value for name, field in fields.items() if field.value}
    assert understood == {
        "code_name": NAME,
        "asked": ["Kumla", "Hallsberg", "Askersund"],
        "received_on": "2026-06-12",
        "answer_due": "2026-12-03",
        "purpose": "Nyetablering",
        "confidential": [sv("Confidential: counted, but named only to those who are in the case")],
        "land_ha": "15",
        "investment_sek": "40\xa0000\xa0000",
    }
    assert fields["code_name"].hint == sv("Never the company's own name.")


def test_the_contacts_of_those_asked_get_it_privately_with_the_clock_and_nobody_else(staffed):
    plainly(staffed)
    message = asked(staffed, MARIA, "Kumla")
    assert message.buttons == (ANSWER, ACKNOWLEDGE, sv("Show the case"))
    clock = sv(
        "Acknowledge by {ack}, answer by {answer}.", ack="måndag 15 juni", answer="måndag 22 juni"
    )
    assert clock in message.words
    assert clock in message.text
    for somebody in (SARA, AMIR, ULLA, LARS):
        assert all(NAME not in seen.words for seen in staffed.person(somebody).dm)
    assert all(NAME not in seen.words for seen in staffed.person(KARIN).sees("bro"))


def test_the_askers_own_date_goes_before_the_plans_days(staffed):
    registers(staffed)
    assert "svara senast torsdag 3 december." in asked(staffed, MARIA, "Kumla").words


def test_a_day_in_another_year_is_said_with_its_year(staffed):
    registers(staffed, line="/etablering Projekt Falk svar senast 2030-01-01 Kumla")
    for page in (asked(staffed, MARIA, "Kumla"), staffed.person(MARIA).opens_home()):
        assert "svara senast tisdag 1 januari 2030." in page.words


def test_the_whole_life_of_a_case_that_lands(staffed):
    before = says(staffed, KARIN, "/okr I1")
    assert "40\u00a0mkr" not in before
    plainly(staffed)
    # Maria and Johan acknowledge in time; Anders answers right away.
    does(staffed, ANDERS, ANSWER, verdict="yes", proposal="Åsbro, 20 ha, kommunens mark, nu")
    at(staffed, "2026-06-15")
    staffed.person(MARIA).presses(ACKNOWLEDGE)
    staffed.settle()
    assert row(overview(staffed), "Kumla").startswith("○ *Kumla* – bekräftade 15 juni; ska svara")
    assert "svarade ja 12 juni" in row(overview(staffed), "Askersund")
    at(staffed, "2026-06-17")
    staffed.person(JOHAN).presses(ACKNOWLEDGE)
    staffed.settle()
    at(staffed, "2026-06-22")
    answers(staffed, MARIA, verdict="no", reason="Ingen ledig mark över 10 ha.")
    at(staffed, "2026-06-24")
    answers(staffed, JOHAN, verdict="partly", proposal="Rala, 8 ha", reason="För liten.")
    told = overview(staffed)
    assert row(told, "Kumla") == "✔ *Kumla* – bekräftade 15 juni; svarade nej 22 juni"
    late = row(told, "Hallsberg")
    assert late == (
        "✔ *Hallsberg* – bekräftade 17 juni, för sent; svarade delvis 24 juni, för sent"
    )
    assert row(told, "Askersund") == "✔ *Askersund* – bekräftade 12 juni; svarade ja 12 juni"
    in_time = readiness(staffed)
    assert in_time == {"acknowledged": "2 av 3", "answered": "2 av 3"}
    at(staffed, "2026-07-01")
    does(staffed, KARIN, NEW_STAGE, stage="visit", members=["Askersund"])
    assert "*Besök*" in overview(staffed)
    at(staffed, "2026-09-01")
    karin = staffed.person(KARIN)
    karin.presses(LANDED)
    karin.fills(municipality="Askersund", investment_sek="40 mkr", area="Industri", jobs="60")
    karin.submits()
    staffed.settle()
    assert "I1" in karin.dm[-1].words
    assert "40\u00a0mkr" in says(staffed, KARIN, "/okr I1")
    assert "*Landad*" in overview(staffed)
    assert NAME not in says(staffed, KARIN, "/etablering lista")
    for somebody, home in ((MARIA, "Kumla"), (JOHAN, "Hallsberg"), (ANDERS, "Askersund")):
        message = asked(staffed, somebody, home)
        assert sv("The case is closed. Nothing more is needed.") in message.words
        assert message.buttons == (sv("Show the case"),)


def readiness(town: Town) -> dict[str, str]:
    """What /okr says of the clock beside key result I4, apart from the key result itself."""
    own, *beside = [each for each in says(town, KARIN, "/okr").splitlines() if "*I4*" in each]
    line = "".join(beside).casefold()
    assert sv("no reports yet") in own
    found = {}
    for which in ("acknowledged", "answered"):
        _, named, rest = line.partition(f"{sv(f'inquiries {which} in time')}: ")
        if named:
            found[which] = re.match(r"\d+ av \d+", rest)[0]
    return found


def test_beside_the_readiness_stands_only_what_was_due_or_has_been_done(staffed):
    assert readiness(staffed) == {}
    plainly(staffed)
    assert readiness(staffed) == {}
    at(staffed, "2026-06-15", 16)
    staffed.person(MARIA).presses(ACKNOWLEDGE)
    assert readiness(staffed) == {"acknowledged": "1 av 1"}
    at(staffed, "2026-06-16")
    assert readiness(staffed) == {"acknowledged": "1 av 3"}
    at(staffed, "2026-06-22", 16)
    assert readiness(staffed) == {"acknowledged": "1 av 3"}
    at(staffed, "2026-06-23")
    assert readiness(staffed) == {"acknowledged": "1 av 3", "answered": "0 av 3"}


def test_a_contact_who_is_confirmed_afterwards_is_asked_too_in_working_hours(staffed):
    plainly(staffed)
    at(staffed, "2026-06-12", 18)
    joins_kumla(staffed)
    assert asked(staffed, ULLA, "Kumla") is None
    at(staffed, "2026-06-13", 10)  # a Saturday
    assert asked(staffed, ULLA, "Kumla") is None
    at(staffed, "2026-06-15", 8)
    assert asked(staffed, ULLA, "Kumla") is not None
    at(staffed, "2026-06-15", 10)
    said = sv("An inquiry to {home}: {name}", home="Kumla", name=NAME)
    assert sum(said in m.words for m in staffed.person(ULLA).dm) == 1


def test_a_municipality_without_a_contact_is_shown_as_such(staffed):
    registers(staffed, line="/etablering Projekt Falk Kumla, Laxå")
    assert row(overview(staffed), "Laxå").endswith(sv("no contact yet"))
    assert sv("no contact yet") not in row(overview(staffed), "Kumla")


# --- Corrected, withdrawn


def test_a_municipality_that_is_taken_away_is_told_and_one_that_is_added_is_asked(staffed):
    plainly(staffed)
    at(staffed, "2026-06-15")
    does(staffed, KARIN, CHANGE, asked=["Kumla", "Hallsberg", "Örebro"])
    gone = staffed.person(ANDERS).dm
    assert sv(NO_LONGER) in [m.words for m in gone]
    assert asked(staffed, ANDERS, "Askersund") is None
    new = asked(staffed, SARA, "Örebro")
    assert "senast tisdag 16 juni" in new.words  # her clock starts when she is asked
    assert "senast måndag 15 juni" in asked(staffed, MARIA, "Kumla").words
    assert overview(staffed).count("–") >= 3
    assert "*Askersund* –" not in overview(staffed)


def test_a_municipalitys_own_page_says_when_its_own_answer_was_due(staffed):
    plainly(staffed)
    at(staffed, "2026-06-15")
    does(staffed, KARIN, CHANGE, asked=["Kumla", "Örebro"])
    at(staffed, "2026-06-15", 10)
    registers(staffed, line="/etablering Projekt Trana svar senast 22 juni Örebro")
    at(staffed, "2026-07-01")
    told = says(staffed, SARA, "/okr Örebro")
    (late,) = [line for line in told.splitlines() if NAME in line and "saknas" in line]
    assert "23 juni" in late
    assert told.index("Projekt Trana: svar") < told.index(late)  # what was due first stands first
    assert "22 juni" in says(staffed, KARIN, "/okr Kumla")


def test_the_clock_of_each_municipality_is_told_in_the_order_of_the_swedish_alphabet(staffed):
    registers(staffed, line="/etablering Projekt Falk Örebro, Lekeberg, Laxå, Nora, Askersund")
    at(staffed, "2026-06-23")
    told = [line.partition(":")[0] for line in says(staffed, KARIN, "/okr I4").splitlines()]
    homes = ["Askersund", "Laxå", "Lekeberg", "Nora", "Örebro"]
    assert [line for line in told if line in homes] == homes


def test_what_is_corrected_stands_in_the_messages_that_were_sent_before(staffed):
    plainly(staffed)
    before = len(staffed.person(MARIA).dm)
    does(staffed, KARIN, CHANGE, code_name="Projekt Örn", land_ha="8")
    message = asked(staffed, MARIA, "Kumla", "Projekt Örn")
    assert message.edited
    assert "mark 8 ha" in message.words
    assert len(staffed.person(MARIA).dm) == before


def test_one_that_is_withdrawn_asks_nothing_any_longer(staffed):
    plainly(staffed)
    message = asked(staffed, MARIA, "Kumla")
    does(staffed, KARIN, UNDO, why="Dubblett")
    (now,) = [m for m in staffed.person(MARIA).dm if m.ts == message.ts]
    assert now.buttons == ()
    assert NAME not in now.words
    assert NAME not in says(staffed, KARIN, "/etablering lista")
    case = case_of(staffed)
    refused = commands_of(staffed).press(known(staffed, MARIA), "acknowledge", {"case": case})
    assert isinstance(refused, Refuse)


def test_who_has_the_form_open_when_one_is_withdrawn_is_told_that_it_is(staffed):
    plainly(staffed)
    maria = staffed.person(MARIA)
    maria.presses(ANSWER)
    does(staffed, KARIN, UNDO, why="Dubblett")
    maria.fills(verdict="yes", proposal="Kvarntorp, 15 ha")
    maria.submits()
    said = sv("That has been withdrawn in the meantime. Nothing was saved.")
    assert said in str(maria.modal)
    assert maria.modal.fields["proposal"].value == "Kvarntorp, 15 ha"


def test_what_is_late_is_called_by_its_name(staffed):
    plainly(staffed)
    at(staffed, "2026-06-18")
    assert "bekräftelse försenad sedan 15 juni" in says(staffed, KARIN, "/etablering lista")
    assert is_told(staffed, KARIN, "Projekt Falk: bekräftelser är försenade.")
    for contact in (MARIA, JOHAN, ANDERS):
        staffed.person(contact).presses(ACKNOWLEDGE)
    at(staffed, "2026-07-01")
    assert "svar försenat sedan 22 juni" in says(staffed, KARIN, "/etablering lista")
    assert is_told(staffed, KARIN, "Projekt Falk: svar är försenade.")


def is_told(town: Town, somebody: Somebody, sentence: str) -> bool:
    inquiries_if_due(town.desk)
    town.deliver()
    return any(sentence in message.words for message in town.person(somebody).dm)


def test_one_that_is_asked_again_answers_where_it_was_asked_before(staffed):
    plainly(staffed)
    does(staffed, KARIN, CHANGE, asked=["Kumla"])
    at(staffed, "2026-06-16")
    does(staffed, KARIN, CHANGE, asked=["Kumla", "Askersund"])
    assert "senast onsdag 17 juni" in asked(staffed, ANDERS, "Askersund").words
    answers(staffed, ANDERS)
    assert "svarade ja 16 juni" in row(overview(staffed), "Askersund")


def test_one_that_becomes_confidential_is_no_longer_named_where_others_look_on(staffed):
    plainly(staffed)
    does(staffed, KARIN, CHANGE, confidential=["true"])
    message = asked(staffed, MARIA, "Kumla")
    assert NAME not in message.text
    assert NAME in message.words
    assert NAME not in says(staffed, SARA, "/etablering lista")


def test_what_a_landed_one_brought_is_not_counted_when_the_inquiry_is_withdrawn(staffed):
    plainly(staffed)
    karin = closes(staffed)
    assert "40\u00a0mkr" in says(staffed, KARIN, "/okr I1")
    heading = sv("Municipalities asked")
    receipt = next(m for m in karin.dm if heading in m.words and not m.ephemeral)
    karin.presses(UNDO, in_message=receipt)
    karin.submits()
    staffed.settle()
    assert live(staffed, "etablering") == []
    assert "40\u00a0mkr" not in says(staffed, KARIN, "/okr I1")


# --- Answering


def test_an_answer_that_is_withdrawn_leaves_the_question_open(staffed):
    plainly(staffed)
    maria = answers(staffed, MARIA)
    maria.presses(UNDO)
    maria.submits()
    staffed.settle()
    assert asked(staffed, MARIA, "Kumla").buttons == (ANSWER, ACKNOWLEDGE, sv("Show the case"))
    assert row(overview(staffed), "Kumla").startswith("○")


def test_what_waits_for_an_answer_stands_first_at_home(staffed):
    plainly(staffed)
    maria = staffed.person(MARIA)
    assert maria.opens_home().words.startswith(sv("Inquiries to answer"))
    maria.presses(ACKNOWLEDGE)
    answers(staffed, MARIA)
    assert sv("Inquiries to answer") not in maria.opens_home().words


def test_acknowledged_twice_is_acknowledged_once(staffed):
    plainly(staffed)
    commands, maria, case = commands_of(staffed), known(staffed, MARIA), case_of(staffed)
    for _ in range(2):
        assert isinstance(commands.press(maria, "acknowledge", {"case": case}), Replace)
    staffed.settle()
    assert len(live(staffed, "etablering_kvittens")) == 1
    done = sv("Receipt acknowledged {day} by {who}", day="12 juni", who="Maria Exempel")
    assert done in asked(staffed, MARIA, "Kumla").words
    assert ACKNOWLEDGE not in asked(staffed, MARIA, "Kumla").buttons


def test_an_answer_that_slack_delivers_again_changes_nothing(staffed):
    plainly(staffed)
    maria = staffed.person(MARIA)
    maria.presses(ANSWER)
    maria.fills(verdict="yes", proposal="Kvarntorp, 15 ha")
    maria.submits()
    again = staffed.slack.redeliver_last(times=3)
    staffed.settle()
    assert [(each.status, each.body) for each in again] == [(200, again[0].body)] * 3
    assert len([r for r in everything(staffed) if r.kind == "etablering_svar"]) == 1
    assert sum("Kvarntorp" in m.words for m in maria.dm) == 1
    assert overview(staffed).count("Kvarntorp") == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"verdict": "yes"}, "proposal"),
        ({"verdict": "no"}, "reason"),
        ({"verdict": "partly", "proposal": "Rala"}, "reason"),
        ({"verdict": "no", "reason": "Nej", "answered_on": "2026-06-11"}, "answered_on"),
        ({"verdict": "no", "reason": "Nej", "answered_on": "2026-06-13"}, "answered_on"),
    ],
)
def test_an_answer_that_lacks_something_says_so_at_the_field_and_keeps_the_rest(
    staffed, fields, wrong
):
    plainly(staffed)
    maria = answers(staffed, MARIA, **fields)
    assert maria.modal.fields[wrong].error
    given = {**fields}
    given.pop("verdict")
    assert {name: maria.modal.fields[name].value for name in given} == given
    assert live(staffed, "etablering_svar") == []


def test_another_contact_completes_the_answer_and_both_see_it(staffed):
    joins_kumla(staffed)
    plainly(staffed)
    answers(staffed, MARIA)
    assert asked(staffed, ULLA, "Kumla").buttons == (COMPLETE, sv("Show the case"))
    by = sv("Answered {day} by {who}: {answer}", day="12 juni", who="Maria Exempel", answer="ja")
    assert by in asked(staffed, ULLA, "Kumla").words
    at(staffed, "2026-06-16")
    ulla = staffed.person(ULLA)
    ulla.presses(COMPLETE)
    assert ulla.modal.fields["proposal"].value == "Kvarntorp, 15 ha"
    assert ulla.modal.fields["answered_on"].value == "2026-06-12"
    ulla.fills(second_proposal="Norra Mossby, 9 ha")
    ulla.submits()
    staffed.settle()
    (answer,) = live(staffed, "etablering_svar")
    assert (answer.reporter, answer.home) == (known(staffed, MARIA).id, KUMLA)
    for somebody in (MARIA, ULLA):
        assert any("Norra Mossby, 9 ha" in m.words for m in staffed.person(somebody).dm)
    # Kumla's answer is as early as its first.
    assert "svarade ja 12 juni" in row(overview(staffed), "Kumla")
    assert overview(staffed).count("Norra Mossby") == 1


def test_a_municipality_that_was_not_asked_cannot_answer(staffed):
    plainly(staffed)
    commands, sara, case = commands_of(staffed), known(staffed, SARA), case_of(staffed)
    shown = says(staffed, SARA, f"/etablering {NAME}")
    assert ANSWER not in staffed.person(SARA).dm[-1].buttons
    assert NAME in shown
    step = {"case": case, "kind": "etablering_svar"}
    outcomes = [
        commands.press(sara, "step", step),
        commands.press(sara, "acknowledge", {"case": case}),
        commands.submit(
            sara,
            Answered(
                "etablering_svar",
                {"verdict": "no", "reason": "Nej", "answered_on": "2026-06-12"},
                About(case=case),
                "forged",
            ),
        ),
    ]
    assert outcomes == [Refuse(NOT_ASKED)] * 3
    assert live(staffed, "etablering_svar") == []


def test_of_a_confidential_case_others_are_told_that_there_is_none(staffed):
    registers(staffed)
    commands, sara, case = commands_of(staffed), known(staffed, SARA), case_of(staffed)
    pressed = [
        commands.press(sara, verb, {"case": case, "kind": "etablering_svar"})
        for verb in ("step", "acknowledge", "case")
    ]
    assert pressed == [Refuse(NO_CASE)] * 3
    listed = says(staffed, SARA, "/etablering lista")
    assert NAME not in listed
    assert "1 konfidentiell förfrågan visas inte." in listed
    # By its name there is none either: the form for a new one is opened.
    sara = staffed.person(SARA)
    sara.types(f"/etablering {NAME}")
    assert sara.modal.fields["code_name"].value == NAME


def test_an_answer_to_a_case_that_was_closed_meanwhile_is_refused_and_what_was_typed_kept(staffed):
    plainly(staffed)
    maria = staffed.person(MARIA)
    maria.presses(ANSWER)
    maria.fills(verdict="yes", proposal="Kvarntorp, 15 ha", reason="Nära väg 50")
    closes(staffed)
    maria.submits()
    assert maria.modal.fields["verdict"].error == CLOSED
    assert maria.modal.fields["proposal"].value == "Kvarntorp, 15 ha"
    assert live(staffed, "etablering_svar") == []
    commands, case = commands_of(staffed), case_of(staffed)
    for verb in ("step", "acknowledge"):
        pressed = commands.press(
            known(staffed, MARIA), verb, {"case": case, "kind": "etablering_svar"}
        )
        assert pressed == Refuse(CLOSED)


# --- What becomes of it


def test_withdrawing_landed_opens_the_case_again(staffed):
    plainly(staffed)
    karin = closes(staffed)
    assert "*Landad*" in overview(staffed)
    receipt = next(m for m in reversed(karin.dm) if "I1" in m.words)
    karin.presses(UNDO, in_message=receipt)
    karin.fills(why="Avtalet sprack")
    karin.submits()
    staffed.settle()
    assert "*Registrerad*" in overview(staffed)
    assert "Avtalet sprack" in overview(staffed)
    assert ANSWER in asked(staffed, MARIA, "Kumla").buttons
    assert "40\u00a0mkr" not in says(staffed, KARIN, "/okr I1")
    answers(staffed, MARIA)
    assert "svarade ja" in row(overview(staffed), "Kumla")


def test_one_that_is_lost_says_why_and_how_far_it_had_come(staffed):
    plainly(staffed)
    does(staffed, KARIN, NEW_STAGE, stage="shortlist")
    does(staffed, KARIN, LOST, reason="power")
    told = overview(staffed)
    assert sv("Lost: {reason}", reason=sv("Not enough electric power")) in told
    assert sv("Last stage: {stage}", stage=sv("Shortlist")) in told
    assert NEW_STAGE not in staffed.person(KARIN).dm[-1].buttons


def test_one_at_rest_is_still_open(staffed):
    plainly(staffed)
    does(staffed, KARIN, NEW_STAGE, stage="dormant")
    assert "*Vilande*" in overview(staffed)
    assert "vilande" in says(staffed, KARIN, "/etablering lista")


@pytest.mark.parametrize(
    ("label", "fields", "wrong"),
    [
        (NEW_STAGE, {"stage": "visit", "reached_on": "2026-06-09"}, "reached_on"),
        (LANDED, {"decided_on": "2026-06-09"}, "decided_on"),
        (LANDED, {"decided_on": "2026-06-13"}, "decided_on"),
        (LANDED, {"municipality": "Örebro"}, "municipality"),
        (LANDED, {"investment_sek": "mycket"}, "investment_sek"),
        (LOST, {"reason": "cost", "lost_on": "2026-06-09"}, "lost_on"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused_at_its_field(staffed, label, fields, wrong):
    plainly(staffed, received_on="2026-06-10")
    landed = {"municipality": "Kumla", "investment_sek": "40 mkr", "area": "Industri"}
    karin = does(staffed, KARIN, label, **{**(landed if label == LANDED else {}), **fields})
    assert karin.modal.fields[wrong].error
    assert len(live(staffed, "etablering")) == len(everything(staffed))


def test_where_one_municipality_was_asked_it_is_the_one_that_it_landed_in(staffed):
    registers(staffed, line="/etablering Projekt Falk Kumla", area="Logistik", jobs="25")
    karin = staffed.person(KARIN)
    karin.presses(LANDED)
    given = {name: karin.modal.fields[name].value for name in ("municipality", "area", "jobs")}
    assert given == {"municipality": "Kumla", "area": "Logistik", "jobs": "25"}


# --- Its name, and what may be a slip


@pytest.mark.parametrize("name", ["Projekt Falk", "PROJEKT FALK", "  projekt   falk"])
def test_a_second_case_by_the_same_code_name_is_refused_with_the_way_to_the_first(staffed, name):
    plainly(staffed)
    johan = staffed.person(JOHAN)
    johan.types("/etablering")
    johan.fills(code_name=" ".join(name.split()), asked=["Hallsberg"], source="Konsult")
    johan.submits()
    error = johan.modal.fields["code_name"].error
    assert f"/etablering {NAME}" in error
    assert johan.modal.fields["asked"].value == ["Hallsberg"]
    assert len(live(staffed, "etablering")) == 1


def test_the_code_name_alone_shows_the_case_and_lista_those_that_are_open(staffed):
    plainly(staffed)
    for typed in (NAME, "projekt falk"):
        assert sv("Municipalities asked") in says(staffed, MARIA, f"/etablering {typed}")
        assert sv("Municipalities asked") in says(staffed, MARIA, f"/bro etablering {typed}")
    listed = says(staffed, MARIA, "/etablering lista")
    assert NAME in listed
    assert sv("Your turn: {clock}", clock="").strip() in listed
    assert sv("answers {share}", share="0 av 3") in says(staffed, KARIN, "/etablering lista")


def test_a_confidential_namesake_gives_nothing_away(staffed):
    registers(staffed)
    sara = staffed.person(SARA)
    sara.types("/etablering Projekt Falk Örebro")
    sara.fills(source="Konsult")
    sara.submits()
    assert sara.modal is None
    assert len(live(staffed, "etablering")) == 2


@pytest.mark.parametrize("name", ["Exempelbolaget AB", "Exempel GmbH", "Nordlager Exempel"])
def test_a_code_name_that_looks_like_a_company_is_asked_about_once(staffed, name):
    karin = registers(staffed, code_name=name, company="Nordlager")
    question = sv(
        "The code name “{title}” looks like a company's own name. Everybody who may know of the "
        "case will read it.",
        title=name,
    )
    assert question in karin.modal.words
    assert karin.modal.fields["code_name"].value == name
    assert live(staffed, "etablering") == []
    karin.fills(sure=YES_IT_IS)
    karin.submits()
    assert karin.modal is None
    assert [r.answers["code_name"] for r in live(staffed, "etablering")] == [name]


def test_an_amount_a_thousand_times_the_usual_is_asked_about_and_again_if_it_is_another(staffed):
    karin = plainly(staffed, investment_sek="50 mdkr")
    odd = language("sv").exact_money(50 * 10**9)
    assert sv("{amount} is far from what is usual here.", amount=odd) in karin.modal.words
    karin.fills(sure=YES_IT_IS, investment_sek="60 mdkr")
    karin.submits()
    assert karin.modal is not None
    assert live(staffed, "etablering") == []
    assert "60\xa0000\xa0000\xa0000" in karin.modal.words
    karin.fills(sure=YES_IT_IS)
    karin.submits()
    assert [r.answers["investment_sek"] for r in live(staffed, "etablering")] == [60 * 10**9]


def test_an_amount_that_is_put_right_is_not_asked_about(staffed):
    karin = plainly(staffed, investment_sek="40")
    assert "sure" in karin.modal.fields
    karin.fills(investment_sek="40 mkr", sure=YES_IT_IS)
    karin.submits()
    assert karin.modal is None
    assert [r.answers["investment_sek"] for r in live(staffed, "etablering")] == [40_000_000]


def test_what_is_doubted_when_it_lands_is_asked_about_too(staffed):
    plainly(staffed)
    karin = closes(staffed, investment_sek="40")
    assert "sure" in karin.modal.fields
    karin.fills(sure=YES_IT_IS)
    karin.submits()
    assert [r.answers["investment_sek"] for r in live(staffed, "etablering_landad")] == [40]


# --- Who may know


def test_leaders_who_are_named_must_be_leaders(staffed):
    settles_in(staffed, AMIR)
    karin = registers(staffed, leaders=[staffed.person(SARA).id])
    assert karin.modal.fields["leaders"].error == sv(
        "Choose leaders only. An admin says who they are: /bro people."
    )
    with_role(staffed, SARA, Role.LEADERSHIP)
    karin.submits()
    staffed.settle()
    assert karin.modal is None
    assert sv("Municipalities asked") in says(staffed, SARA, f"/etablering {NAME}")


def test_the_company_is_read_by_those_in_the_case_only(staffed):
    plainly(staffed, company="Exempelbolaget")
    company = sv("Company: {name}", name="Exempelbolaget")
    assert company in asked(staffed, MARIA, "Kumla").words
    assert company not in asked(staffed, MARIA, "Kumla").text
    assert company in says(staffed, KARIN, f"/etablering {NAME}")
    shown = says(staffed, SARA, f"/etablering {NAME}")
    assert NAME in shown
    assert "Exempelbolaget" not in shown


def test_what_somebody_unconfirmed_registers_asks_nobody_before_an_admin_has_approved(staffed):
    settles_in(staffed, AMIR)
    registers(staffed, ULLA, home="Business Region Örebro")
    assert live(staffed, "etablering") == []
    assert asked(staffed, MARIA, "Kumla") is None
    at(staffed, "2026-06-15")
    assert asked(staffed, MARIA, "Kumla") is None
    staffed.person(AMIR).presses(sv("Approve as contact"))
    staffed.settle()
    # The clock starts when they are asked, not when it was written.
    assert "senast tisdag 16 juni" in asked(staffed, MARIA, "Kumla").words
    assert "*Kumla* – ska bekräfta" in overview(staffed, ULLA)


def test_two_by_one_name_that_came_of_an_approval_are_told_apart(staffed):
    settles_in(staffed, AMIR)
    registers(staffed, ULLA, line="/etablering Projekt Falk Laxå", home="Nora")
    plainly(staffed)
    staffed.person(AMIR).presses(sv("Approve as contact"))
    staffed.settle()
    assert len(live(staffed, "etablering")) == 2
    karin = staffed.person(KARIN)
    assert "Vilken etableringsförfrågan menar du?" in says(staffed, KARIN, f"/etablering {NAME}")
    karin.presses(f"{NAME} (Nora)")
    assert "*Laxå* –" in karin.dm[-1].words


# --- Whatever people write


NASTY = "<!channel> <@U1> <http://a|b> *fet* & `kod`"


def test_nothing_that_people_write_comes_out_as_a_mention(staffed):
    plainly(staffed, code_name=NASTY, notes=NASTY, registry_number=NASTY)
    answers(staffed, MARIA, verdict="partly", proposal=NASTY, reason=NASTY)
    seen = [m for s in (KARIN, MARIA, JOHAN) for m in staffed.person(s).dm]
    drawn = [b for m in seen for b in m.blocks if b["type"] in ("section", "context")]
    assert any("&lt;!channel&gt;" in str(block) for block in drawn)
    for text in (*(m.text for m in seen), *map(str, drawn)):
        assert "<!channel" not in text
        assert "<@U1>" not in text
        assert "<http" not in text


def test_whoever_is_let_in_only_to_report_hears_of_nothing_that_the_municipality_is_asked(staffed):
    """Also if they answered for another municipality before."""
    settles_in(staffed, AMIR)
    settles_in(staffed, MARIA, home="Laxå")
    staffed.settle()
    staffed.person(AMIR).presses(sv("Only to report"))
    staffed.settle()
    maria = known(staffed, MARIA)
    assert (maria.home, maria.roles) == ("1860", frozenset())
    heard = len(staffed.person(MARIA).dm)
    registers(staffed, line="/etablering Projekt Falk Laxå sekretess")
    assert len(staffed.person(MARIA).dm) == heard


@pytest.mark.parametrize("field", ["code_name", "company", "registry_number", "notes"])
def test_ten_thousand_characters_get_a_sentence_at_their_field(staffed, field):
    typed = {
        "code_name": NAME,
        "asked": [KUMLA],
        "received_on": "2026-06-12",
        "source": "consultant",
        field: "å" * 10_000,
    }
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN), Answered("etablering", typed, About(), "long")
    )
    assert isinstance(outcome, Retry)
    (found,) = [each for each in outcome.form.fields if each.error]
    assert (found.name, found.value) == (field, "å" * 10_000)
    assert everything(staffed) == []


def test_ten_thousand_characters_typed_after_the_command_open_the_form(staffed):
    karin = staffed.person(KARIN)
    karin.types("/etablering " + "Falk " * 2000)
    assert karin.modal is not None
    assert karin.modal.fields["code_name"].value


def test_control_characters_and_halves_of_characters_are_left_out(staffed):
    typed = {
        "code_name": "Projekt\x00 Falk\x07",
        "asked": [KUMLA],
        "received_on": "2026-06-12",
        "source": "consultant",
        "notes": "ett\x1b två\ud800",
    }
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN), Answered("etablering", typed, About(), "odd")
    )
    assert outcome == Done()
    staffed.settle()
    (saved,) = live(staffed, "etablering")
    assert (saved.answers["code_name"], saved.answers["notes"]) == (NAME, "ett två")
    assert asked(staffed, MARIA, "Kumla") is not None


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({"asked": []}, "asked"),
        ({"asked": ["0000"]}, "asked"),
        ({"source": "okänd"}, "source"),
        ({"source": ""}, "source"),
        ({"needs": ["<!channel>"]}, "needs"),
        ({"purpose": "krig"}, "purpose"),
        ({"answer_due": "2026-06-11"}, "answer_due"),
        ({"answer_due": "2026-02-30"}, "answer_due"),
        ({"received_on": "2026-06-13"}, "received_on"),
        ({"received_at": "25:61"}, "received_at"),
        ({"jobs": "-1"}, "jobs"),
        ({"land_ha": "femton"}, "land_ha"),
        ({"investment_sek": "10" * 19}, "investment_sek"),
        ({"leaders": ["slack:U0NOBODY"]}, "leaders"),
        ({"confidential": "kanske"}, "confidential"),
    ],
)
def test_each_thing_that_is_wrong_is_said_at_its_field(staffed, answer, wrong):
    typed = {
        "code_name": NAME,
        "asked": [KUMLA],
        "received_on": "2026-06-12",
        "source": "consultant",
        **answer,
    }
    outcome = commands_of(staffed).submit(
        known(staffed, KARIN), Answered("etablering", typed, About(), "wrong")
    )
    assert isinstance(outcome, Retry)
    assert [each.name for each in outcome.form.fields if each.error] == [wrong]
    assert everything(staffed) == []


def test_the_overview_arrives_however_much_everybody_writes(staffed):
    much = "& " * 499
    plainly(staffed, notes=much * 2)
    for somebody in (MARIA, JOHAN, ANDERS):
        answers(
            staffed,
            somebody,
            verdict="partly",
            proposal="&" * 300,
            second_proposal="<" * 300,
            third_proposal=">" * 300,
            reason=much,
        )
    for stage in ("shortlist", "visit", "land"):
        does(staffed, KARIN, NEW_STAGE, stage=stage, notes=much)
    told = overview(staffed)
    for home in ("Kumla", "Hallsberg", "Askersund"):
        assert "svarade delvis 12 juni" in row(told, home)


# --- What is never done unseen


def test_an_answer_begun_before_a_colleague_answered_does_not_replace_it_unseen(staffed):
    joins_kumla(staffed)
    plainly(staffed)
    ulla = staffed.person(ULLA)
    ulla.presses(ANSWER)
    ulla.fills(verdict="no", reason="Vet inte")
    answers(staffed, MARIA)
    ulla.submits()
    staffed.settle()
    assert ulla.modal is not None
    assert ulla.modal.fields["reason"].value == "Vet inte"
    assert "svarade ja" in row(overview(staffed), "Kumla")


def test_a_leader_who_is_named_gets_a_receipt_for_a_step_and_can_undo_it(staffed):
    staffed.person(ULLA).types("/bro")
    with_role(staffed, ULLA, Role.LEADERSHIP)
    registers(staffed, leaders=[staffed.person(ULLA).id])
    ulla = staffed.person(ULLA)
    ulla.types(f"/etablering {NAME}")
    does(staffed, ULLA, NEW_STAGE, stage="visit")
    assert any(m.text.startswith(sv("Saved")) for m in ulla.dm)
    assert UNDO in ulla.dm[-1].buttons


def test_a_step_of_somebody_without_a_home_says_who_took_it(staffed):
    plainly(staffed)
    amir = staffed.person(AMIR)
    amir.types(f"/etablering {NAME}")
    does(staffed, AMIR, NEW_STAGE, stage="visit")
    assert "*:  –" not in overview(staffed)


def test_of_a_municipality_that_had_time_left_when_the_case_was_closed_nothing_is_said(staffed):
    plainly(staffed)
    closes(staffed)
    assert "*Kumla* –" not in overview(staffed)


def test_what_is_corrected_keeps_its_place_in_what_has_happened(staffed):
    plainly(staffed)
    karin = does(staffed, KARIN, NEW_STAGE, stage="visit")
    heading = sv("Municipalities asked")
    karin.presses(CHANGE, in_message=next(m for m in karin.dm if heading in m.words))
    karin.fills(land_ha="8")
    karin.submits()
    staffed.settle()
    _, _, happened = overview(staffed).partition(sv("What has happened"))
    assert happened.index(sv("Visit")) < happened.index(sv("registered"))


def test_the_municipality_that_it_landed_in_cannot_be_taken_away(staffed):
    plainly(staffed)
    karin = closes(staffed)
    karin.types(f"/etablering {NAME}")
    karin.presses(CHANGE, in_message=karin.dm[-1])
    karin.fills(asked=["Kumla"])
    karin.submits()
    assert karin.modal is not None
    assert karin.modal.fields["asked"].error


# --- Several at once, on both databases


DATABASES = map(str, count())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    with postgresql(tmp_path_factory.mktemp("inquiries")) as named:
        yield named


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request, tmp_path: Path, clock) -> Iterator[Town]:
    name = f"town{next(DATABASES)}"
    url = sqlite(tmp_path) if request.param == "sqlite" else request.getfixturevalue("server")(name)
    with Town(url, clock) as running:
        yield plainly(staff(running)) and running


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: act(), acts))


def submits(town: Town, who: Somebody, form: str, **answers: object):
    answered = Answered(form, answers, About(case=case_of(town)), f"key-{who.name}-{form}")
    return lambda: commands_of(town).submit(known(town, who), answered)


def test_of_two_who_close_a_case_at_once_one_does_and_the_other_is_told(anywhere):
    settles_in(anywhere, AMIR)
    lost = {"reason": "cost", "lost_on": "2026-06-12"}
    landed = {"municipality": "1861", "decided_on": "2026-06-12", "investment_sek": "40 mkr"}
    outcomes = at_once(
        submits(anywhere, KARIN, "etablering_forlorad", **lost),
        submits(anywhere, AMIR, "etablering_landad", **landed, area="industry"),
    )
    (told,) = [each for each in outcomes if isinstance(each, Retry)]
    assert [f.error for f in told.form.fields if f.error] == [CLOSED]
    assert outcomes.count(Done()) == 1
    closed = live(anywhere, "etablering_forlorad") + live(anywhere, "etablering_landad")
    assert len(closed) == 1


def test_of_two_contacts_who_answer_at_once_both_are_kept_and_one_holds(anywhere):
    joins_kumla(anywhere)
    answer = {"verdict": "no", "answered_on": "2026-06-12"}
    outcomes = at_once(
        submits(anywhere, MARIA, "etablering_svar", **answer, reason="Ingen mark."),
        submits(anywhere, ULLA, "etablering_svar", **answer, reason="Ingen el."),
    )
    assert outcomes == [Done(), Done()]
    (held,) = live(anywhere, "etablering_svar")
    kept = [r for r in everything(anywhere) if r.kind == "etablering_svar" and r is not held]
    assert [r.ending.how for r in kept if r.ending] == [Ended.SUPERSEDED]


def test_acknowledged_by_both_contacts_at_once_is_acknowledged_once(anywhere):
    joins_kumla(anywhere)
    commands, case = commands_of(anywhere), {"case": case_of(anywhere)}
    at_once(
        *(
            lambda who=who: commands.press(known(anywhere, who), "acknowledge", case)
            for who in (MARIA, ULLA, MARIA, ULLA)
        )
    )
    assert len(live(anywhere, "etablering_kvittens")) == 1


def test_closing_and_asking_at_once_leave_nobody_waiting(anywhere):
    at(anywhere, "2026-06-15", 8)
    at_once(
        submits(anywhere, KARIN, "etablering_forlorad", reason="cost", lost_on="2026-06-12"),
        lambda: inquiries_if_due(anywhere.desk),
    )
    anywhere.settle()
    for somebody, home in ((MARIA, "Kumla"), (JOHAN, "Hallsberg")):
        assert asked(anywhere, somebody, home).buttons == (sv("Show the case"),)
