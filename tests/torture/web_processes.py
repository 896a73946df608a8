"""Web processes to be killed: real ones, with a database connection and an event loop each.

A fresh interpreter takes more than a second to import all that it needs. These are forked from a
process that has done so already, and answer some ten milliseconds after they are started; what
they run is what `brobot web` runs. They share one listening socket: whoever connects while none
of them lives waits in the kernel's line for the next.
"""

import multiprocessing
import socket
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Self

import uvicorn

from bot import compose
from bot.compose import Outside
from bot.settings import Settings

_PATIENCE = 10.0

_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(["pytest", "tests.torture.warmed", "tests.torture.web_processes"])


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, listens: Event) -> None:
        super().__init__(config)
        self._listens = listens

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listens.set()


def _serve(settings: Settings, listening: socket.socket, now: datetime, listens: Event) -> None:
    outside = Outside(clock=lambda: now)
    web = compose.web(compose.desk_for(settings, outside), settings, outside)
    config = uvicorn.Config(web, access_log=False, log_config=None)
    _Server(config, listens).run(sockets=[listening])


@dataclass
class WebProcesses:
    """`with WebProcesses(settings, now) as web:` and `web.start()` as many as wanted. Their clock
    stands still at `now`."""

    settings: Settings
    now: datetime
    _started: list[BaseProcess] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/slack/events"
        return self

    def start(self) -> BaseProcess:
        """A new one, that listens."""
        listens = _forked.Event()
        process = _forked.Process(
            target=_serve, args=(self.settings, self._listening, self.now, listens)
        )
        process.start()
        self._started.append(process)
        assert listens.wait(_PATIENCE), "a web process does not start"
        return process

    def end(self, process: BaseProcess) -> int:
        """Wait for it to be gone. Its exit code."""
        process.join(_PATIENCE)
        code = process.exitcode
        assert code is not None, "a web process does not end"
        self._started.remove(process)
        process.close()
        return code

    def __exit__(self, *_error: object) -> None:
        for process in list(self._started):
            process.kill()
            self.end(process)
        self._listening.close()
