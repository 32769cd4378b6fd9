"""Erasures of persons, and hashes of whom not to take in again."""

from alembic import op

from chassis.migrations import protect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE erasure (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by_id uuid,
    contact_id uuid NOT NULL,
    state varchar(20) NOT NULL,
    contacts_at timestamptz,
    deals_at timestamptz,
    notifier_at timestamptz,
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX erasure_created_at ON erasure (organization_id, created_at, id);
CREATE UNIQUE INDEX erasure_contact ON erasure (organization_id, contact_id);
CREATE TABLE do_not_contact (
    organization_id uuid NOT NULL REFERENCES organization (id),
    digest bytea NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (organization_id, digest)
);
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for table in ("erasure", "do_not_contact"):
        protect(table, SERVICE)
