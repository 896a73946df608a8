"""Disposal by itself: announced first, whole cases, what is kept stays, and a record of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.clock import MovableClock
from bot.ledger.audit import Act, Entry
from bot.ledger.tables import metadata
from bot.notices import Guide
from bot.outcomes import Done, Open
from playground.town import AMIR, JOHAN, MARIA, SARA, Town
from schedules.disposal import disposal_if_due
from tests.conftest import FRIDAY, Still
from tests.handlers.house import (
    INQUIRY,
    OPEN,
    PEOPLE,
    SECRET,
    WORKSHOP,
    does,
    peopled,
    registers,
)
from tests.talk import commands_of, known, sv

ENDS = datetime(2027, 12, 31, 12, 0, tzinfo=UTC)
NOVEMBER = datetime(2037, 11, 15, 7, 0, tzinfo=UTC)
DECEMBER = datetime(2037, 12, 15, 7, 0, tzinfo=UTC)
JANUARY = datetime(2038, 1, 4, 7, 0, tzinfo=UTC)
"""By the decided plan's rule of ten years workshops go from 2037-12-31: on 1 January 2038."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path}/brobot.db"
    with Town(url, MovableClock(Still(FRIDAY)), cast=PEOPLE) as running:
        peopled(running)
        assert does(running, MARIA, "workshop", WORKSHOP) == Done()
        registers(running, SARA, OPEN)
        registers(running, SARA, SECRET, confidential="true")
        running.settle()
        yield running


def works(town: Town, *moments: datetime) -> None:
    for moment in moments:
        town.clock.set(moment)
        disposal_if_due(town.desk)


def reports(town: Town, *kinds: str) -> int:
    every = town.desk.setup.ledger.read(lambda books: books.reports.ever())
    return sum(not kinds or report.kind in kinds for report in every)


def entries(town: Town, subject: str) -> list[Entry]:
    every = town.desk.setup.ledger.read(lambda books: tuple(books.audit.all()))
    return [e for e in every if e.action == Act.DISPOSED and e.subject == subject]


def test_nothing_goes_before_its_day_and_then_the_whole_case_does(town):
    does(town, MARIA, "workshop", {**WORKSHOP, "title": "Ändrad"}, report="1")
    works(town, NOVEMBER, DECEMBER)
    assert reports(town, "workshop") == 2
    works(town, JANUARY)
    assert reports(town, "workshop") == 0
    assert "Ändrad" not in dumped(town)


def test_what_has_no_rule_stays(town):
    works(town, NOVEMBER, DECEMBER, JANUARY)
    assert reports(town, "etablering") == 2


def test_the_trail_tells_what_went_how_many_by_which_rule(town):
    works(town, DECEMBER, JANUARY)
    (entry,) = entries(town, "kind:workshop")
    assert (entry.details["cases"], entry.details["reports"]) == (1, 1)
    assert (entry.details["keep_years"], entry.details["after"]) == (10, "plan ends")
    assert entry.details["basis"]
    assert town.desk.trail.verdict().fault == ""


def test_admins_are_told_a_month_before(town):
    amir = town.person(AMIR)
    works(town, NOVEMBER)
    town.deliver()
    assert not any("gallras" in message.text for message in amir.dm)
    works(town, DECEMBER)
    town.deliver()
    (told,) = (message for message in amir.dm if "gallras" in message.text)
    assert "1 januari 2038" in told.text
    assert "Exportdag" in str(told.blocks)
    assert not any("gallras" in message.text for message in town.person(MARIA).dm)


def test_what_nobody_was_told_of_waits_until_they_have_been(town):
    """Nothing ran in December."""
    works(town, JANUARY)
    assert reports(town, "workshop") == 1
    works(town, JANUARY + timedelta(days=31))
    assert reports(town, "workshop") == 0


def test_an_admin_keeps_a_case_from_the_announcement_and_it_stays(town):
    works(town, DECEMBER)
    town.deliver()
    amir = town.person(AMIR)
    told = next(message for message in amir.dm if "gallras" in message.text)
    amir.presses(sv("Keep"), told)
    amir.fills(why="Begärd ut av en forskare")
    amir.submits()
    works(town, JANUARY)
    assert reports(town, "workshop") == 1
    listed = str(commands_of(town).say(known(town, AMIR), "bro", "bevara"))
    assert "Begärd ut av en forskare" in listed
    assert "forskare" not in str(town.desk.trail.export())


