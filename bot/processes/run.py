"""`brobot run`."""

import argparse

from bot.compose.desk import settings_here
from bot.compose.worker import clockwork
from bot.ledger.engine import connect
from bot.ledger.schema import Schema, schema
from bot.processes.start import on_one_machine, wait_for_database, working_desk
from bot.processes.web import serve
from bot.settings import Settings


def run(_options: argparse.Namespace) -> int:
    settings = settings_here()
    wait_for_database(settings)
    _bring_up_to_date(settings)
    desk = working_desk(settings)
    rounds = clockwork(desk, settings)
    with on_one_machine(desk, settings):
        rounds.start()
        try:
            serve(desk, settings, alone=False)
        finally:
            rounds.stop()
    return 0


def _bring_up_to_date(settings: Settings) -> None:
    engines = connect(settings.database_url)
    if schema(engines) is Schema.EARLIER:
        # Here and not above: most starts have nothing to migrate, and Alembic takes 8 MB.
        from bot.ledger.migrate import migrate  # noqa: PLC0415

        migrate(engines)
    engines.dispose()
