"""Plans: what an organization has, until when, and its history."""

from alembic import op

from chassis.migrations import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SERVICE = "contacts"

# Who was here before plans existed begins a trial now.
STATEMENTS = """
ALTER TABLE organization ADD COLUMN plan varchar(20);
ALTER TABLE organization ADD COLUMN trial_ends_at timestamptz;
ALTER TABLE organization ADD COLUMN subscribed_at timestamptz;
ALTER TABLE organization NO FORCE ROW LEVEL SECURITY;
UPDATE organization SET plan = 'PRO',
    trial_ends_at = (date_trunc('day', now() AT TIME ZONE time_zone) + interval '16 days') AT TIME ZONE time_zone;
ALTER TABLE organization FORCE ROW LEVEL SECURITY;
ALTER TABLE organization ALTER COLUMN plan SET NOT NULL;
CREATE TABLE plan_change (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    at timestamptz NOT NULL,
    step varchar(20) NOT NULL,
    plan varchar(20) NOT NULL,
    trial_ends_at timestamptz,
    subscribed boolean NOT NULL,
    by_id uuid,
    operator text,
    note text,
    FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX plan_change_organization ON plan_change (organization_id, id)
"""


def upgrade() -> None:
    for statement in filter(str.strip, STATEMENTS.split(";\n")):
        op.execute(statement)
    protect("plan_change", SERVICE)