def test_what_is_no_longer_kept_goes_with_the_next_round(town):
    case = town.desk.setup.ledger.read(lambda books: books.reports.get(1)).case
    town.desk.disposing.keep(case, "Väntar")
    works(town, DECEMBER, JANUARY)
    assert reports(town, "workshop") == 1
    commands_of(town).press(known(town, AMIR), "lift", {"case": case})
    works(town, JANUARY + timedelta(days=31))
    assert reports(town, "workshop") == 0


def test_a_case_is_kept_by_its_name(town):
    outcome = commands_of(town).say(known(town, AMIR), "bro", f"bevara {OPEN.title}")
    assert isinstance(outcome, Open)
    assert OPEN.title in str(outcome.form.intro)


def test_a_confidential_case_is_not_named_to_an_admin_who_may_not_know_of_it(town):
    town.desk.disposing.keep(SECRET.found(town), "Väntar")
    listed = str(commands_of(town).say(known(town, AMIR), "bro", "bevara"))
    assert SECRET.title not in listed
    assert "1 konfidentiellt ärende" in listed


def test_a_case_that_goes_takes_all_that_was_said_of_it_along(town):
    case = OPEN.found(town)
    read = town.desk.setup.ledger.read
    told = read(lambda books: books.reports.of_case(case))
    assert case in dumped(town)
    town.desk.setup.ledger.write(lambda books: books.disposal.case(case, told))
    left = dumped(town, but="audit")
    assert case not in left
    assert OPEN.title not in left
    assert SECRET.title in left
    assert INQUIRY["company"] in left  # of the other case


def test_messages_keys_and_notes_of_reminders_go_by_their_days_and_those_of_a_case_stay(town):
    setup = town.desk.setup
    maria = known(town, MARIA).id
    setup.ledger.write(lambda books: setup.tell(books, maria, "guide:old", Guide()))
    setup.ledger.write(lambda books: books.handled.first("old", FRIDAY))
    town.settle()
    works(town, FRIDAY + timedelta(days=29))
    read = setup.ledger.read
    assert read(lambda books: books.handled.seen("old"))
    works(town, FRIDAY + timedelta(days=31))
    assert not read(lambda books: books.handled.seen("old"))
    assert read(lambda books: books.outbox.get("guide:old"))
    works(town, FRIDAY + timedelta(days=91))
    assert read(lambda books: books.outbox.get("guide:old")) is None
    assert read(lambda books: books.outbox.get("receipt:1"))
    assert read(lambda books: books.outbox.keys_beginning(f"ask:{OPEN.found(town)}:"))
    assert entries(town, "kind:served")[-1].details["messages"]


def test_what_is_unsaid_yet_does_not_go_however_old(town):
    setup = town.desk.setup
    maria = known(town, MARIA).id
    setup.ledger.write(lambda books: setup.tell(books, maria, "guide:unsaid", Guide()))
    works(town, FRIDAY + timedelta(days=200))
    assert setup.ledger.read(lambda books: books.outbox.get("guide:unsaid"))


def test_it_works_once_a_day(town):
    town.clock.set(NOVEMBER)
    assert [disposal_if_due(town.desk) for _ in range(3)] == [True, False, False]


def test_the_head_of_the_trail_is_logged_every_day(town, caplog):
    caplog.set_level("INFO", "schedules.disposal")
    works(town, NOVEMBER)
    assert town.desk.trail.verdict().head in caplog.text


def test_the_command_line_says_what_would_go_and_keeps_a_case(town, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", town.database_url)
    assert main(["dispose", "--dry-run", "--by", "2038-01-01"]) == 0
    printed = capsys.readouterr().out
    assert "1" in printed
    assert "10" in printed
    assert reports(town, "workshop") == 1
    assert main(["keep", "1", "--why", "Begärd ut"]) == 0
    assert main(["dispose", "--dry-run", "--by", "2038-01-01"]) == 0
    assert "Nothing has outlived" in capsys.readouterr().out
    assert main(["keep", "1", "--lift"]) == 0
    assert main(["keep", "999", "--why", "x"]) == 1
    assert main(["dispose"]) == 0
    assert reports(town, "workshop") == 1  # its day has not come


def test_key_results_of_the_plan_stay_what_they_are(town):
    before = str(commands_of(town).say(known(town, JOHAN), "okr", "S4"))
    works(town, ENDS - timedelta(days=40), ENDS)
    town.clock.set(FRIDAY)
    assert str(commands_of(town).say(known(town, JOHAN), "okr", "S4")) == before


def dumped(town: Town, but: str = "") -> str:
    with town.desk.setup.ledger._engines.reading.begin() as connection:
        tables = [each for each in metadata.sorted_tables if each.name != but]
        return "\n".join(str(row) for each in tables for row in connection.execute(select(each)))
