"""Who may do what with a case: every row of the tables of rights that takes one, for an open case
and for a confidential one, by everybody.

To whoever may not know of the confidential case it does not exist: they read the same sentence as
for a case that is none, and nothing is written.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.notices import InquiryAsked, InquiryFollowed, InquiryNudge, InquiryOld, Notice, Receipt
from bot.outcomes import Done, Open, Outcome, Refuse, Retry, Show
from bot.people import Person, Role
from bot.rights import NO_SUCH_CASE
from bot.settings import BRO_PLAN
from handlers.commands import About, Answered
from playground.town import AMIR, ANDERS, EVA, JOHAN, KARIN, MARIA, SARA, Somebody, Town
from tests.conftest import FRIDAY, Still
from tests.handlers import test_rights as tables
from tests.handlers.house import (
    ASKED,
    EVERYONE,
    FOLLOWING,
    HALLSBERG,
    INFORMED,
    INQUIRY,
    INSIDE,
    KEYS,
    KUMLA,
    OFFICE_AND_ADMINS,
    OPEN,
    PEOPLE,
    REMINDER,
    SECRET,
    Case,
    does,
    named,
    peopled,
    readings,
    registers,
    written,
)
from tests.handlers.test_rights import (
    BUTTONS,
    FORMS,
    OPENING,
    Row,
    composed,
)
from tests.talk import commands_of, known, sv

house, town = tables.house, tables.town  # the same state before each test

NONE = "0" * 32
"""A case that is none."""


# --- The matrix


def in_(case: Case, row: Row) -> Row:
    """The same about another case."""
    about = {
        k: replace(v, title=case.title) if isinstance(v, Case) else v for k, v in row.about.items()
    }
    return replace(row, about=about)


OF_A_CASE = [
    row for row in (*BUTTONS, *FORMS) if {OPEN, OPENING, tables.PROGRESS} & {*row.about.values()}
]
MATRIX = [(row, who) for row in OF_A_CASE for who in PEOPLE]
"""Every row that takes a case or a report in one, by everybody."""


def test_every_step_has_a_row_for_its_form_and_for_its_button(town):
    kinds = town.desk.setup.kinds.values()
    steps = {kind.kind for kind in kinds if kind.step_of and kind.fields()}
    assert {row.about["kind"] for row in BUTTONS if row.name == "step"} == steps
    assert {row.name for row in FORMS if "case" in row.about} == {*steps, "keep"}


@pytest.mark.parametrize(("row", "who"), MATRIX, ids=named)
def test_an_open_case_is_for_those_whom_the_tables_name(town, row, who):
    assert isinstance(row.by(town, who), Refuse) == (who not in row.may)
    assert readings(town) == []


@pytest.mark.parametrize(("row", "who"), MATRIX, ids=named)
def test_a_confidential_case_is_for_those_in_it_and_does_not_exist_for_others(town, row, who):
    before = written(town), readings(town)
    outcome = in_(SECRET, row).by(town, who)
    refused = isinstance(outcome, Refuse)
    assert refused == (who not in row.may & INSIDE)
    assert (outcome == Refuse(sv(NO_SUCH_CASE))) == (who not in INSIDE)
    if refused:
        assert (written(town), readings(town)) == before
    else:
        assert not isinstance(outcome, Retry)
        assert len(readings(town)) - len(before[1]) == (row.answers is None)


@pytest.mark.parametrize(
    ("row", "who"), [(r, w) for r, w in MATRIX if "case" in r.about], ids=named
)
def test_a_case_that_is_none_is_refused_to_everybody_in_the_same_words(town, row, who):
    none = replace(row, about={**row.about, "case": NONE})
    assert none.by(town, who) == Refuse(sv(NO_SUCH_CASE))


@pytest.mark.parametrize("row", [row for row in OF_A_CASE if "report" in row.about], ids=named)
def test_a_report_in_a_confidential_case_is_refused_as_one_that_is_none(town, row):
    """Otherwise ids, tried one by one, tell how many there are and when one of them changes."""
    none = replace(row, about={**row.about, "report": "99999"})
    for who in EVERYONE - INSIDE:
        assert in_(SECRET, row).by(town, who) == none.by(town, who)


ALL_KEYS = {
    "page": "0",
    "key_result": "I1",
    "period": "2026-q1",
    "alarm": "reminder:1",
    "occasion": "x",
} | {
    "until": "tomorrow",
    "reminder": "1",
    "answers": json.dumps(REMINDER),
    "home": KUMLA,
    "line": "web",
}


@pytest.mark.parametrize("who", sorted(EVERYONE - INSIDE, key=lambda who: who.name), ids=named)
def test_no_listener_whatever_names_it_to_others_with_whatever_comes_with_it(town, who):
    """Also one that has no row for a case: everything that a button may carry comes with each."""
    told = "\n".join(str(outcome) for outcome in answers_to_everything(town, who))
    assert SECRET.title not in told
    assert INQUIRY["company"] not in told


def answers_to_everything(town: Town, who: Somebody) -> Iterator[Outcome]:
    commands, person = commands_of(town), known(town, who)
    for report in (
        SECRET,
        replace(SECRET, kind="etablering"),
        replace(SECRET, kind="etablering_steg"),
    ):
        given = ALL_KEYS | {"case": SECRET.found(town), "person": person.id}
        given |= {"report": report.found(town)} if report.kind else {}
        for kind in town.desk.setup.kinds:
            for verb in commands.buttons:
                yield commands.press(person, verb, {**given, "kind": kind})
            for form in commands.forms:
                about = About({**given, "kind": kind})
                yield commands.submit(person, Answered(form, {}, about, next(KEYS)))


# --- By its name


def says(town: Town, who: Somebody, words: str) -> Outcome:
    return commands_of(town).say(known(town, who), "etablering", words)


def test_a_case_is_shown_by_its_name_to_those_who_may_know_and_for_others_the_name_is_free(town):
    shown = {
        case: {who for who in PEOPLE if isinstance(says(town, who, case.title.upper()), Show)}
        for case in (OPEN, SECRET)
    }
    assert shown == {OPEN: INFORMED, SECRET: INSIDE}
    for who in EVERYONE - INSIDE:
        free = says(town, who, "Projekt Sång")
        assert isinstance(free, Open)
        assert str(says(town, who, SECRET.title)) == str(free).replace("Projekt Sång", SECRET.title)


@pytest.mark.parametrize("who", PEOPLE, ids=named)
def test_a_name_is_taken_only_for_those_who_may_know_what_has_it(town, who):
    answers = {**INQUIRY, "code_name": SECRET.title, "home": "bro"}
    outcome = does(town, who, "etablering", answers)
    assert isinstance(outcome, Retry) == (who in INSIDE)
    assert (SECRET.title in str(outcome)) == (who in INSIDE)


def test_whoever_may_know_of_two_by_one_name_is_asked_which_and_that_is_a_reading_of_it(town):
    """Johan may not know of Sara's, takes the same name, and asks Kumla too."""
    again = {**INQUIRY, "code_name": SECRET.title, "confidential": "true"}
    assert does(town, JOHAN, "etablering", again) == Done()
    before = len(readings(town))
    assert SECRET.title in str(says(town, MARIA, SECRET.title))
    assert len(readings(town)) > before


