"""Groups of contacts, their members, and what their worker has to look at: whatever the others are told of."""

from alembic import op

from chassis.migrations import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE "group" (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL,
    description text,
    kind varchar(20) NOT NULL,
    definition jsonb,
    uses uuid[] NOT NULL,
    member_count integer NOT NULL,
    membership_version bigint NOT NULL,
    refresh_due_at timestamptz,
    refresh_after uuid,
    refreshed_at timestamptz,
    problem text,
    deleted_at timestamptz,
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX group_name ON "group" (organization_id, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX group_name_sort ON "group" (organization_id, name_sort, id);
CREATE INDEX group_created_at ON "group" (organization_id, created_at, id);
CREATE INDEX group_refresh_due ON "group" (refresh_due_at) WHERE refresh_due_at IS NOT NULL;

CREATE TABLE group_member (
    organization_id uuid NOT NULL,
    group_id uuid,
    contact_id uuid,
    active boolean NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (group_id, contact_id),
    FOREIGN KEY (organization_id, group_id) REFERENCES "group" (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX group_member_contact ON group_member (organization_id, contact_id);

CREATE TABLE group_due (
    position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    organization_id uuid NOT NULL,
    aggregate text NOT NULL,
    aggregate_id uuid NOT NULL
);
CREATE INDEX group_due_organization ON group_due (organization_id, position)
"""
# Every change of an aggregate is told to the others: what tells them tells the groups, in the same transaction.
NOTE = """
CREATE FUNCTION group_due_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO group_due (organization_id, aggregate, aggregate_id)
    SELECT DISTINCT organization_id, aggregate, aggregate_id FROM told WHERE aggregate NOT IN ('group', 'organization');
    IF FOUND THEN
        PERFORM pg_notify('group_due', '');
    END IF;
    RETURN NULL;
END
$$
"""
FIRES = """
CREATE TRIGGER group_due AFTER INSERT ON outbox REFERENCING NEW TABLE AS told
FOR EACH STATEMENT EXECUTE FUNCTION group_due_note()
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    op.execute(NOTE)
    op.execute(FIRES)
    protect('"group"', SERVICE)
    protect("group_member", SERVICE)
    protect("group_due", SERVICE, system=True)
    # The worker sees which organizations' groups are due; what it then does, it does in each one's scope.
    op.execute(f'CREATE POLICY system ON "group" FOR SELECT TO {SERVICE}_system USING (true)')
    op.execute(f'GRANT SELECT ON "group" TO {SERVICE}_system')
