"""What an organization follows is told, at versions that grow."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE following_version")
    op.execute("GRANT USAGE ON SEQUENCE following_version TO contacts_app")


def downgrade() -> None:
    op.execute("DROP SEQUENCE following_version")
