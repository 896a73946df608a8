"""What we rely on in Slack's SDK, and what we guard against."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackObjectFormationError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.models.blocks import InputBlock, SectionBlock
from slack_sdk.models.views import View
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from playground.faults import Fault
from playground.server import StandIn

Post = Callable[[StandIn, dict[str, Any]], None]


def post(slack: StandIn, options: dict[str, Any]) -> None:
    client = WebClient(slack.world.app.bot_token, base_url=slack.api_url, **options)
    client.chat_postMessage(channel="bro", text="hej")


def post_async(slack: StandIn, options: dict[str, Any]) -> None:
    client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url, **options)
    asyncio.run(client.chat_postMessage(channel="bro", text="hej"))


posting = pytest.mark.parametrize("posting", [post, post_async])


def said(slack: StandIn) -> list[str]:
    return [seen.text for seen in slack.person("maria").sees("bro")]


@posting
def test_a_client_without_retries_posts_once_when_the_connection_drops(
    slack: StandIn, posting: Post
):
    slack.faults.next("chat.postMessage", Fault.dropped_after())
    with pytest.raises(Exception):  # noqa: B017, PT011 - each client has its own name for it
        posting(slack, {"retry_handlers": []})
    assert said(slack) == ["hej"]


@posting
def test_the_sdk_posts_again_when_the_connection_drops_after_slack_accepted(
    slack: StandIn, posting: Post
):
    """Why `retry_handlers=[]` stands wherever we make a client."""
    slack.faults.next("chat.postMessage", Fault.dropped_after())
    posting(slack, {})
    assert said(slack) == ["hej", "hej"]


@posting
@pytest.mark.parametrize("fault", [Fault.rate_limited("1"), Fault.failed_before(503)])
def test_neither_a_rate_limit_nor_a_servers_failure_is_retried(
    slack: StandIn, posting: Post, fault: Fault
):
    """Why the outbox does it."""
    slack.faults.next("chat.postMessage", fault)
    with pytest.raises(SlackApiError):
        posting(slack, {})
    assert said(slack) == []


def test_a_non_numeric_retry_after_raises_value_error():
    """Why we read that header ourselves."""
    handler = RateLimitErrorRetryHandler()
    request = HttpRequest(method="POST", url="https://slack.com/api/x", headers={})
    answer = HttpResponse(status_code=429, headers={"Retry-After": ["Wed, 21 Oct 2026 07:28 GMT"]})
    with pytest.raises(ValueError, match="Wed"):
        handler.prepare_for_next_attempt(state=RetryState(), request=request, response=answer)


@pytest.mark.parametrize("client", [WebClient, AsyncWebClient])
def test_a_missing_slash_is_added_to_the_base_url(client: type[WebClient | AsyncWebClient]):
    assert client(base_url="https://slack.example/api").base_url == "https://slack.example/api/"


OK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n"
    b'Connection: close\r\n\r\n{"ok":true}'
)


async def _verb(requests: list[str]) -> str:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append((await reader.readuntil(b"\r\n\r\n")).decode().split()[0])
        writer.write(OK)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await AsyncWebClient("xoxb-1", base_url=url).users_info(user="U1")
        await asyncio.to_thread(WebClient("xoxb-1", base_url=url).users_info, user="U1")
    return " ".join(requests)


def test_the_asynchronous_client_reads_by_get_and_the_other_always_posts():
    """Why the stand-in takes both, as Slack does."""
    assert asyncio.run(_verb([])) == "GET POST"


def test_at_debug_the_sdk_logs_what_is_said(slack: StandIn, caplog: pytest.LogCaptureFixture):
    """Why its logger stays at INFO whatever BROBOT_LOG_LEVEL says."""
    caplog.set_level(logging.DEBUG, logger="slack_sdk")
    post(slack, {"retry_handlers": []})
    assert "hej" in caplog.text


def test_the_models_check_a_blocks_own_limits():
    with pytest.raises(SlackObjectFormationError):
        SectionBlock(text="x" * 3001).to_dict()


@pytest.mark.parametrize(
    "model",
    [
        View(type="modal", title="T", blocks=[SectionBlock(block_id="b", text="x")] * 2),
        View(type="modal", title="T", blocks=[InputBlock(label="L", element={"type": "x"})]),
    ],
    ids=["two blocks of one id", "an input without submit"],
)
def test_the_models_check_no_view_as_a_whole(model: Any):
    """Why every page and form is held against the stand-in's limits."""
    model.to_dict()


def test_a_socket_is_tried_with_one_address_over_and_over(slack: StandIn):
    """Which Slack takes once, and for a short while."""
    asked = []
    slack.sockets.refusing = True

    async def issue() -> str:
        asked.append(slack.world.base_url)
        return f"{slack.world.base_url.replace('http', 'ws')}/link/?ticket=once"

    async def connect() -> None:
        client = SocketModeClient(app_token=slack.world.app.app_token, ping_interval=0.01)
        client.issue_new_wss_url = issue
        connecting = asyncio.create_task(client.connect())
        refused = await asyncio.to_thread(slack.sockets.wait_refused, 3, 5)
        await client.close()
        await connecting
        assert refused

    asyncio.run(connect())
    assert len(asked) == 1
