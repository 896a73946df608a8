"""What the web process says of itself, and what it says when Slack is slow or strange."""

import json
import urllib.error
import urllib.request

import pytest

from bot.compose.web import web_process
from handlers.slack.listeners import UNEXPECTED
from handlers.web import web_app
from playground.background import Background
from playground.faults import Fault
from playground.town import MARIA
from schedules.alarms import alarms
from schedules.names import NAMES
from schedules.watchdog import Progress
from tests.talk import sv


def asked(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_it_is_healthy_while_it_runs(town):
    assert asked(f"{town.bot_url}/health") == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_answers(town):
    town.desk.setup.ledger.write(lambda books: books.pulse.beat("delivery", town.clock()))
    assert asked(f"{town.bot_url}/ready") == (200, {"database": True, "worker": True})


def test_alone_on_sqlite_it_is_not_ready_before_a_worker_has_been_seen(town):
    """A worker on another machine would have a file of its own, and deliver nothing of ours."""
    status, found = asked(f"{town.bot_url}/ready")
    assert status == 503
    assert "must run on the same machine" in str(found["worker"])


def test_with_a_worker_it_is_ready_only_while_that_gets_things_done(town):
    web = web_process(town.desk, town.settings, town.outside, alone=False)
    with Background(web, lifespan=True) as server:
        assert asked(f"{server.url}/ready") == (503, {"database": True, "worker": False})
        for alarm in alarms(town.desk, town.deliverer, Progress(NAMES)):
            alarm.job()
        assert asked(f"{server.url}/ready")[0] == 200


def test_what_cannot_be_found_out_is_not_so(caplog):
    def breaks() -> bool:
        raise ConnectionError

    with Background(web_app({}, {"worker": breaks, "database": lambda: True})) as server:
        assert asked(f"{server.url}/ready") == (503, {"worker": False, "database": True})
    assert "a check of readiness failed" in caplog.text


@pytest.mark.parametrize("path", ["/", "/slack/events", "/slack/install", "/docs"])
def test_there_is_nothing_else_to_get(town, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{town.bot_url}{path}")
    assert refused.value.code in {404, 405}


def test_a_form_that_comes_too_late_is_said_so_and_can_be_had_again(town):
    maria = town.person(MARIA)
    town.slack.faults.next("views.open", Fault.refused("expired_trigger_id"))
    maria.types("/workshop Frukost")
    assert maria.dm[-1].text == sv(
        "The form could not be opened in time. Nothing was lost: try again."
    )
    maria.types("/workshop Frukost")
    assert maria.modal is not None


def test_when_slack_does_not_say_who_somebody_is_they_are_told_that_it_failed(town):
    maria = town.person(MARIA)
    town.slack.faults.next("users.info", Fault.refused("user_not_found"))
    maria.types("/bro")
    assert sv(UNEXPECTED, id="") in maria.dm[-1].text
    maria.types("/bro")
    assert sv("This is what I can do") in maria.dm[-1].words


def test_home_that_cannot_be_shown_leaves_the_bot_running(town):
    maria = town.person(MARIA)
    town.slack.faults.next("views.publish", Fault.failed_before(500))
    maria.opens_home()
    assert maria.opens_home() is not None


def test_a_socket_that_never_connects_does_not_keep_it_from_stopping(town):
    settings = town.settings.model_copy(
        update={"slack_app_token": "xapp-1-wrong", "slack_signing_secret": ""}
    )
    web = web_process(town.desk, settings, town.outside)
    with Background(web, lifespan=True) as server:
        assert asked(f"{server.url}/health")[0] == 200
