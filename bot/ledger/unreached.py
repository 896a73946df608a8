"""Why a database is not reached, in words that hold neither its address nor its password.

What the driver says may hold both. Of a connection that has not come about there is no code, only
libpq's words: https://www.postgresql.org/docs/current/libpq-connect.html
"""

import re

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_REASONS = (
    ("password authentication failed", "the server refuses the user or the password"),
    ("no password supplied", "the server wants a password"),
    (r"no pg_hba\.conf entry", "the server lets nobody in from here (pg_hba.conf)"),
    ("role .* does not exist", "the server knows no such user"),
    ("database .* does not exist", "the server has no such database"),
    ("(resolve host|translate host name)", "no machine has that name"),
    ("refused", "nothing listens at that address and port"),
    ("No such file", "no server runs on this machine"),
    ("timeout", "nothing answers at that address: a firewall, or another address"),
    ("invalid connection option", "a parameter in DATABASE_URL is unknown"),
    ("invalid sslmode", "sslmode in DATABASE_URL is unknown"),
    ("SSL", "the two do not agree on encryption (sslmode)"),
    ("starting up", "the server is just starting"),
    ("too many", "the server has no connection left"),
)
"""By what libpq says, the first that is found."""


def why_unreached(engine: Engine) -> str | None:
    """None if it is reached."""
    try:
        with engine.connect():
            return None
    except PoolTimeoutError:
        return "does not answer"
    except DBAPIError as error:
        return f"does not answer: {_reason(str(error.orig))}"


def _reason(words: str) -> str:
    found = (reason for said, reason in _REASONS if re.search(said, words))
    return next(found, "no reason is known")
