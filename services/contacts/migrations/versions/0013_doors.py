"""Invitations, signing in, persons; a collaborator keeps the contact that they were."""

from alembic import op

from chassis.migrations import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    collaborator_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    role varchar(20) NOT NULL,
    department text,
    locale text NOT NULL,
    time_zone text NOT NULL,
    contact_id uuid,
    invited_by_id uuid,
    revision integer NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE SET NULL (contact_id),
    FOREIGN KEY (organization_id, invited_by_id) REFERENCES collaborator (organization_id, id),
    CONSTRAINT invitation_ended_once CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX invitation_created_at ON invitation (organization_id, created_at, id);
CREATE UNIQUE INDEX invitation_open ON invitation (organization_id, lower(email))
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE TABLE sign_in (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    email text NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX sign_in_email ON sign_in (lower(email), requested_at);
CREATE INDEX sign_in_expires_at ON sign_in (expires_at);
CREATE TABLE person (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);
CREATE TABLE person_address (
    address text PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    proven_at timestamptz NOT NULL
);
CREATE INDEX ix_person_address_person_id ON person_address (person_id);
CREATE INDEX collaborator_sign_in ON collaborator (lower(email));
ALTER TABLE collaborator ADD COLUMN contact_id uuid;
ALTER TABLE collaborator ADD FOREIGN KEY (organization_id, contact_id)
    REFERENCES contact (organization_id, id) ON DELETE SET NULL (contact_id);
CREATE UNIQUE INDEX collaborator_contact ON collaborator (organization_id, contact_id)
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    protect("invitation", SERVICE)
    protect("sign_in", SERVICE, system=True)
    # A person belongs to no organization: within the scope of one, there are none.
    for table in ("person", "person_address"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO {SERVICE}_app USING (false)")
        op.execute(f"GRANT SELECT ON {table} TO {SERVICE}_app")
        op.execute(f"CREATE POLICY system ON {table} TO {SERVICE}_system USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {SERVICE}_system")
