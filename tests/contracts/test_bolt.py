"""What we rely on in bolt, and what we guard against: an upgrade that changes it is named here."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from threading import Barrier
from typing import Any

import httpx
import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_sdk.web.async_client import AsyncWebClient

from playground.background import Background
from playground.delivery import COMMAND, INTERACTION, Delivery, signature
from playground.faults import Fault
from playground.server import StandIn

MANY = 20

FORM = {"content-type": "application/x-www-form-urlencoded"}


def made(slack: StandIn, **options: Any) -> AsyncApp:
    client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url)
    return AsyncApp(client=client, signing_secret=slack.world.app.signing_secret, **options)


@pytest.fixture
def app(slack: StandIn) -> Iterator[AsyncApp]:
    """As we have it: the answer waits for the listener."""
    app = made(slack, process_before_response=True)
    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield app


@pytest.fixture
def stock(slack: StandIn) -> Iterator[AsyncApp]:
    """As it comes."""
    app = made(slack)
    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield app


def unsigned(slack: StandIn, body: str, **headers: str) -> httpx.Response:
    assert slack.request_url is not None
    return httpx.post(slack.request_url, content=body, headers={**FORM, **headers})


def test_bolt_answers_only_when_the_listener_has_run_to_its_end(slack: StandIn, app: AsyncApp):
    committed = []

    @app.command("/workshop")
    async def acknowledges_first(ack):
        await ack()
        await asyncio.sleep(0.03)  # a real one: the other order must have time to show itself
        committed.append("report")

    slack.person("maria").types("/workshop")
    assert committed == ["report"]


class Committing(AsyncMiddleware):
    """As ours."""

    def __init__(self) -> None:
        self.committed: list[str] = []

    async def async_process(self, *, req, resp, next):  # noqa: A002 - the names are bolt's
        if "command" not in req.body:
            return await next()
        ack = AsyncAck()
        await ack("first")
        await asyncio.sleep(0.03)  # as above
        self.committed.append(req.body["command"])
        return ack.response


def test_bolt_answers_with_what_a_middleware_returns_at_its_end_and_asks_slack_nothing_before(
    slack: StandIn,
):
    middleware, asked = Committing(), []
    app = made(slack, before_authorize=middleware)
    slack.faults.next("auth.test", Fault.slow(lambda: asked.append(1)), times=9)
    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        maria = slack.person("maria")
        maria.types("/workshop")
    assert [seen.text for seen in maria.sees()] == ["first"]
    assert middleware.committed == ["/workshop"]
    assert asked == []


def test_bolt_as_it_comes_answers_while_the_listener_still_works(slack: StandIn, stock: AsyncApp):
    """What is not committed yet is lost with the process, and Slack was told that all is well."""
    committed = []

    @stock.command("/workshop")
    async def acknowledges_first(ack):
        await ack()
        await asyncio.Event().wait()  # the process ends here
        committed.append("report")

    maria = slack.person("maria")
    maria.types("/workshop")
    assert "failed" not in (maria.notice or "")
    assert committed == []


def test_bolt_as_it_comes_tells_a_failure_of_what_is_committed_too_late(
    slack: StandIn, stock: AsyncApp
):
    """Why we give up on the database before bolt gives up on us."""
    committed, go = [], asyncio.Event()

    @stock.command("/workshop")
    async def commits_late(ack):
        await go.wait()
        committed.append("report")
        await ack()

    @stock.command("/go")
    async def lets_go(ack):
        await ack()
        go.set()

    stock._async_listeners[0].ack_timeout = 0.05  # instead of the three seconds it comes with
    slack.world.add_command("/go")
    maria = slack.person("maria")
    maria.types("/workshop")
    [answer] = slack.redeliver_last()
    assert answer.status == 404
    maria.types("/go")
    assert committed
    assert set(committed) == {"report"}


@pytest.mark.parametrize("acknowledged", [False, True])
def test_a_listener_that_fails_is_never_answered_as_if_it_had_not(
    slack: StandIn, app: AsyncApp, acknowledged: bool
):
    @app.command("/workshop")
    async def fails(ack):
        if acknowledged:
            await ack()
        raise InterruptedError

    maria = slack.person("maria")
    maria.types("/workshop")
    assert "failed" in maria.notice
    [answer] = slack.redeliver_last()
    assert answer.status >= 400


@pytest.mark.parametrize("retry_num", [True, False])
def test_bolt_hands_on_every_repetition(slack: StandIn, app: AsyncApp, retry_num: bool):
    heard = []

    @app.command("/workshop")
    async def hears(ack, body):
        heard.append(body["trigger_id"])
        await ack()

    slack.person("maria").types("/workshop")
    slack.redeliver_last(3, retry_num=retry_num)
    assert len(heard) == 4
    assert len(set(heard)) == 1


def test_bolt_parses_the_body_before_it_checks_the_signature(slack: StandIn, app: AsyncApp):
    """Why the guard stands in front: unsigned, this should be 401 and no more."""
    assert unsigned(slack, "payload=%7Bno+json").status_code == 500


@pytest.fixture
def logged(slack: StandIn, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Bolt as it comes, with a logger that is heard; what it has said."""
    caplog.set_level(logging.INFO, logger="loud")
    app = made(slack, logger=logging.getLogger("loud"))

    def said() -> str:
        bolts = ("slack_bolt", "loud")
        return " ".join(each.getMessage() for each in caplog.records if each.name.startswith(bolts))

    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield said


