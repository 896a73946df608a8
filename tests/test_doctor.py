"""`brobot doctor`: every piece is looked at, and what is missing is said with what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from bot.__main__ import main
from bot.clock import MovableClock, system_clock
from bot.compose.desk import Outside
from bot.compose.doctor import findings
from bot.doctor import Finding, packaged, report, zone_findings
from bot.ledger.audit import CONSOLE, Act
from bot.machine import Machine
from bot.presence import arrive
from bot.settings import Settings, settings_read
from playground.faults import Fault
from playground.town import MARIA, Town
from tests import databases
from tests.conftest import FRIDAY
from tests.talk import works


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
        *("Settings", "Plan file", "Time zone", "Database", "Schema", "Disk", "Audit trail"),
        *("Worker", "Outbox", "Erasures"),
        *("Signing secret", "Bot token", "Scopes", "Clock", "Channel"),
    }


def test_a_token_that_does_not_work_is_said_and_what_needs_one_is_left(looked):
    found = looked(slack_bot_token="xoxb-wrong")
    assert trouble(found) == {"Bot token": "invalid_auth"}
    assert "Channel" not in found


def test_who_may_not_look_into_the_channel_is_sent_to_the_scopes(town, looked):
    town.world.app = replace(town.world.app, scopes=frozenset({"chat:write"}))
    assert "scopes" in looked()["Channel"].remedy


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
        ("sqlite:///{folder}/none-yet.db", {"Schema"}),
        ("sqlite:////no/such/folder/x.db", {"Disk", "Erasures"}),
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
    at_work(town)
    assert trouble(looked()) == {}


def at_work(town: Town) -> None:
    """A round of a worker, just now by this machine's own clock."""
    town.clock.set(system_clock())
    works(town)


def test_a_worker_that_has_got_nothing_done_lately_is_said_by_what_is_silent(looked, town):
    at_work(town)
    before = system_clock() - timedelta(minutes=3)
    town.desk.setup.ledger.write(lambda books: books.pulse.beat("reminders", before))
    assert trouble(looked()) == {"Worker": "silent: reminders for 3 min"}
    town.desk.setup.ledger.write(lambda books: books.pulse.clear("tallies"))
    assert trouble(looked()) == {"Worker": "silent: reminders for 3 min, tallies always"}


def test_a_message_that_waits_for_long_and_one_that_never_arrived_are_said(looked, town):
    at_work(town)
    town.clock.set(system_clock() - timedelta(minutes=20))
    town.person(MARIA).types("hej")
    found = looked()["Outbox"]
    assert found.found == "1 wait, the oldest for 20 min"
    assert "token and channel" in found.remedy
    town.slack.faults.next("chat.postMessage", Fault.refused("invalid_blocks"))
    town.deliver()
    assert "1 never arrived" in looked()["Outbox"].found
    assert "worker's log" in looked()["Outbox"].remedy
    assert not looked(Outside(clock=lambda: system_clock() + timedelta(days=8)))["Outbox"].remedy


def test_on_postgresql_the_worker_and_the_outbox_are_looked_at_as_well(looked, tmp_path):
    with databases.postgresql(tmp_path) as server:
        url = databases.migrated(server("doctor"))
        found = looked(database_url=url, erasures=str(tmp_path / "journal"))
    assert trouble(found) == {}
    assert found["Worker"].found == "none has run yet"
    assert found["Outbox"].found == "nothing waits"


def test_a_look_makes_no_database(looked, tmp_path):
    looked(database_url=f"sqlite:///{tmp_path}/none-yet.db")
    assert not (tmp_path / "none-yet.db").exists()


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
    at_work(town)
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


def test_a_connection_that_breaks_while_the_channel_is_asked_for_is_said(looked, town):
    town.slack.faults.next("conversations.history", Fault.dropped_before())
    assert set(trouble(looked())) == {"Channel"}


