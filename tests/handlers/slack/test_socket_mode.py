"""The connection that goes out from us: whether it stands, is said, and it always comes back."""

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from logging.handlers import QueueHandler
from queue import SimpleQueue

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.app import QUIET
from handlers.slack.socket_mode import CUT_OFF, SocketMode
from handlers.web import web_app
from playground.background import Background
from playground.server import StandIn
from playground.town import MARIA, Town
from playground.world import World
from tests.handlers.test_metrics import TOKEN, told

SOON = 5


@pytest.fixture
def town(tmp_path, clock) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path}/socket.db"
    with Town(url, clock, socket_mode=True, metrics_token=TOKEN) as running:
        yield running


def ready(url: str) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"{url}/ready") as answer:
            found: dict[str, object] = json.load(answer)
    except urllib.error.HTTPError as refused:
        found = json.load(refused)
    return found


def is_cut_off(slack: StandIn) -> None:
    """The connection breaks, and another does not come about."""
    slack.sockets.refusing = True
    slack.sockets.hang_up()
    assert slack.sockets.wait_refused(1, SOON)


def test_whether_there_is_a_connection_belongs_to_being_ready(town):
    town.person(MARIA).types("/bro")
    assert ready(town.bot_url)["slack"] is True
    is_cut_off(town.slack)
    assert ready(town.bot_url)["slack"] == CUT_OFF


@pytest.fixture
def logged() -> Iterator[SimpleQueue[logging.LogRecord]]:
    """What bolt and the SDK log, as it comes."""
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    handler = QueueHandler(queue)
    QUIET.addHandler(handler)
    yield queue
    QUIET.removeHandler(handler)


def test_an_address_that_lets_in_whoever_has_it_is_not_logged(town, logged):
    is_cut_off(town.slack)
    said = logged.get(timeout=SOON).getMessage()
    assert "Failed to connect" in said
    assert "/link/?ticket=…'" in said


def test_what_comes_over_it_is_counted_and_timed_like_what_comes_by_http(town):
    town.person(MARIA).types("/bro")
    found = told(town.bot_url)
    assert found['brobot_answers_total{status="200"}'] == 1
    assert found["brobot_answer_seconds_count"] == 1
    assert found["brobot_connected"] == 1
    is_cut_off(town.slack)
    assert told(town.bot_url)["brobot_connected"] == 0


@pytest.fixture
def slack(clock) -> Iterator[StandIn]:
    """A Slack to which an app is connected that soon gives up a connection."""
    world = World(clock=clock, monotonic=time.monotonic, wall=time.time)
    with StandIn(world) as running:
        client = AsyncWebClient(world.app.bot_token, base_url=running.api_url)
        app = AsyncApp(client=client)
        socket = SocketMode(app, world.app.app_token, app.async_dispatch, patience=0.3)
        with Background(web_app({}, {}, [socket]), lifespan=True):
            assert running.sockets.wait_connected(SOON)
            yield running


def test_after_an_address_that_came_to_nothing_it_asks_for_another(slack):
    is_cut_off(slack)
    assert slack.sockets.wait_refused(3, SOON)
    slack.sockets.refusing = False
    assert slack.sockets.wait_connected(SOON)
