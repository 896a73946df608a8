"""What we rely on in bolt and in Slack's SDK: an upgrade that changes it is named here."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from playground.background import Background
from playground.faults import Fault
from playground.server import StandIn
from playground.town import MARIA, Town
from playground.world import World


@pytest.fixture
def slack(clock: MovableClock) -> Iterator[StandIn]:
    world = World(clock=clock, monotonic=time.monotonic, wall=time.time)
    world.add_channel("bro", [world.add_user("maria")])
    world.add_command("/workshop")
    with StandIn(world) as running:
        yield running


@pytest.fixture
def app(slack: StandIn) -> Iterator[AsyncApp]:
    client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url)
    secret = slack.world.app.signing_secret
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield app


def test_bolt_answers_only_when_the_listener_has_run_to_its_end(slack: StandIn, app: AsyncApp):
    committed = []

    @app.command("/workshop")
    async def acknowledges_first(ack):
        await ack()
        await asyncio.sleep(0.03)
        committed.append("report")

    slack.person("maria").types("/workshop")
    assert committed == ["report"]


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


@pytest.mark.parametrize("retry_num", [True, False])
def test_a_submission_that_comes_four_times_is_one_report_with_one_answer(
    town: Town, retry_num: bool
):
    maria = town.person(MARIA)
    maria.types("/workshop Exportdag 12 juni Kumla", channel="bro")
    maria.fills(theme="service")
    maria.submits()
    answers = town.slack.redeliver_last(3, retry_num=retry_num)
    assert [answer.body for answer in answers] == [{"response_action": "clear"}] * 3
    town.settle()
    known = town.desk.setup.ledger.read(lambda books: books.reports.known_at(town.clock()))
    assert [report.answers["title"] for report in known] == ["Exportdag"]
    assert len(maria.dm) == 1


def post(client: WebClient) -> None:
    client.chat_postMessage(channel="bro", text="hej")


def post_async(client: WebClient) -> None:
    other = AsyncWebClient(client.token, base_url=client.base_url, retry_handlers=[])
    asyncio.run(other.chat_postMessage(channel="bro", text="hej"))


@pytest.mark.parametrize("posting", [post, post_async])
def test_a_client_without_retries_posts_once_when_the_connection_drops(slack: StandIn, posting):
    client = WebClient(slack.world.app.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.faults.next("chat.postMessage", Fault.dropped_after())
    with pytest.raises(Exception):  # noqa: B017, PT011 - each client has its own name for it
        posting(client)
    assert [seen.text for seen in slack.person("maria").sees("bro")] == ["hej"]


def test_a_client_as_it_comes_would_post_twice(slack: StandIn):
    """Why `retry_handlers=[]` stands wherever we make one."""
    slack.faults.next("chat.postMessage", Fault.dropped_after())
    post(WebClient(slack.world.app.bot_token, base_url=slack.api_url))
    assert [seen.text for seen in slack.person("maria").sees("bro")] == ["hej", "hej"]
