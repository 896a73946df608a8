"""Alembic's entry: runs on the connection that `bot.ledger.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from bot.ledger.tables import Moment, metadata


def _plainly(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Migrations say what stands in the database, and keep doing so when our types change."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Alembic thinks that SQLite cannot roll back DDL. It can, and a migration killed midway
    # otherwise leaves a database that no later run gets past.
    transactional_ddl=True,
    render_as_batch=True,
    compare_type=True,
    render_item=_plainly,
)
context.run_migrations()
