"""Where a database stands, seen from this release. Asked at every start, so Alembic is not."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, inspect, text

from bot.ledger.engine import Engines

REVISIONS = (
    "ed2e6af66fd7",
    "75a007d2b17e",
    "c41b7f20d9a3",
    "5c1f0b7d9a34",
    "0c597eae15dc",
    "d5e1a7c93b40",
)
"""The migrations of this release, the newest last. A test holds that none is missing."""


class Schema(StrEnum):
    """Where a database stands, seen from this release."""

    OURS = "this release's"
    LATER = "a later release's"
    """Serves us too: every migration leaves what the release before it needs."""
    EARLIER = "not this release's"


def schema(engines: Engines) -> Schema:
    with engines.reading.begin() as connection:
        return standing(connection, REVISIONS)


def standing(connection: Connection, revisions: Sequence[str]) -> Schema:
    """Where a database stands, seen from a release with these migrations, the newest last."""
    reached = _reached(connection)
    if reached == {revisions[-1]}:
        return Schema.OURS
    return Schema.EARLIER if reached <= set(revisions) else Schema.LATER


def _reached(connection: Connection) -> set[str]:
    """What Alembic has noted in the database; nothing in one that it has never seen.
    https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration"""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
