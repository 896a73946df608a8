"""A connection that stops carrying anything, without being closed: a cable that is pulled out."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self


@dataclass
class Stalling:
    """Passes on what goes between its clients and a Unix socket, until there is no more to pass:
    `after(n)` stops it for all after `n` more pieces from the clients, `on()` lets it flow again.
    Each piece takes `delay` seconds."""

    path: str
    delay: float = 0.0
    port: int = 0
    _left: float = float("inf")
    _flows: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: Event = field(default_factory=Event)

    def __enter__(self) -> Self:
        self._thread = Thread(target=lambda: asyncio.run(self._run()), name="stalling")
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def after(self, pieces: int) -> None:
        self._loop.call_soon_threadsafe(self._stop_after, pieces)

    def on(self) -> None:
        self._loop.call_soon_threadsafe(self._go_on)

    def _stop_after(self, pieces: float) -> None:
        self._left = pieces
        if not pieces:
            self._flows.clear()

    def _go_on(self) -> None:
        self._left = float("inf")
        self._flows.set()

    async def _run(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._flows.set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_unix_connection(self.path)
        with suppress(OSError, asyncio.CancelledError):  # whoever is connected at the end
            await asyncio.gather(
                self._carry(reader, to_server[1], counted=True),
                self._carry(to_server[0], writer, counted=False),
            )

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        while piece := await reader.read(2**16):
            await asyncio.sleep(self.delay)
            await self._flows.wait()
            writer.write(piece)
            if counted:
                self._left -= 1
                if self._left <= 0:
                    self._flows.clear()
        await self._flows.wait()
        writer.close()
