"""The command line, and the bot as a process of its own against the stand-in."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.processes.start import wait_for_database
from bot.settings import BRO_PLAN, Settings, SettingsError, settings_from
from playground.town import MARIA, Town

COMPLETE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "secret",
    "BROBOT_CHANNEL": "C1",
}


def without(*names: str, **changed: str) -> dict[str, str]:
    return {name: value for name, value in {**COMPLETE, **changed}.items() if name not in names}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN", "BROBOT_CHANNEL"]),
        (without("BROBOT_CHANNEL"), ["BROBOT_CHANNEL"]),
        (without(SLACK_BOT_TOKEN="xoxp-1"), ["SLACK_BOT_TOKEN does not begin with xoxb-"]),
        (without(SLACK_APP_TOKEN="xoxb-1"), ["SLACK_APP_TOKEN does not begin with xapp-"]),
        (without(DATABASE_URL="mysql://x"), ["DATABASE_URL"]),
        (without(DATABASE_URL="postgresql://me@host:port/x"), ["DATABASE_URL cannot be read"]),
        (without(BROBOT_PLAN="/no/such.toml"), ["BROBOT_PLAN"]),
        (without(SLACK_SIGNING_SECRET="abc  # or"), ["SLACK_SIGNING_SECRET has a space in it"]),
        (without(PORT="many"), ["PORT"]),
        (without(PORT="0", BROBOT_LOG_LEVEL="LOUD"), ["PORT", "BROBOT_LOG_LEVEL"]),
    ],
)
def test_everything_wrong_with_the_settings_is_named_at_once(environment, named):
    with pytest.raises(SettingsError) as refused:
        settings_from(environment)
    assert all(each in str(refused.value) for each in named)


@pytest.mark.parametrize(
    "environment",
    [COMPLETE, without("SLACK_SIGNING_SECRET", SLACK_APP_TOKEN="xapp-1")],
)
def test_either_way_of_connecting_is_enough(environment):
    assert settings_from(environment).plan == BRO_PLAN


def test_an_unset_setting_and_an_empty_one_are_the_same():
    assert settings_from({**COMPLETE, "DATABASE_URL": " "}).database_url == "sqlite:///brobot.db"


def test_admins_are_ids_or_addresses():
    settings = settings_from({**COMPLETE, "BROBOT_ADMINS": "U123, Amir@Example.se ,"})
    assert settings.admin_ids == {"slack:U123", "amir@example.se"}


def test_a_token_is_never_in_what_is_said_about_the_settings():
    with pytest.raises(SettingsError) as refused:
        settings_from({**COMPLETE, "SLACK_BOT_TOKEN": "xoxp-very-secret", "PORT": "x"})
    assert "very-secret" not in str(refused.value)


def test_missing_settings_end_the_program_with_one_text(capsys, monkeypatch):
    for name in Settings.model_fields.values():
        monkeypatch.delenv(str(name.alias), raising=False)
    assert main(["web"]) == 1
    assert "BROBOT_CHANNEL" in capsys.readouterr().err


def test_a_plan_file_is_checked(capsys, tmp_path):
    assert main(["plan", "check", str(BRO_PLAN)]) == 0
    assert "11" in capsys.readouterr().out
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(BRO_PLAN.read_text().replace("target = 4", "target = -4", 1))
    assert main(["plan", "check", str(faulty)]) == 1
    assert f"{faulty}:" in capsys.readouterr().err


def test_the_manifest_is_ready_to_paste_and_gives_each_scope_a_reason(capsys):
    assert main(["manifest", "slack", "--url", "https://bot.example.se"]) == 0
    printed = capsys.readouterr().out
    for command in ("/workshop", "/okr", "/paminnelse", "/bro"):
        assert f"- command: {command}\n" in printed
    assert "https://bot.example.se/slack/events" in printed
    assert "socket_mode_enabled: false" in printed
    scopes = printed.split("bot:\n")[-1].split("settings:")[0].strip().splitlines()
    assert all(" # " in scope for scope in scopes)


def test_a_database_that_is_behind_is_refused_in_words(capsys, monkeypatch, tmp_path):
    for name, value in {**COMPLETE, "DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}.items():
        monkeypatch.setenv(name, value)
    assert main(["worker"]) == 1
    assert "brobot migrate" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["digest", "--week", "2026-v11"]) == 0
    assert "11 2026" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["migrate", "digest"])
def test_a_folder_that_is_not_there_is_said_in_a_sentence(capsys, monkeypatch, tmp_path, command):
    folder = tmp_path / "none"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/brobot.db")
    assert main([command]) == 1
    said = capsys.readouterr().err
    assert f"there is no folder {folder}" in said
    assert "Traceback" not in said


def test_a_database_server_that_is_away_is_said_without_its_password(capsys, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://brobot:hemligt@127.0.0.1:1/none")
    assert main(["migrate"]) == 1
    said = capsys.readouterr().err
    assert "The database does not answer" in said
    assert "hemligt" not in said


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite:///", "postgresql://h:port/x"])
@pytest.mark.parametrize("command", ["migrate", "release", "digest"])
def test_a_database_that_there_cannot_be_is_said_in_a_sentence(capsys, monkeypatch, url, command):
    monkeypatch.setenv("DATABASE_URL", url)
    assert main([command]) == 1
    said = capsys.readouterr().err
    assert "DATABASE_URL " in said
    assert "Traceback" not in said


def test_nothing_is_released_in_a_database_that_is_none_yet(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/brobot.db")
    assert main(["release"]) == 1
    assert "Run: brobot migrate" in capsys.readouterr().err


def test_a_day_that_is_none_is_said_in_a_sentence(capsys):
    with pytest.raises(SystemExit):
        main(["dispose", "--dry-run", "--by", "foo"])
    assert "foo is no day: 2037-12-31" in capsys.readouterr().err


def test_who_waits_for_a_folder_in_vain_is_told_which(caplog, tmp_path):
    folder = tmp_path / "none"
    settings = settings_from({**COMPLETE, "DATABASE_URL": f"sqlite:///{folder}/brobot.db"})
    with pytest.raises(SettingsError, match=f"there is no folder {folder}"):
        wait_for_database(settings, lambda _seconds: None)
    assert f"there is no folder {folder}" in caplog.messages[0]


def test_a_database_that_does_not_answer_is_waited_for_and_named(caplog):
    pauses: list[float] = []
    away = "postgresql://127.0.0.1:1/brobot"
    settings = settings_from({**COMPLETE, "DATABASE_URL": away})
    with pytest.raises(SettingsError, match="does not answer"):
        wait_for_database(settings, pauses.append)
    assert sum(pauses) == 60
    assert {each.getMessage() for each in caplog.records} == {
        "the database does not answer; asking again in 5 s"
    }


def test_a_database_that_comes_while_it_is_waited_for_is_taken(tmp_path):
    folder = tmp_path / "mounted"
    settings = settings_from({**COMPLETE, "DATABASE_URL": f"sqlite:///{folder}/brobot.db"})
    pauses: list[float] = []

    def comes_later(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            folder.mkdir()

    wait_for_database(settings, comes_later)
    assert len(pauses) == 3


@pytest.fixture
def process(town: Town, tmp_path: Path) -> Iterator[str]:
    """`brobot run` as a process; the stand-in sends its requests there. The address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    settings = {
        "SLACK_BOT_TOKEN": town.world.app.bot_token,
        "SLACK_SIGNING_SECRET": town.world.app.signing_secret,
        "SLACK_API_URL": town.slack.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/process.db",
        "BROBOT_CHANNEL": town.settings.channel,
        "HOST": "127.0.0.1",
        "PORT": port,
    }
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "running on" in line:
                break
        yield url
        running.terminate()
        running.stderr.read()


def test_run_takes_a_report_and_delivers_the_receipt(town, process):
    town.slack.request_url = f"{process}/slack/events"
    maria = town.person(MARIA)
    maria.types("/workshop Frukost 2 juni 2026 Kumla, Nora")
    maria.fills(theme="service")
    maria.submits()
    version = town.world.version
    while not maria.dm:
        version = town.world.wait(version, 5)
    assert "Frukost" in maria.dm[-1].text
    with urllib.request.urlopen(f"{process}/health") as answer:
        assert answer.status == 200
