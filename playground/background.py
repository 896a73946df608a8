"""A uvicorn server in a thread of its own, on a free loopback port, that ends when told to."""

import asyncio
import socket
from contextlib import AbstractContextManager, suppress
from threading import Thread
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

_LAST_ANSWERS = 2.0


class Droppable(H11Protocol):
    """Gives each request `state.abort`, which closes its connection without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort}


class _Prompt(uvicorn.Server):
    """uvicorn looks ten times a second whether to end, and rests in between; a test that starts
    and ends a server cannot wait for that. Once a second is enough for the date in its answers."""

    wake: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def main_loop(self) -> None:
        self.wake = asyncio.get_running_loop(), asyncio.Event()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake[1].wait(), 1)

    def end(self) -> None:
        self.should_exit = True
        if self.wake is not None:
            loop, event = self.wake
            loop.call_soon_threadsafe(event.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._hang_up(sockets)
        await self.lifespan.shutdown()

    async def _hang_up(self, sockets: list[socket.socket] | None) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_LAST_ANSWERS)


class Background(AbstractContextManager["Background"]):
    """Serves an ASGI application from `with` to its end. `port` 0 takes a free one.

    `lifespan` runs the application's own start and end around it.
    """

    def __init__(self, asgi: Any, port: int = 0, *, lifespan: bool = False) -> None:
        self._listening = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        config = uvicorn.Config(
            asgi,
            http=Droppable,
            ws="websockets-sansio",
            lifespan="on" if lifespan else "off",
            log_config=None,
        )
        self._server = _Prompt(config)
        self._thread = Thread(target=self._server.run, args=([self._listening],), name=self.url)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.end()
        self._thread.join()
        self._listening.close()
