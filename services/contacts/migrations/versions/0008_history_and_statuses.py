"""What changed of contacts, accounts and interlocutors; the commercial status of persons, and why a status changed."""

from alembic import op

from chassis.migrations import protect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SERVICE = "contacts"

STATUSES = """
ALTER TABLE contact ADD COLUMN status varchar(20) NOT NULL DEFAULT 'SUSPECT';
ALTER TABLE contact ALTER COLUMN status DROP DEFAULT;
CREATE INDEX contact_status ON contact (organization_id, status, id);
CREATE INDEX account_status ON account (organization_id, status, id);
ALTER TABLE account_status_change ADD COLUMN reason text, ADD COLUMN quote_id uuid;
CREATE TABLE contact_status_change (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    status varchar(20) NOT NULL,
    at timestamptz NOT NULL,
    by_id uuid,
    reason text,
    quote_id uuid,
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX contact_status_change_contact ON contact_status_change (organization_id, contact_id, id);
"""

HISTORY = """
CREATE TABLE history_entry (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    contact_id uuid,
    account_id uuid,
    interlocutor_id uuid,
    version integer NOT NULL,
    action varchar(20) NOT NULL,
    at timestamptz NOT NULL,
    by_id uuid,
    cause text,
    changes jsonb NOT NULL,
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX history_entry_contact ON history_entry (organization_id, contact_id, id);
CREATE INDEX history_entry_account ON history_entry (organization_id, account_id, id);
"""


def upgrade() -> None:
    for script in (STATUSES, HISTORY):
        for statement in filter(str.strip, script.split(";\n")):
            op.execute(statement)
    protect("contact_status_change", SERVICE)
    protect("history_entry", SERVICE)
