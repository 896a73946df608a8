"""The demo: a whole bot beside a stand-in Slack on one machine, to try by hand or to watch."""

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from threading import Event

from bot.clock import MovableClock
from playground.seed import TODAY, seed
from playground.story import tell
from playground.story_cases import tell_of_cases
from playground.teller import StoryError
from playground.town import Town
from schedules.alarms import alarms
from schedules.clockwork import Clockwork
from schedules.names import NAMES
from schedules.watchdog import Progress

PACE = 0.3
"""Seconds between two looks at what is due: whoever moves the clock wants to see it come."""

NEIGHBOURS = 20
"""How many ports after a taken one are tried."""

WELCOME = """
Brobot i en låtsas-Slack. Öppna:        Brobot in a stand-in Slack. Open:

    {url}

Du är den du väljer där:                You are whom you choose there:

{people}

Skriv i #bro:                           Type in #bro:

    /workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare
    /etablering Projekt Falk 15 ha 40 mkr svar senast 3 december Lindesberg, Nora sekretess
    /etablering lista
    /kampanj lista
    /okr

Klockan där är {now}.      The clock there shows {now}.
Flytta den till måndag 08:00, så        Move it to Monday 08:00, and the
kommer veckobrevet i #bro.              digest comes in #bro.

Avsluta med Ctrl-C. Då glöms allt.      End with Ctrl-C. Then all is forgotten.
"""


def demo(options: argparse.Namespace) -> int:
    """The command."""
    return play() if options.script else serve(port=options.port, empty=options.empty)


def serve(port: int, *, empty: bool) -> int:
    """Until Ctrl-C. Port 0 takes any free one; instead of one that is taken, the next free one.

    `empty` leaves the example half-year out.
    """
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    _log_quietly()
    try:
        free = _free(port)
    except OSError as error:
        print(f"Port {port}: {error.strerror}. Choose another: --port 0", file=sys.stderr)
        return 1
    if free != port:
        print(f"Port {port} är upptagen / is taken.", file=sys.stderr)
    with running(free, empty=empty) as town:
        print(_welcome(town), flush=True)
        stopped.wait()
    return 0


def play() -> int:
    """Tell the story, and print it. 1 if something was not as the story has it."""
    _log_quietly()
    try:
        with _example(MovableClock(lambda: TODAY)) as town:
            tell(town, print)
            tell_of_cases(town, print)
    except StoryError as error:
        print(f"\nThe story went wrong: {error}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def running(port: int, *, empty: bool) -> Iterator[Town]:
    """A town where things happen by themselves, as the clock there goes on or is moved."""
    with _example(MovableClock(), port, empty=empty) as town:
        rounds = alarms(town.desk, town.deliverer, Progress(NAMES))
        clockwork = Clockwork(replace(alarm, seconds=PACE) for alarm in rounds)
        clockwork.start()
        try:
            yield town
        finally:
            clockwork.stop()


@contextmanager
def _example(clock: MovableClock, port: int = 0, *, empty: bool = False) -> Iterator[Town]:
    """A town with a database of its own, on the example's last day."""
    clock.set(TODAY)
    with (
        TemporaryDirectory(prefix="brobot-demo-") as folder,
        Town(f"sqlite:///{folder}/brobot.db", clock, port=port) as town,
    ):
        if not empty:
            seed(town)
        yield town


def _free(port: int) -> int:
    """The port, or the first free one after it. Raises OSError if there is none near."""
    candidates = range(port, port + NEIGHBOURS) if port else [0]
    for candidate in candidates:
        try:
            socket.create_server(("127.0.0.1", candidate)).close()
        except OSError as error:
            refused = error
        else:
            return candidate
    raise refused


def _welcome(town: Town) -> str:
    people = (f"    {each.name.capitalize() + ' Exempel':<18}{each.title}" for each in town.cast)
    return WELCOME.format(
        url=town.slack.page_url, people="\n".join(people), now=f"{TODAY:%Y-%m-%d %H:%M}"
    )


def _log_quietly() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
