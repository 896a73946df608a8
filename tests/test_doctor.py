"""`brobot doctor`: every piece is looked at, and what is missing is said with what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from bot.clock import MovableClock, system_clock
from bot.compose.desk import Outside
from bot.compose.doctor import findings
from bot.doctor import Finding, report
from bot.ledger.audit import CONSOLE, Act
from bot.machine import Machine
from bot.presence import arrive
from playground.town import MARIA, Town


@pytest.fixture
def looked(town: Town):
    """What is found with these settings changed, by the machine's own clock."""

    def look(outside: Outside | None = None, **changed: str) -> dict[str, Finding]:
        settings = town.settings.model_copy(update=changed)
        return {each.what: each for each in findings(settings, outside or Outside())}

    return look


def trouble(found: dict[str, Finding]) -> dict[str, str]:
    return {what: each.found for what, each in found.items() if each.remedy}


def test_where_all_is_in_place_nothing_is_to_be_done(looked):
    found = looked()
    assert trouble(found) == {}
    assert set(found) == {
        *("Plan file", "Database", "Schema", "Disk", "Bot token", "Scopes", "Clock", "Channel"),
        "Audit trail",
        "Erasures",
    }


def test_a_token_that_does_not_work_is_said_and_what_needs_one_is_left(looked):
    found = looked(slack_bot_token="xoxb-wrong")
    assert trouble(found) == {"Bot token": "invalid_auth"}
    assert "Channel" not in found


def test_a_missing_scope_is_named(town, looked):
    town.world.app = replace(town.world.app, scopes=town.world.app.scopes - {"files:write"})
    assert trouble(looked()) == {"Scopes": "missing: files:write"}


def test_a_channel_that_the_bot_is_not_in_is_said(looked):
    assert set(trouble(looked(channel="C000000000"))) == {"Channel"}


def test_a_clock_that_is_wrong_is_said(looked, clock: MovableClock):
    assert set(trouble(looked(Outside(clock=clock)))) == {"Clock"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{folder}/bare.db", {"Schema": "not this release's"}),
        ("sqlite:////no/such/folder/x.db", {"Database", "Disk", "Erasures"}),
        ("postgresql://brobot:hemligt@127.0.0.1:1/none", {"Database", "Erasures"}),
    ],
)
def test_a_database_that_is_not_ready_is_said_without_its_password(looked, tmp_path, url, said):
    found = looked(database_url=url.format(folder=tmp_path))
    assert set(trouble(found)) == set(said)
    assert "hemligt" not in str(found)


def test_sqlite_on_a_network_is_said(looked):
    assert set(trouble(looked(Outside(mounts=lambda: "server:/all / nfs4 rw 0 0")))) == {
        "Database file"
    }


def test_another_machine_on_the_same_sqlite_file_is_said(looked, town):
    other = Machine("another boot", "another host")
    town.desk.setup.ledger.write(lambda books: arrive(books, other, system_clock()))
    assert set(trouble(looked())) == {"Machine"}


def test_people_but_no_worker_ever_means_that_it_runs_elsewhere(looked, town):
    town.person(MARIA).types("/bro")
    assert set(trouble(looked())) == {"Worker"}
    town.desk.setup.ledger.write(lambda books: books.pulse.beat("delivery", town.clock()))
    assert trouble(looked()) == {}


def test_an_audit_trail_that_somebody_has_changed_is_said(town, looked):
    setup = town.desk.setup
    for what in (Act.RESTORED, Act.RELEASED):
        setup.ledger.write(lambda books, what=what: setup.note(books, CONSOLE, what))
    with closing(sqlite3.connect(town.database_url.removeprefix("sqlite:///"))) as database:
        database.execute("DROP TRIGGER audit_keeps_delete")
        database.execute("DELETE FROM audit WHERE number = 1")
        database.commit()
    assert trouble(looked()) == {"Audit trail": "Entry 1 is missing."}


def test_a_journal_of_erasures_that_is_missing_or_behind_is_said(town, looked, tmp_path):
    maria = town.person(MARIA)
    maria.types("/bro")
    town.desk.setup.ledger.write(lambda books: books.pulse.beat("delivery", town.clock()))
    journal = tmp_path / "journal"
    assert trouble(looked(erasures=str(tmp_path))) == {"Erasures": f"{tmp_path} cannot be written"}
    assert set(trouble(looked(erasures="/no/such/folder/journal"))) == {"Erasures"}
    town.desk.erasing.erase(f"slack:{maria.id}")
    assert trouble(looked(erasures=str(journal))) == {"Erasures": "0 in the journal, 1 missing"}
    journal.write_text("no journal")
    assert set(trouble(looked(erasures=str(journal)))) == {"Erasures"}
    assert trouble(looked()) == {}


def test_socket_mode_is_tried_where_it_is_set(looked, town):
    assert trouble(looked(slack_app_token=town.world.app.app_token)) == {}
    assert set(trouble(looked(slack_app_token="xapp-wrong"))) == {"Socket Mode"}


def test_slack_that_cannot_be_reached_is_said(looked):
    assert set(trouble(looked(slack_api_url="http://127.0.0.1:1/api/"))) == {"Slack"}


def test_each_is_a_line_and_what_to_do_stands_below():
    found: Iterator[Finding] = iter((Finding("One", "well"), Finding("Two", "ill", "Mend it.")))
    assert report(found) == (["✔ One: well", "✘ Two: ill", "    Mend it."], False)
