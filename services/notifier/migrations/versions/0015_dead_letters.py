"""Dead letters of each organization."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.migrations import protect

revision: str = "0015"
down_revision: str | None = "0014"

_TEXTS = ("consumer", "message_id", "sender", "type", "subject", "aggregate", "error")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("headers", JSONB(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("leaves_stream", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("dead_letter_pkey")),
        sa.UniqueConstraint("organization_id", "consumer", "message_id", name="dead_letter_once"),
    )
    op.create_index("dead_letter_died", "dead_letter", ["organization_id", "died_at"])
    op.create_index("dead_letter_swept", "dead_letter", ["died_at"])
    leaving = sa.text("leaves_stream")
    op.create_index("dead_letter_leaving", "dead_letter", ["sequence"], postgresql_where=leaving)
    protect("dead_letter", "notifier", system=True)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("dead_letter")
