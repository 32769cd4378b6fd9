"""What was purged of contacts and accounts; links that are deleted, and restored."""

from alembic import op

from chassis.migrations import protect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SERVICE = "contacts"

SCRIPT = """
CREATE TABLE purge (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    at timestamptz NOT NULL,
    by_id uuid,
    kind varchar(20) NOT NULL,
    subject_id uuid NOT NULL,
    batch_id uuid,
    FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX purge_at ON purge (organization_id, at, id);
CREATE INDEX purge_batch ON purge (organization_id, batch_id) WHERE batch_id IS NOT NULL;
ALTER TABLE interlocutor ADD COLUMN deleted_at timestamptz;
"""


def upgrade() -> None:
    for statement in filter(str.strip, SCRIPT.split(";\n")):
        op.execute(statement)
    protect("purge", SERVICE)
