"""Photos of people and logos of companies."""

from alembic import op

from chassis.migrations import protect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE picture (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    contact_id uuid,
    collaborator_id uuid,
    account_id uuid,
    key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    created_by_id uuid,
    import_id uuid,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id),
    FOREIGN KEY (organization_id, import_id) REFERENCES contact_import (organization_id, id),
    CONSTRAINT picture_of_one CHECK (num_nonnulls(contact_id, collaborator_id, account_id) = 1)
);
CREATE UNIQUE INDEX picture_contact ON picture (organization_id, contact_id);
CREATE UNIQUE INDEX picture_collaborator ON picture (organization_id, collaborator_id);
CREATE UNIQUE INDEX picture_account ON picture (organization_id, account_id);

CREATE TABLE picture_rendition (
    organization_id uuid NOT NULL,
    picture_id uuid,
    side integer,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (picture_id, side),
    FOREIGN KEY (organization_id, picture_id) REFERENCES picture (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE picture_rendition ALTER COLUMN content SET STORAGE EXTERNAL;
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for table in ("picture", "picture_rendition"):
        protect(table, SERVICE)
