"""A workspace with two people and a bolt app that a test furnishes with listeners."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from playground.background import Background
from playground.server import StandIn
from playground.world import World

JUNE = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Time:
    """Time that a test moves by hand."""

    now: datetime = JUNE
    seconds: float = 1000.0

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hours() -> Time:
    return Time()


@pytest.fixture
def world(hours: Time) -> World:
    world = World(clock=lambda: hours.now, monotonic=lambda: hours.seconds, wall=time.time)
    maria, johan = world.add_user("maria"), world.add_user("johan")
    world.add_channel("bro", [maria, johan])
    world.add_channel("utan-bot", [maria], with_bot=False)
    world.add_command("/workshop", "titel", "Anmäl en workshop")
    return world


@pytest.fixture
def slack(world: World) -> Iterator[StandIn]:
    with StandIn(world, answer_seconds=1.0) as running:
        yield running


@pytest.fixture
def web(slack: StandIn) -> WebClient:
    return WebClient(slack.world.app.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(slack: StandIn) -> AsyncApp:
    client = AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url)
    secret = slack.world.app.signing_secret
    return AsyncApp(client=client, signing_secret=secret, process_before_response=True)


@pytest.fixture
def served(slack: StandIn, app: AsyncApp) -> Iterator[AsyncApp]:
    """The app behind a request URL."""
    with Background(AsyncSlackRequestHandler(app)) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield app


@pytest.fixture
def over_socket(slack: StandIn, app: AsyncApp) -> Iterator[AsyncApp]:
    """The app connected by Socket Mode."""
    handlers: list[AsyncSocketModeHandler] = []

    async def start() -> None:
        handlers.append(AsyncSocketModeHandler(app, slack.world.app.app_token, ping_interval=1))
        await handlers[0].connect_async()

    async def stop() -> None:
        await handlers[0].close_async()

    with looping(start, stop):
        assert slack.sockets.wait_connected(5)
        yield app


@pytest.fixture(params=["served", "over_socket"])
def connected(request: pytest.FixtureRequest) -> AsyncApp:
    """The app by either way."""
    return request.getfixturevalue(request.param)


@contextmanager
def looping(start: Callable[[], Any], stop: Callable[[], Any]) -> Iterator[None]:
    """Coroutines that live in a loop of their own thread."""
    loop, ready = asyncio.new_event_loop(), Event()
    loop.call_soon(ready.set)
    thread = Thread(target=loop.run_forever)
    thread.start()
    ready.wait()
    asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
