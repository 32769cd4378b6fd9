"""Where a contact came from; records from the field."""

from alembic import op

from chassis.migrations import protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SERVICE = "contacts"

RECORD = """
CREATE TABLE field_record (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    client_id uuid NOT NULL,
    kind varchar(20) NOT NULL,
    subject uuid NOT NULL,
    collaborator_id uuid,
    fingerprint bytea NOT NULL,
    content jsonb NOT NULL,
    captured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    applied_at timestamptz,
    contact_id uuid,
    account_id uuid,
    account_created boolean NOT NULL,
    kept jsonb NOT NULL,
    latitude double precision,
    longitude double precision,
    accuracy_meters double precision,
    positioned_at timestamptz,
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX field_record_client ON field_record (organization_id, client_id);
CREATE INDEX field_record_subject ON field_record (organization_id, subject);
CREATE INDEX field_record_contact ON field_record (organization_id, contact_id);
"""


def upgrade() -> None:
    op.execute("ALTER TABLE contact ADD COLUMN origin varchar(20) NOT NULL DEFAULT 'MANUAL'")
    for statement in filter(str.strip, RECORD.split(";\n")):
        op.execute(statement)
    protect("field_record", SERVICE)
