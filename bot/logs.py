"""What the log tells: what happened and where, never what people wrote, and no secret.

As lines for people, or as a line of JSON each for whatever collects them.
"""

import logging
from collections.abc import Iterator
from traceback import format_tb
from types import TracebackType

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

OURS = ("bot", "handlers", "schedules")
CHATTY = ("alembic", "apscheduler")
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS = {"asctime": "time", "levelname": "level", "name": "logger"}

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Discreet(logging.Formatter):
    """Of an exception it tells the kind and the way it took. Its own words may quote anything: the
    answers that a model refused, a row that PostgreSQL did, the page of a proxy."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another formatter has made of it
        return super().format(record)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's name
        return "".join(_told(each) for each in _causes(ei[1]))


class DiscreetJson(Discreet, JsonFormatter):
    """The same, as one line of JSON. Whatever is given as `extra` becomes a field of its own."""


def set_up(level: str, style: str) -> None:
    """Log to stderr; `style` is `text` or `json`. DEBUG is for what we say ourselves: at DEBUG the
    libraries tell what goes over the wire, message texts, response_urls and tokens."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(style))
    logging.basicConfig(handlers=[handler])
    logging.getLogger().setLevel(max(logging.INFO, logging.getLevelName(level)))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(style: str) -> logging.Formatter:
    if style == "json":
        return DiscreetJson(
            LINE,
            rename_fields=FIELDS,
            reserved_attrs=(*RESERVED_ATTRS, "color_message"),  # uvicorn's, for a terminal
            json_ensure_ascii=False,
        )
    return Discreet(LINE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    kind, way = type(error), "".join(format_tb(error.__traceback__))
    return f"{kind.__module__}.{kind.__qualname__}, raised at\n{way}"
