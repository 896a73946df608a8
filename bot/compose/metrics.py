"""What is counted of a web process, where somebody watches over it."""

import logging
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.compose.desk import Outside
from bot.desk.desk import Desk
from bot.ledger.condition import Condition
from bot.ledger.store import LedgerBusyError
from handlers.metrics import Metrics
from schedules.names import NAMES


def metrics_of(desk: Desk, outside: Outside) -> Metrics:
    """What is counted of a process from here on, the errors in its log included."""

    def condition() -> Condition | None:
        with suppress(SQLAlchemyError, LedgerBusyError):
            return desk.setup.ledger.read(lambda books: books.condition(desk.setup.now()))
        return None

    metrics = Metrics(condition, NAMES, outside.monotonic)
    logging.getLogger().addHandler(metrics.logged())
    desk.setup.ledger.watch(metrics.committing)
    return metrics
