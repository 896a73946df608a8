"""tallies of the plan"""

import sqlalchemy as sa
from alembic import op

revision = "0c597eae15dc"
down_revision = "5c1f0b7d9a34"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tallied",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("counted_to", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tallied")),
    )
    op.create_table(
        "tallies",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "fingerprint", "row", "name", "day", "since", name=op.f("pk_tallies")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reports_ended_at"),
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_reports_recorded_at"), ["recorded_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_recorded_at"))
        batch_op.drop_index(
            batch_op.f("ix_reports_ended_at"),
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        )

    op.drop_table("tallies")
    op.drop_table("tallied")
