"""tallies by day: those of a period lie together

All of them are thrown away. The worker counts them anew, and meanwhile all reports are read.
"""

import sqlalchemy as sa
from alembic import op

revision = "d5e1a7c93b40"
down_revision = "0c597eae15dc"
branch_labels = None
depends_on = None

BEFORE = ("fingerprint", "row", "name", "day", "since")
NOW = ("fingerprint", "row", "day", "since", "name")


def upgrade() -> None:
    _in_order_of(NOW)


def downgrade() -> None:
    _in_order_of(BEFORE)


def _in_order_of(key: tuple[str, ...]) -> None:
    op.execute("DELETE FROM tallied")
    op.execute("DELETE FROM tallies")
    if op.get_bind().dialect.name == "postgresql":
        # Not made anew: whoever is reading goes on to see what was there when they began, and
        # would find a table that has been made since empty.
        op.drop_constraint("pk_tallies", "tallies", type_="primary")
        op.create_primary_key("pk_tallies", "tallies", list(key))
        return
    op.drop_table("tallies")
    op.create_table(
        "tallies",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
