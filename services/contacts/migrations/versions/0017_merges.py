"""Merges, and where the id of one that was merged leads."""

from alembic import op

from chassis.migrations import protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SERVICE = "contacts"

MERGED_INTO = """
ALTER TABLE {table} ADD COLUMN merged_into_id uuid;
ALTER TABLE {table} ADD FOREIGN KEY (organization_id, merged_into_id) REFERENCES {table} (organization_id, id);
CREATE INDEX {table}_merged_into ON {table} (organization_id, merged_into_id) WHERE merged_into_id IS NOT NULL;
"""
MERGE = """
CREATE TABLE merge (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by_id uuid,
    kind varchar(20) NOT NULL,
    winner_id uuid NOT NULL,
    loser_id uuid NOT NULL,
    changes jsonb NOT NULL,
    added jsonb NOT NULL,
    moved jsonb NOT NULL,
    undone_at timestamptz,
    undone_by_id uuid,
    CONSTRAINT merge_of_two CHECK (winner_id <> loser_id),
    FOREIGN KEY (organization_id, created_by_id) REFERENCES collaborator (organization_id, id),
    FOREIGN KEY (organization_id, undone_by_id) REFERENCES collaborator (organization_id, id)
);
CREATE UNIQUE INDEX merge_loser ON merge (organization_id, loser_id) WHERE undone_at IS NULL;
CREATE INDEX merge_winner ON merge (organization_id, winner_id, id);
"""


def upgrade() -> None:
    for script in (*(MERGED_INTO.format(table=table) for table in ("contact", "account")), MERGE):
        for statement in filter(str.strip, script.split(";\n")):
            op.execute(statement)
    protect("merge", SERVICE)
