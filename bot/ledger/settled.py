"""What the tallies rest on: that whatever was known at their moment never changes.

Who changes it all the same has them counted anew: `discard`, in the same transaction.
"""

from sqlalchemy import Connection, delete, func, select

from bot.ledger.tables import tallied, tallies

SETTLED_UNTIL = select(func.max(tallied.c.known_at)).scalar_subquery().label("settled_until")
"""The latest moment that any tallies hold; None if there are none."""


def discard(connection: Connection, fingerprint: str | None = None) -> None:
    """What has been counted under a fingerprint, or all of it."""
    for table in (tallied, tallies):  # whoever writes tallies has the first locked
        which = () if fingerprint is None else (table.c.fingerprint == fingerprint,)
        connection.execute(delete(table).where(*which))
