"""tallies by day: those of a period lie together

All of them are thrown away. The worker counts them anew, and meanwhile all reports are read.
"""

import sqlalchemy as sa
from alembic import op

revision = "8e3b5d20c6f1"
down_revision = "0c597eae15dc"
branch_labels = None
depends_on = None

BEFORE = ("fingerprint", "row", "name", "day", "since")
NOW = ("fingerprint", "row", "day", "since", "name")


def upgrade() -> None:
    _made_anew(NOW)


def downgrade() -> None:
    _made_anew(BEFORE)


def _made_anew(key: tuple[str, ...]) -> None:
    op.execute("DELETE FROM tallied")
    op.drop_table("tallies")
    op.create_table(
        "tallies",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
