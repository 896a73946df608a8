"""The web process: Slack's door and the health checks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from types import MappingProxyType
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class Connection(Protocol):
    """Something that is held open while the web process runs."""

    async def connect_async(self) -> None: ...

    async def close_async(self) -> None: ...


HANG_UP_SECONDS = 3.0

THREADS = 64
"""Whoever waits for the database holds a thread: with the few that Python has by itself (six on two
cores), some would wait for others' waits."""

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""With every answer: nothing here is a page, so nothing is to be kept, framed, guessed or run.
That the name is reached by HTTPS only (HSTS) is for the proxy to promise, which ends it.
https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html"""

_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

Check = Callable[[], bool | str]
"""Whether all is well; a sentence says what is not."""


def web_app(
    doors: Mapping[str, ASGIApp],
    checks: Mapping[str, Check],
    connections: Sequence[Connection] = (),
    pages: Mapping[str, Callable[[Request], Response]] = MappingProxyType({}),
) -> Starlette:
    """`doors` by path, `checks` by what they ask about; each check may block, as may the `pages`
    to read."""

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> JSONResponse:
        found = {name: await asyncio.to_thread(_holds, check) for name, check in checks.items()}
        return JSONResponse(found, 200 if all(each is True for each in found.values()) else 503)

    @asynccontextmanager
    async def held_open(_app: Starlette) -> AsyncIterator[None]:
        threads = ThreadPoolExecutor(THREADS, "desk")
        asyncio.get_running_loop().set_default_executor(threads)
        async with AsyncExitStack() as stack:
            for connection in connections:
                # Beside the rest: one that never comes about must not keep us from stopping.
                connecting = asyncio.create_task(connection.connect_async())
                stack.push_async_callback(_hang_up, connection, connecting)
            yield

    routes: list[BaseRoute] = [
        Route(path, _Only(door), methods=["POST"]) for path, door in doors.items()
    ]
    routes += [Route("/health", health), Route("/ready", ready)]
    routes += [Route(path, page) for path, page in pages.items()]
    middleware = [Middleware(_WithHeaders), Middleware(_DoorsFirst, doors)]
    return Starlette(routes=routes, lifespan=held_open, middleware=middleware)


def _holds(check: Check) -> bool | str:
    """What cannot be found out, because the database is away, is not so."""
    try:
        return check()
    except Exception:
        log.exception("a check of readiness failed")
        return False


async def _hang_up(connection: Connection, connecting: asyncio.Task[None]) -> None:
    connecting.cancel()
    await asyncio.wait([connecting], timeout=HANG_UP_SECONDS)
    with suppress(TimeoutError):
        async with asyncio.timeout(HANG_UP_SECONDS):
            await connection.close_async()


class _WithHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_RAW_HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers)


class _DoorsFirst:
    """What is asked for most does not go by the routes, which take as long as the door does for an
    event. They have it all the same: who asks otherwise than by POST is told by them."""

    def __init__(self, app: ASGIApp, doors: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope.get("path", "") if scope.get("method") == "POST" else ""
        await self._doors.get(asked, self._app)(scope, receive, send)


class _Only:
    """An ASGI app as a route's endpoint: Starlette takes a bare function for a request handler."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(scope, receive, send)  # type: ignore[arg-type]
