"""Real processes that run one function and may be killed at any moment of it.

They are forked from a server that has everything imported and no threads, so that each is there
in a few milliseconds and inherits nothing of the test's own.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

forks = get_context("forkserver")
forks.set_forkserver_preload(["tests.torture.storage.works", "psycopg"])

KILLED = -signal.SIGKILL


def begun(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    # The server of forks may have been started by another test: its surroundings are not ours.
    surroundings = dict(os.environ)
    process = forks.Process(target=_alone, args=(work, arguments, surroundings), daemon=True)
    process.start()
    return process


def ended(processes: Sequence[BaseProcess]) -> list[int | None]:
    """Their exit codes, once all have come to their end; `KILLED` for one that was killed."""
    for each in processes:
        each.join(60)
    return [each.exitcode for each in processes]


def kill(process: BaseProcess) -> None:
    """The process, and all that it has started."""
    assert process.pid is not None
    with suppress(ProcessLookupError):  # it has come to its end, or has only just begun
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _alone(
    work: Callable[..., None], arguments: Sequence[Any], surroundings: dict[str, str]
) -> None:
    os.setsid()
    os.environ.update(surroundings)
    work(*arguments)
