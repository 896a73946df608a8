"""the outbox: found by pace, own slips counted"""

import sqlalchemy as sa
from alembic import op

revision = "c41b7f20d9a3"
down_revision = "75a007d2b17e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slips", sa.Integer(), server_default="0", nullable=False))
        batch_op.drop_index(batch_op.f("ix_outbox_recipient_state"))
        batch_op.create_index(
            batch_op.f("ix_outbox_recipient_claimed_at"), ["recipient", "claimed_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_recipient_claimed_at"))
        batch_op.create_index(
            batch_op.f("ix_outbox_recipient_state"), ["recipient", "state"], unique=False
        )
        batch_op.drop_column("slips")
