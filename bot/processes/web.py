"""`brobot web`."""

import argparse

import uvicorn

from bot.compose.desk import settings_here
from bot.compose.web import SERVER, web_process
from bot.desk.desk import Desk
from bot.gathering import settle
from bot.processes.start import on_one_machine, wait_for_database, working_desk
from bot.settings import Settings


def web(_options: argparse.Namespace) -> int:
    settings = settings_here()
    wait_for_database(settings)
    desk = working_desk(settings)
    with on_one_machine(desk, settings):
        serve(desk, settings, alone=True)
    return 0


def serve(desk: Desk, settings: Settings, *, alone: bool) -> None:
    app = web_process(desk, settings, alone=alone)
    settle()
    uvicorn.run(app, host=settings.host, port=settings.port, **SERVER)
