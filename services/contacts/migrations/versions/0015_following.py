"""Organizations that are followed."""

from alembic import op

from chassis.migrations import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE following (
            organization_id uuid REFERENCES organization (id),
            followed_id uuid,
            id uuid NOT NULL UNIQUE,
            name text NOT NULL,
            since timestamptz NOT NULL,
            by_id uuid,
            PRIMARY KEY (organization_id, followed_id),
            FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
        )
        """
    )
    protect("following", "contacts")
