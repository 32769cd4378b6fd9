"""Groups are not computed for what tells nothing of contacts; who was erased and came back may be taken in."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NOTE = """
CREATE OR REPLACE FUNCTION group_due_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO group_due (organization_id, aggregate, aggregate_id)
    SELECT DISTINCT organization_id, aggregate, aggregate_id FROM told WHERE aggregate NOT IN (
        'group', 'organization', 'import', 'duplicate', 'merge', 'purge', 'erasure', 'person_export', 'invitation',
        'sign_in', 'card_exchange');
    IF FOUND THEN
        PERFORM pg_notify('group_due', '');
    END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.execute(NOTE)
    op.execute("ALTER TABLE do_not_contact ADD COLUMN lifted_at timestamptz, ADD COLUMN lifted_by_id uuid")
    op.execute(
        "ALTER TABLE do_not_contact ADD FOREIGN KEY (organization_id, lifted_by_id)"
        " REFERENCES collaborator (organization_id, id)"
    )
