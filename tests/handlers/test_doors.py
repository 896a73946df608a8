"""Every way into the web process, and what protects it. What is not in the table is not there."""

import http.client
from contextlib import closing
from itertools import product
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.compose.web import SERVER, web_process
from handlers.web import HEADERS
from playground.background import Background

SIGNED, OPEN = "signed by Slack", "open: says only that it runs, or can work"
GUARDED = "by the token of the monitoring"
DOORS = {
    ("/health", "GET"): OPEN,
    ("/health", "HEAD"): OPEN,
    ("/ready", "GET"): OPEN,
    ("/ready", "HEAD"): OPEN,
    ("/slack/events", "POST"): SIGNED,
    ("/metrics", "GET"): GUARDED,
    ("/metrics", "HEAD"): GUARDED,
}
PATHS = {path for path, _ in DOORS}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
STRAY = (
    "/",
    "/docs",
    "/slack",
    "/slack/install",
    "/slack/events/",
    "/health/..",
    "//health",
    "/.env",
)


def asked(url: str, method: str, path: str) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection(urlsplit(url).netloc)) as connection:
        connection.request(method, path, body=b"payload=%7B%7D" if method == "POST" else None)
        answer = connection.getresponse()
        answer.read()
        return answer


@pytest.fixture
def watched(town) -> Starlette:
    """The web process with all that it may have, and a worker has been seen."""
    town.desk.setup.ledger.write(lambda books: books.pulse.beat("delivery", town.clock()))
    settings = town.settings.model_copy(update={"metrics_token": "a token of the monitoring"})
    return web_process(town.desk, settings, town.outside)


def test_the_table_names_every_route_and_no_other(watched):
    assert all(isinstance(route, Route) for route in watched.routes)
    there = {(route.path, method) for route in watched.routes for method in route.methods or ()}
    assert there == set(DOORS)


def test_without_a_signing_secret_slack_has_no_door_here(town):
    secretless = town.settings.model_copy(update={"slack_signing_secret": ""})
    web = web_process(town.desk, secretless, town.outside)
    assert "/slack/events" not in {route.path for route in web.routes}


def test_each_door_is_protected_as_the_table_says_and_every_other_method_is_refused(watched):
    expected = {SIGNED: {401}, GUARDED: {401}, OPEN: {200}}
    with Background(watched, lifespan=True) as server:
        for path, method in product(sorted(PATHS), METHODS):
            status = asked(server.url, method, path).status
            wanted = expected.get(DOORS.get((path, method), ""), {400, 404, 405})
            assert status in wanted, (path, method)


@pytest.mark.parametrize("path", STRAY)
def test_there_is_nothing_behind_any_other_path(town, path):
    statuses = {asked(town.bot_url, method, path).status for method in METHODS}
    assert statuses <= {307, 400, 404, 405}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/health"), ("POST", "/slack/events"), ("PUT", "/ready"), ("GET", "/no-such-thing")],
)
def test_every_answer_carries_the_headers_also_a_refusal(town, method, path):
    answer = asked(town.bot_url, method, path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_an_answer_does_not_say_what_server_it_comes_from(town):
    config = uvicorn.Config(None, **SERVER)
    assert not config.server_header
    assert not config.access_log


def test_the_playground_listens_on_this_machine_alone():
    with closing(Background(None)._listening) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
