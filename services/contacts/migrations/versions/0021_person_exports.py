"""Exports of all that is kept of a person."""

from alembic import op

from chassis.migrations import protect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE person_export (
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
    refusal text,
    kept_days integer NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX person_export_contact ON person_export (organization_id, contact_id);
CREATE INDEX person_export_expires_at ON person_export (expires_at);
CREATE TABLE person_export_part (
    organization_id uuid NOT NULL,
    export_id uuid NOT NULL,
    service text NOT NULL,
    answer_id uuid NOT NULL,
    position integer NOT NULL,
    piece text NOT NULL,
    PRIMARY KEY (export_id, service, answer_id, position),
    FOREIGN KEY (organization_id, export_id) REFERENCES person_export (organization_id, id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    # The sweep drops the old ones of any organization.
    protect("person_export", SERVICE, system=True)
    protect("person_export_part", SERVICE)