def test_bolt_logs_the_whole_body_of_what_is_not_signed(slack: StandIn, logged: Callable[[], str]):
    """Why the guard checks the signature, and bolt's own logger is quiet below ERROR."""
    assert unsigned(slack, "command=%2Fworkshop&text=Falk").status_code == 401
    assert "Falk" in logged()


def test_bolt_logs_the_whole_body_where_the_clocks_differ(
    slack: StandIn, logged: Callable[[], str]
):
    """The same: genuine, and only our clock is wrong."""
    body, stamp = "command=%2Fworkshop&text=Falk", str(int(time.time()) - 400)
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(slack.world.app.signing_secret, stamp, body.encode()),
    }
    assert unsigned(slack, body, **headers).status_code == 401
    assert "Falk" in logged()


def test_bolt_logs_what_somebody_types_in_a_list_that_nobody_fills(
    slack: StandIn, logged: Callable[[], str]
):
    """Why all that we do not know goes by our own listeners' last one, and its logger is quiet."""
    typed = {"type": "block_suggestion", "action_id": "x", "block_id": "x", "value": "Falk"}
    slack.courier.send(INTERACTION, {**typed, "team": {"id": "T1"}, "user": {"id": "U1"}})
    assert "Falk" in logged()


def test_bolt_as_it_comes_asks_slack_who_it_is_once_for_each_that_comes_first(
    slack: StandIn, stock: AsyncApp
):
    """Why ours is one middleware before that."""

    @stock.command("/workshop")
    async def hears(ack):
        await ack()

    together = Barrier(MANY)  # nobody is answered before all of them have asked
    slack.faults.next("auth.test", Fault.slow(lambda: together.wait(5)), times=MANY)

    async def scenario() -> list[int]:
        async with httpx.AsyncClient(timeout=10) as client:
            body, content_type = Delivery(COMMAND, {"command": "/workshop", "text": ""}).encoded()
            headers = slack.courier.signed_headers(body, content_type)
            url = str(slack.request_url)
            asked = (client.post(url, content=body, headers=headers) for _ in range(MANY))
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert asyncio.run(scenario()) == [200] * MANY
    assert not together.broken


def test_bolt_takes_a_form_that_has_the_word_payload_for_one_with_a_payload(
    slack: StandIn, app: AsyncApp
):
    """Why the guard spells that word otherwise."""
    heard = []

    @app.command("/workshop")
    async def hears(ack, body):
        heard.append(body)
        await ack()

    slack.person("maria").types("/workshop payload")
    assert heard == []