@pytest.mark.parametrize("secret", ["feedc0de", "xoxb-" + "1" * 27, "FEEDC0DE" * 4])
def test_a_signing_secret_of_another_shape_is_doubted_and_not_shown(looked, secret):
    found = looked(slack_signing_secret=secret)
    assert set(trouble(found)) == {"Signing secret"}
    assert secret not in str(found)


NEEDS = {
    "SLACK_BOT_TOKEN": {"Bot token", "Scopes", "Channel"},
    "BROBOT_CHANNEL": {"Channel"},
    "DATABASE_URL": {"Database", "Schema", "Worker", "Outbox", "Erasures"},
    "BROBOT_PLAN": {"Plan file", "Time zone"},
    "SLACK_API_URL": {"Bot token", "Scopes", "Channel", "Clock"},
    "PORT": set(),
}
"""What hangs on a setting."""


@pytest.mark.parametrize(("setting", "unlooked"), NEEDS.items())
def test_a_setting_that_is_wrong_keeps_nothing_else_from_being_looked_at(town, setting, unlooked):
    given = {**environment(town), setting: "wrong"}
    settings, wrong = settings_read(given)
    found = {each.what: each for each in findings(settings, Outside(), wrong)}
    assert set(trouble(found)) == {"Settings"}
    assert setting in found["Settings"].found
    assert found.keys() & set().union(*NEEDS.values()) == set().union(*NEEDS.values()) - unlooked


def environment(town: Town) -> dict[str, str]:
    told = {str(f.alias): getattr(town.settings, n) for n, f in Settings.model_fields.items()}
    return {n: ",".join(v) if isinstance(v, tuple) else str(v) for n, v in told.items() if v}


def test_where_nothing_is_set_each_is_named_and_slack_is_reached_for(
    town, capsys, monkeypatch, tmp_path
):
    for name in environment(town):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("SLACK_API_URL", town.slack.api_url)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    for told in (
        "✘ Settings: SLACK_BOT_TOKEN is missing",
        "✘ Settings: SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is missing",
        "✘ Settings: BROBOT_CHANNEL is missing",
        "✔ Plan file",
        "✘ Schema: there is no database yet",
        "✔ Slack: can be reached",
        "✔ Clock",
    ):
        assert told in said


def test_a_plan_that_cannot_be_read_keeps_nothing_else_from_being_looked_at(looked, tmp_path):
    faulty = tmp_path / "plan.toml"
    faulty.write_text("zone = 3")
    found = looked(plan=faulty)
    assert set(trouble(found)) == {"Plan file"}
    assert found.keys() >= {"Time zone", "Database", "Channel"}


def test_the_time_zone_is_told_with_its_offset_now():
    summer, winter = FRIDAY, datetime(2026, 12, 1, tzinfo=UTC)
    for moment, told in (summer, "UTC+0200"), (winter, "UTC+0100"):
        [found] = zone_findings("Europe/Stockholm", moment)
        assert found == Finding("Time zone", f"Europe/Stockholm, now {told}")


def test_time_zone_data_that_say_otherwise_than_our_own_are_said():
    def abolished(_zone: str) -> ZoneInfo:
        return ZoneInfo("Etc/GMT-2")  # two hours east, all year

    [found] = zone_findings("Europe/Stockholm", FRIDAY, here=abolished)
    assert found.found.endswith("now UTC+0200; on 2026-10-25 our own data have +0100")
    assert "time zone data" in found.remedy


def test_a_time_zone_that_cannot_be_loaded_is_said():
    def gone(zone: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(zone)

    for here, ours in (gone, packaged), (ZoneInfo, gone):
        [found] = zone_findings("Europe/Stockholm", FRIDAY, here, ours)
        assert "cannot be loaded" in found.found
        assert found.remedy


def test_each_is_a_line_and_what_to_do_stands_below():
    found: Iterator[Finding] = iter((Finding("One", "well"), Finding("Two", "ill", "Mend it.")))
    assert report(found) == (["✔ One: well", "✘ Two: ill", "    Mend it."], False)
