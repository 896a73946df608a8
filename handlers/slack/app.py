"""Bolt, put together: one app for signed HTTP and for Socket Mode."""

import logging
import re
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import Response
from starlette.types import ASGIApp

from handlers.slack.guard import Guard
from handlers.slack.listeners import Listeners
from handlers.slack.shape import Object

QUIET = logging.getLogger("brobot.bolt")
"""Bolt logs bodies, which hold what people wrote: it may tell errors only."""
QUIET.setLevel(logging.ERROR)

_TICKET = re.compile(r"(?<=ticket=)[^&'\s]+")


def _without_ticket(record: logging.LogRecord) -> bool:
    """An address of Socket Mode lets in whoever has it, and is logged when nothing came of it."""
    record.msg, record.args = _TICKET.sub("…", record.getMessage()), None
    return True


QUIET.addFilter(_without_ticket)


def slack_app(listeners: Listeners, client: AsyncWebClient) -> AsyncApp:
    """To be reached through `signed_http` or `SocketMode` only: it checks no signature itself."""
    return AsyncApp(
        # Without a name bolt looks through all that is loaded for the file that calls it: 60 ms.
        name=QUIET.name,
        client=client,
        # In front of bolt's own authorization, which asks Slack who we are and, while Slack does
        # not answer, tells people to install the app anew. Whose requests are served, the gate
        # decides.
        before_authorize=listeners,
        ignoring_self_events_enabled=False,  # the listeners do
        # The guard has checked it; bolt would check it again and log what does not pass.
        request_verification_enabled=False,
        logger=QUIET,
    )


def signed_http(
    listeners: Listeners, app: AsyncApp, signing_secret: str, wall: Callable[[], float]
) -> ASGIApp:
    """What answers at /slack/events. What is none of ours is bolt's: for every request it makes a
    client and a context, in a third of the time that an event takes."""

    async def by_bolt(sent: Object) -> BoltResponse:
        # What has been read already bolt takes in this mode only. No difference is made by it.
        return await app.async_dispatch(AsyncBoltRequest(body=sent, mode="socket_mode"))

    async def answer(sent: Object) -> Response:
        told = await listeners.answer(sent) or await by_bolt(sent)
        return Response(told.body, told.status, told.first_headers())

    return Guard(answer, signing_secret, wall)
