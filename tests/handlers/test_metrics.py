"""What monitoring is told, and whom it is told to."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.compose.web import web_process
from bot.ledger.store import LedgerBusyError
from playground.background import Background
from playground.faults import Fault
from playground.town import MARIA
from tests.talk import works

TOKEN = "token-of-the-monitoring"
ALERTS = Path(__file__).parents[2] / "docs/alerts.yml"


@pytest.fixture
def watched(town) -> Iterator[str]:
    """The address of a web process that tells its metrics; Slack speaks to it. It has the other way
    in as well."""
    ways = {"metrics_token": TOKEN, "slack_app_token": town.world.app.app_token}
    settings = town.settings.model_copy(update=ways)
    with Background(web_process(town.desk, settings, town.outside), lifespan=True) as server:
        town.slack.request_url = f"{server.url}/slack/events"
        yield server.url


def told(url: str) -> dict[str, float]:
    request = urllib.request.Request(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request) as answer:
        lines = answer.read().decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
def test_nobody_reads_them_without_the_token(watched, header):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{watched}/metrics", headers=header))
    assert refused.value.code == 401


def test_without_a_token_in_the_settings_there_are_none(town):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{town.bot_url}/metrics")
    assert refused.value.code == 404


def test_what_slack_was_answered_is_counted_and_timed(watched, town):
    town.person(MARIA).types("/bro")
    found = told(watched)
    assert found['brobot_answers_total{status="200"}'] == 1
    assert found["brobot_answer_seconds_count"] == 1


def test_what_is_not_signed_is_counted_as_refused(watched):
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{watched}/slack/events", data=b"x")
    assert told(watched)['brobot_answers_total{status="401"}'] == 1


def test_commits_are_counted_by_how_they_ended(watched, town):
    before = told(watched).get('brobot_commits_total{outcome="saved"}', 0)
    town.person(MARIA).types("hej")
    with pytest.raises(LookupError):
        town.desk.setup.ledger.write(lambda books: books.people.stored("nobody"))
    after = told(watched)
    assert after['brobot_commits_total{outcome="saved"}'] > before
    assert after['brobot_commits_total{outcome="undone"}'] == 1


def test_a_database_that_is_busy_is_counted_so(watched, town):
    def busy(_books) -> None:
        raise LedgerBusyError

    with pytest.raises(LedgerBusyError):
        town.desk.setup.ledger.write(busy)
    assert told(watched)['brobot_commits_total{outcome="busy"}'] == 1


def test_the_outbox_is_told_by_state_and_age(watched, town):
    town.person(MARIA).types("hej")
    put = town.clock().timestamp()
    town.clock.set(town.clock() + timedelta(minutes=5))
    found = told(watched)
    assert found['brobot_outbox_messages{state="pending"}'] == 1
    assert found["brobot_outbox_oldest_timestamp_seconds"] == put
    town.deliver()
    found = told(watched)
    assert found['brobot_outbox_messages{state="sent"}'] == 1
    assert "brobot_outbox_oldest_timestamp_seconds" not in found


def test_what_is_due_and_claimed_and_the_workers_progress_are_told(watched, town):
    works(town)
    town.clock.set(town.clock() + timedelta(days=3))
    works(town)
    found = told(watched)
    assert found['brobot_occasions_claimed{alarm="digest"}'] == 1
    assert found["brobot_occasions_due"] == 0
    for name in town.desk.setup.alarms:
        beat = found[f'brobot_progress_timestamp_seconds{{alarm="{name}"}}']
        assert beat == town.clock().timestamp()


def test_errors_in_the_log_are_counted(watched, town):
    town.slack.faults.next("users.info", Fault.refused("user_not_found"))
    town.person(MARIA).types("/bro")
    assert told(watched)["brobot_errors_total"] == 1


def test_a_database_that_is_gone_is_told_as_gone(watched, town, monkeypatch):
    def gone(_work) -> None:
        raise LedgerBusyError

    monkeypatch.setattr(type(town.desk.setup.ledger), "read", lambda _self, work: gone(work))
    found = told(watched)
    assert found["brobot_database_up"] == 0
    assert not any(name.startswith("brobot_outbox") for name in found)


def test_nobody_is_named_in_them(watched, town):
    town.person(MARIA).types("/workshop Frukost 12 mars Kumla")
    names = " ".join(told(watched))
    assert not re.search(r"maria|kumla|frukost|U0|C0", names, re.IGNORECASE)


def test_what_alerts_count_the_increase_of_is_told_before_it_happens_first(watched):
    """Monitoring sees no increase where a series begins with its first event."""
    counted = set().union(*(asked_in(each) for each in RISES.findall(ALERTS.read_text())))
    assert ("brobot_commits_total", "outcome", "busy") in counted
    assert counted - there(told(watched)) == set()


def test_a_worker_that_has_never_run_is_told_as_one_that_has_stood_still_for_ever(watched, town):
    found = told(watched)
    for name in town.desk.setup.alarms:
        assert found[f'brobot_progress_timestamp_seconds{{alarm="{name}"}}'] == 0


def test_a_digest_is_missed_from_when_the_worker_began_and_then_from_the_newest(watched, town):
    assert told(watched)["brobot_digest_timestamp_seconds"] == 0
    works(town)
    assert told(watched)["brobot_digest_timestamp_seconds"] == town.clock().timestamp()
    town.clock.set(town.clock() + timedelta(days=3))
    works(town)
    monday = datetime(2026, 6, 15, 6, tzinfo=UTC)
    assert told(watched)["brobot_digest_timestamp_seconds"] == monday.timestamp()


def test_every_alert_asks_for_something_that_is_told(watched, town):
    works(town)
    town.person(MARIA).types("hej")
    asked = set().union(*map(asked_in, EXPRESSIONS.findall(ALERTS.read_text())))
    assert ("brobot_outbox_messages", "state", "failed") in asked
    assert asked - there(told(watched)) == set()


def test_every_alarm_is_watched(town):
    asked = set().union(*map(asked_in, EXPRESSIONS.findall(ALERTS.read_text())))
    watched = {value for name, _, value in asked if name == "brobot_progress_timestamp_seconds"}
    assert watched - {""} == {*town.desk.setup.alarms}


@pytest.mark.parametrize(
    "misspelt",
    [
        'increase(brobot_commits_total{outcome="bussy"}[10m]) > 0',
        'increase(brobot_commits_total{result="busy"}[10m]) > 0',
        'time() - brobot_progress_timestamp_seconds{alarm=~"delivery|digests"} > 90',
        "brobot_outbox_hold == 1",
    ],
)
def test_an_alert_that_asks_for_what_nobody_tells_is_found(watched, misspelt):
    assert asked_in(misspelt) - there(told(watched))


Asked = tuple[str, str, str]
"""A metric, and a label with a value; both empty for the metric by itself."""

EXPRESSIONS = re.compile(r"^ +expr: (.+)$", re.MULTILINE)
RISES = re.compile(r"\b(?:increase|delta|rate)\((.+?)\[")
SERIES = re.compile(r"\b(brobot_\w+)(?:{([^}]*)})?")
LABEL = re.compile(r'(\w+)=~?"([^"]*)"')


def asked_in(expression: str) -> set[Asked]:
    """What an expression asks for; of `=~"a|b"` each by itself."""
    asked = set()
    for name, labels in SERIES.findall(expression):
        asked.add((name, "", ""))
        for label, values in LABEL.findall(labels):
            asked |= {(name, label, value) for value in values.split("|")}
    return asked


def there(found: dict[str, float]) -> set[Asked]:
    return set().union(*map(asked_in, found))
