"""The connection that goes out from us (Socket Mode), for networks that let nothing in.

Slack's SDK opens it anew when it breaks, and at times never gets there: it tries the same address
over and over, and Slack takes one only once and for a short while. So a connection that does not
come about is given up, with all that belongs to it, and another is made from nothing.
https://github.com/slackapi/python-slack-sdk/issues/1379 and 1922; the limit on how often an address
is given out: https://docs.slack.dev/reference/methods/apps.connections.open
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds that a connection may take. Slack gives out about one address a minute."""

_LOOKS = 60
"""How often we look at it meanwhile."""

_HANG_UP_SECONDS = 15.0
"""A connection that is dead takes ten to be closed. Whoever stops us does not wait for it."""

CUT_OFF = "There is no connection to Slack (Socket Mode): see the log, and `brobot doctor`."

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class SocketMode:
    """Has one connection at a time, from `connect_async` to its end. `dispatch` answers what comes
    over it, as the app does by itself."""

    def __init__(
        self, app: AsyncApp, app_token: str, dispatch: Dispatch, patience: float = PATIENCE
    ) -> None:
        self._make = partial(_Handler, app, app_token, dispatch)
        self._patience = patience
        self._socket: SocketModeClient | None = None

    @property
    def is_open(self) -> bool:
        """May be asked from any thread."""
        socket = self._socket
        session = socket.current_session if socket else None
        return socket is not None and session is not None and not (session.closed or socket.stale)

    async def connect_async(self) -> None:
        """Until it is cancelled."""
        while True:
            async with self._connection():
                while await self._is_open_in_time():
                    await self._while_open()
            log.warning("no connection to Slack for %d seconds: made anew", self._patience)

    async def close_async(self) -> None:
        """It has been closed with the end of `connect_async`."""

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[None]:
        handler = self._make()
        self._socket = handler.client
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            connecting.cancel()
            await _hang_up(handler)

    async def _is_open_in_time(self) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                while not self.is_open:
                    await self._pause()
        except TimeoutError:
            return False
        return True

    async def _while_open(self) -> None:
        while self.is_open:
            await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self._patience / _LOOKS)


async def _hang_up(handler: "_Handler") -> None:
    try:
        async with asyncio.timeout(_HANG_UP_SECONDS):
            await handler.close_async()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, another takes its place
        log.warning("a connection to Slack was not closed well: %s", type(error).__name__)


class _Handler(AsyncSocketModeHandler):
    def __init__(self, app: AsyncApp, app_token: str, dispatch: Dispatch) -> None:
        super().__init__(app, app_token)
        self._dispatch = dispatch

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        request = AsyncBoltRequest(mode="socket_mode", body=req.payload)
        await send_async_response(client, req, await self._dispatch(request), 0)