# --- A company's name in an open case


@pytest.mark.parametrize(
    "look",
    [
        lambda town, who: says(town, who, OPEN.title),
        lambda town, who: in_(OPEN, Row("case", EVERYONE, None, {"case": OPEN})).by(town, who),
        lambda town, who: Row("change", EVERYONE, None, {"report": OPENING}).by(town, who),
        lambda town, who: Row("step", EVERYONE, None, {"case": OPEN, "kind": "etablering_steg"}).by(
            town, who
        ),
    ],
    ids=["by its name", "the case", "its form", "above a step"],
)
def test_the_company_of_an_open_case_is_read_by_those_in_it_only(town, look):
    company = str(INQUIRY["company"])
    told = {who for who in PEOPLE if company in str(look(town, who))}
    assert told <= INSIDE
    assert SARA in told


# --- What is said unasked

MESSAGES: Mapping[
    str, tuple[Callable[[Town, Case], Notice], frozenset[Somebody], frozenset[Somebody]]
] = {
    "receipt": (
        lambda town, case: Receipt(report=int(replace(case, kind="etablering").found(town))),
        frozenset({SARA}),
        frozenset({SARA}),
    ),
    "a step's receipt": (
        lambda town, case: Receipt(report=int(replace(case, kind="etablering_steg").found(town))),
        OFFICE_AND_ADMINS,
        frozenset({SARA}),
    ),
    "asked": (lambda town, case: InquiryAsked(case=case.found(town), home=KUMLA), ASKED, ASKED),
    "nudged": (
        lambda town, case: InquiryNudge(case=case.found(town), home=KUMLA, limit="answer"),
        ASKED,
        ASKED,
    ),
    "followed": (
        lambda town, case: InquiryFollowed(case=case.found(town)),
        INFORMED,
        INSIDE,
    ),
    "old": (
        lambda town, case: InquiryOld(case=case.found(town)),
        FOLLOWING,
        INSIDE & FOLLOWING,
    ),
}


