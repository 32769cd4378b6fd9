"""Teams: sets of collaborators."""

from alembic import op

from chassis.migrations import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE team (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL,
    description text,
    lead_id uuid,
    deleted_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, lead_id) REFERENCES collaborator (organization_id, id)
);
CREATE UNIQUE INDEX team_name ON team (organization_id, lower(name)) WHERE deleted_at IS NULL;
CREATE INDEX team_name_sort ON team (organization_id, name_sort, id);
CREATE INDEX team_created_at ON team (organization_id, created_at, id);

CREATE TABLE team_member (
    organization_id uuid NOT NULL,
    team_id uuid,
    collaborator_id uuid,
    since timestamptz NOT NULL,
    PRIMARY KEY (team_id, collaborator_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX team_member_collaborator ON team_member (organization_id, collaborator_id);
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for table in ("team", "team_member"):
        protect(table, SERVICE)
