"""Imports of address books: jobs, files, problems, what each entry did, external ids; tickets for files."""

from alembic import op

from chassis.migrations import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE contact_import (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by_id uuid,
    file_name text NOT NULL,
    state varchar(20) NOT NULL,
    size_bytes integer,
    book jsonb,
    sample jsonb,
    mapping jsonb,
    key varchar(20) NOT NULL,
    total integer,
    position integer NOT NULL,
    created_count integer NOT NULL,
    updated_count integer NOT NULL,
    unchanged_count integer NOT NULL,
    skipped_count integer NOT NULL,
    problem_count integer NOT NULL,
    reverted_count integer NOT NULL,
    kept_count integer NOT NULL,
    failure text,
    lease uuid,
    lease_until timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX contact_import_created_at ON contact_import (organization_id, created_at, id);
CREATE INDEX contact_import_state ON contact_import (state);

CREATE TABLE contact_import_chunk (
    organization_id uuid NOT NULL,
    import_id uuid,
    position integer,
    content bytea NOT NULL,
    PRIMARY KEY (import_id, position),
    FOREIGN KEY (organization_id, import_id) REFERENCES contact_import (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE contact_import_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE contact_import_problem (
    organization_id uuid NOT NULL,
    import_id uuid,
    number integer,
    line integer NOT NULL,
    code text NOT NULL,
    field text NOT NULL,
    excerpt text NOT NULL,
    PRIMARY KEY (import_id, number),
    FOREIGN KEY (organization_id, import_id) REFERENCES contact_import (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE contact_import_row (
    organization_id uuid NOT NULL,
    import_id uuid,
    entry integer,
    contact_id uuid NOT NULL,
    action varchar(20) NOT NULL,
    contact_version integer NOT NULL,
    before jsonb,
    PRIMARY KEY (import_id, entry),
    FOREIGN KEY (organization_id, import_id) REFERENCES contact_import (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_import_row_contact ON contact_import_row (import_id, contact_id, entry);

CREATE TABLE contact_external_id (
    organization_id uuid,
    external_id text,
    contact_id uuid,
    PRIMARY KEY (organization_id, external_id, contact_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE transfer_ticket (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    collaborator_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    purpose varchar(20) NOT NULL,
    what jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX transfer_ticket_expires_at ON transfer_ticket (expires_at)
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for table in ("contact_import_problem", "contact_import_row", "contact_external_id"):
        protect(table, SERVICE)
    # The worker claims imports of any organization, and clears away files and tickets that nobody wants any more.
    for table in ("contact_import", "contact_import_chunk", "transfer_ticket"):
        protect(table, SERVICE, system=True)
