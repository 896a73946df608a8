"""Web processes to be killed: real ones, with a database connection and an event loop each.

A fresh interpreter takes more than a second to import all that it needs. These are forked from a
process that has done so already, and answer some ten milliseconds after they are started; what
they run is what `brobot web` runs. They share one listening socket: whoever connects while none
of them lives waits in the kernel's line for the next.
"""

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Self, TypeVar

import uvicorn

from bot.compose.desk import Outside, desk_for
from bot.compose.web import web_process
from bot.desk.desk import Desk
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from bot.settings import Settings
from handlers.wire import Bounded

T = TypeVar("T")

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


class _Mortal(Ledger):
    """Dies between the first commit and the answer."""

    async def whole(self, work: Callable[[], T]) -> T:
        done = await super().whole(work)
        if done is not None:  # else it is somebody new, whom Slack is asked about first
            os.kill(os.getpid(), signal.SIGKILL)
        return done


@dataclass(frozen=True)
class _Life:
    settings: Settings
    now: datetime
    listening: socket.socket
    doomed: bool


def _serve(life: _Life, listens: Event) -> None:
    settings, outside = life.settings, Outside(clock=lambda: life.now)
    desk = desk_for(settings, outside)
    if life.doomed:
        desk = Desk(replace(desk.setup, ledger=_Mortal(connect(settings.database_url))))
    web = web_process(desk, settings, outside)
    config = uvicorn.Config(web, http=Bounded, access_log=False, log_config=None)
    _Server(config, listens).run(sockets=[life.listening])


@dataclass
class WebProcesses:
    """`with WebProcesses(settings, now) as web:` and `web.start()` as many as wanted. Their clock
    stands still at `now`."""

    settings: Settings
    now: datetime
    longer: float = 0.0
    """Seconds that each is to live at the least."""
    _started: list[BaseProcess] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/slack/events"
        return self

    def start(self, *, doomed: bool = False) -> BaseProcess:
        """A new one, that listens. A doomed one dies as soon as it has committed something, before
        it answers."""
        listens = _forked.Event()
        life = _Life(self.settings, self.now, self._listening, doomed)
        process = _forked.Process(target=_serve, args=(life, listens))
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
