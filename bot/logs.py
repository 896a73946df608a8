"""How the log looks: lines for people, or a line of JSON each for whatever collects them.

Never what people wrote, nor a token: see the loggers that are kept quiet here.
"""

import logging

from pythonjsonlogger.json import JsonFormatter

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}


def set_up(level: str, style: str) -> None:
    """To stderr. `style` is `text` or `json`."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(style))
    logging.basicConfig(level=level, handlers=[handler])
    # At DEBUG slack_sdk logs message text and response_urls.
    logging.getLogger("slack_sdk").setLevel(logging.INFO)
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _formatter(style: str) -> logging.Formatter:
    if style == "json":
        # Whatever is given as `extra` becomes a field of its own.
        return JsonFormatter(_LINE, rename_fields=_NAMES, json_ensure_ascii=False)
    return logging.Formatter(_LINE)