@pytest.mark.parametrize(("notice", "told", "inside"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_of_a_case_is_for_those_who_may_know_and_its_first_line_names_nothing(
    town, notice, told, inside
):
    assert {who for who in PEOPLE if composed(town, notice(town, OPEN), who)} == told
    for who in PEOPLE:
        before = len(readings(town))
        page = composed(town, notice(town, SECRET), who)
        assert (page is not None) == (who in inside)
        assert len(readings(town)) - before == (who in inside)
        if page is not None:
            assert SECRET.title in str(page.parts)
            assert SECRET.title not in page.summary


@pytest.mark.parametrize("notice", [each for each, _, _ in MESSAGES.values()], ids=MESSAGES.keys())
def test_the_first_line_of_a_message_does_not_tell_whom_a_confidential_case_is_put_to(town, notice):
    pages = [composed(town, notice(town, SECRET), who) for who in PEOPLE]
    assert "Kumla" not in " ".join(page.summary for page in pages if page)


@pytest.mark.parametrize(
    ("who", "lost"),
    [(MARIA, Role.CONTACT), (EVA, Role.DEPUTY), (KARIN, Role.LEADERSHIP)],
    ids=named,
)
def test_whoever_has_lost_the_role_that_let_them_know_is_told_no_more(town, who, lost):
    before = known(town, who)
    saves(town, replace(before, roles=before.roles - {lost}))
    notices = [notice(town, SECRET) for notice, _, _ in MESSAGES.values()]
    assert [composed(town, notice, who) for notice in notices] == [None] * len(notices)
    assert SECRET.title not in str(says(town, who, "lista"))


def test_whoever_moves_to_another_municipality_is_told_no_more(town):
    saves(town, replace(known(town, MARIA), home=HALLSBERG))
    row = in_(SECRET, Row("case", EVERYONE, None, {"case": OPEN}))
    assert row.by(town, MARIA) == Refuse(sv(NO_SUCH_CASE))


def saves(town: Town, person: Person) -> None:
    town.desk.setup.ledger.write(lambda books: books.people.save(person))


def test_a_case_that_becomes_confidential_is_so_for_messages_on_their_way_as_well(town):
    leaders = [known(town, KARIN).id]
    answers = {**INQUIRY, "code_name": OPEN.title, "leaders": leaders, "confidential": "true"}
    about = {"report": OPENING.found(town)}
    assert does(town, SARA, "etablering", answers, **about) == Done()
    told = {who for who in PEOPLE if composed(town, InquiryOld(case=OPEN.found(town)), who)}
    assert told == INSIDE & FOLLOWING


def test_admins_know_of_confidential_cases_only_where_the_plan_file_says_so(tmp_path, monkeypatch):
    plan = Path(tmp_path) / "plan.toml"
    plan.write_text(
        BRO_PLAN.read_text().replace("admins_may_know = false", "admins_may_know = true")
    )
    monkeypatch.setattr("playground.town.BRO_PLAN", plan)
    with Town(f"sqlite:///{tmp_path}/admins.db", MovableClock(Still(FRIDAY)), cast=PEOPLE) as town:
        peopled(town)
        registers(town, SARA, SECRET, confidential="true")
        shown = {who for who in PEOPLE if isinstance(says(town, who, SECRET.title), Show)}
        assert shown == INSIDE | {AMIR}
        assert town.clock() < datetime(2026, 6, 13, tzinfo=UTC)
        assert SECRET.title not in str(says(town, ANDERS, "lista"))
