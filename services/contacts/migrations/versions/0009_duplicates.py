"""Pairs of duplicates, searches for them, and what is to be looked at again, noted by a trigger."""

from alembic import op

from chassis.migrations import protect

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE duplicate_pair (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    kind varchar(20) NOT NULL,
    first_id uuid NOT NULL,
    second_id uuid NOT NULL,
    score double precision NOT NULL,
    reasons jsonb NOT NULL,
    state varchar(20) NOT NULL,
    settled_at timestamptz,
    settled_by_id uuid,
    CONSTRAINT duplicate_pair_order CHECK (first_id < second_id),
    CONSTRAINT duplicate_pair_once UNIQUE (organization_id, first_id, second_id),
    FOREIGN KEY (organization_id, settled_by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX duplicate_pair_second ON duplicate_pair (organization_id, second_id);
CREATE INDEX duplicate_pair_score ON duplicate_pair (organization_id, state, score, id);

CREATE TABLE duplicate_search (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by_id uuid,
    state varchar(20) NOT NULL,
    kind varchar(20) NOT NULL,
    after_id uuid,
    total integer NOT NULL,
    position integer NOT NULL,
    found_count integer NOT NULL,
    lease uuid,
    lease_until timestamptz,
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX duplicate_search_created_at ON duplicate_search (organization_id, created_at, id);
CREATE INDEX duplicate_search_state ON duplicate_search (state);

CREATE TABLE duplicate_due (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind varchar(20) NOT NULL,
    subject_id uuid NOT NULL
);
CREATE INDEX duplicate_due_organization ON duplicate_due (organization_id, id)
"""
# A document is all that duplicates are found by: whatever way in a change takes, it passes here.
DUE = """
CREATE FUNCTION duplicate_due_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO duplicate_due (organization_id, kind, subject_id) VALUES (OLD.organization_id, OLD.kind, OLD.id);
    ELSE
        INSERT INTO duplicate_due (organization_id, kind, subject_id) VALUES (NEW.organization_id, NEW.kind, NEW.id);
    END IF;
    RETURN NULL;
END
$$
"""
FIRES = (
    "CREATE TRIGGER duplicate_made AFTER INSERT OR DELETE ON search_document"
    " FOR EACH ROW EXECUTE FUNCTION duplicate_due_again()",
    "CREATE TRIGGER duplicate_changed AFTER UPDATE ON search_document"
    " FOR EACH ROW WHEN (OLD.terms IS DISTINCT FROM NEW.terms) EXECUTE FUNCTION duplicate_due_again()",
)


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for statement in (DUE, *FIRES):
        op.execute(statement)
    protect("duplicate_pair", SERVICE)
    # Workers find out across organizations where there is something to do.
    for table in ("duplicate_search", "duplicate_due"):
        protect(table, SERVICE, system=True)
