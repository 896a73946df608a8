"""Bolt, put together: one app for signed HTTP and for Socket Mode."""

import logging
from collections.abc import Callable
from typing import cast

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp

from handlers.commands import Commands
from handlers.slack.gate import Gate
from handlers.slack.guard import Guard
from handlers.slack.listeners import Listeners

QUIET = logging.getLogger("brobot.bolt")
"""Bolt logs bodies, which hold what people wrote: it may tell errors only."""
QUIET.setLevel(logging.ERROR)


def slack_app(
    commands: Commands, client: AsyncWebClient, gate: Gate, new_id: Callable[[], str]
) -> AsyncApp:
    """To be reached through `signed_http` or `socket_mode` only: it checks no signature itself."""
    app = AsyncApp(
        # Without a name bolt looks through all that is loaded for the file that calls it: 60 ms.
        name=QUIET.name,
        client=client,
        authorize=_OurToken(client.token or ""),
        ignoring_self_events_enabled=False,  # the listeners do
        # The guard has checked it; bolt would check it again and log what does not pass.
        request_verification_enabled=False,
        # The answer is sent when the listener has run to its end: commit, then acknowledge.
        process_before_response=True,
        logger=QUIET,
    )
    Listeners(commands, client, gate, new_id).join(app)
    return app


class _OurToken(AsyncAuthorize):
    """Bolt by itself asks Slack who we are, once for each of the first requests that come at the
    same time, and while Slack does not answer it tells people to install the app anew. Whose
    requests are served, the gate decides."""

    def __init__(self, token: str) -> None:
        self._us = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    async def __call__(self, **_request: object) -> AuthorizeResult:
        return self._us


def signed_http(app: AsyncApp, signing_secret: str, wall: Callable[[], float]) -> ASGIApp:
    """What answers at /slack/events."""
    handler = cast(ASGIApp, AsyncSlackRequestHandler(app))  # right, but for its annotations
    return Guard(handler, signing_secret, wall)


def socket_mode(app: AsyncApp, app_token: str) -> AsyncSocketModeHandler:
    """The connection that goes out from us, for networks that let nothing in."""
    return AsyncSocketModeHandler(app, app_token)
