"""How long the database is waited for: while somebody waits for an answer, all that it takes
together must come within the deadline."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

DEADLINE_SECONDS = 2.0
"""How long a person's report may wait for the database. Slack gives up after 3 s and shows a
failure although the row may be saved; we give up first, roll back and keep what was typed."""

_LONGER_THAN_THE_SERVER = 0.25
"""A statement that the server cancels by itself costs no connection."""

_MOMENT = 0.2
"""Seconds."""

_until: ContextVar[float] = ContextVar("until")


@contextmanager
def somebody_waits() -> Iterator[None]:
    """What is read and written in here, threads included, must be done within the deadline."""
    token = _until.set(monotonic() + DEADLINE_SECONDS)
    try:
        yield
    finally:
        _until.reset(token)


@contextmanager
def at_leisure() -> Iterator[None]:
    """What is done in here may take an hour: a migration makes whole tables anew."""
    token = _until.set(monotonic() + 3600)
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """Seconds until the one who waits is given an answer. Where nobody waits: the deadline, and a
    little more."""
    return _until.get(monotonic() + DEADLINE_SECONDS + _LONGER_THAN_THE_SERVER) - monotonic()


def be_patient(until: float) -> None:
    """From here on, in this context, what takes until then (by `monotonic`) is waited for, and
    everything for a moment."""
    if _until.get(None) is not None:
        _until.set(max(left() + monotonic(), until, monotonic() + _MOMENT))


class UnsureError(Exception):
    """Nobody can tell whether a commit was done. (PostgreSQL: it was not answered.)"""
