"""`brobot worker`."""

import argparse
import signal
from threading import Event

from bot.compose.desk import settings_here
from bot.compose.worker import clockwork
from bot.gathering import settle
from bot.processes.start import on_one_machine, wait_for_database, working_desk


def worker(_options: argparse.Namespace) -> int:
    settings = settings_here()
    wait_for_database(settings)
    desk = working_desk(settings)
    rounds = clockwork(desk, settings)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    settle()
    with on_one_machine(desk, settings):
        rounds.start()
        stopped.wait()
        rounds.stop()
    return 0
