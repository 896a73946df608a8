"""Bolt, put together: one app for signed HTTP and for Socket Mode."""

import json
import logging
import re
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from handlers.slack.answers import TAKEN
from handlers.slack.answers import Response as Answer
from handlers.slack.guard import Guard
from handlers.slack.listeners import Listeners
from handlers.slack.shape import Object

_TAKEN = PlainTextResponse(TAKEN)
"""What most of what Slack sends is answered: made once."""

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


def _response(told: Answer) -> Response:
    if told == TAKEN:
        return _TAKEN
    if isinstance(told, dict):
        return Response(json.dumps(told), media_type="application/json")
    return PlainTextResponse(told)


def signed_http(
    listeners: Listeners, app: AsyncApp, signing_secret: str, wall: Callable[[], float]
) -> ASGIApp:
    """What answers at /slack/events. What is none of ours is bolt's: for every request it makes a
    client and a context, in a third of the time that an event takes."""

    async def by_bolt(sent: Object) -> Response:
        # What has been read already bolt takes in this mode only. No difference is made by it.
        told = await app.async_dispatch(AsyncBoltRequest(body=sent, mode="socket_mode"))
        return Response(told.body, told.status, told.first_headers())

    async def answer(sent: Object) -> Response:
        told = await listeners.answer(sent)
        return await by_bolt(sent) if told is None else _response(told)

    return Guard(answer, signing_secret, wall)
