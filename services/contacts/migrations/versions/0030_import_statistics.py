"""What an import asks for while it writes: the planner's statistics of tables that have doubled."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SERVICE = "contacts"

# Only their owner may renew them. Autovacuum does so a minute later, when an import wrote 20,000 contacts by plans
# made for empty tables: each foreign key was checked by reading everything of the organization, 31 pages a check.
RENEW = """
CREATE FUNCTION renew_statistics(tables text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    grown text;
BEGIN
    FOR grown IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY (tables)
            AND pg_relation_size(oid) / current_setting('block_size')::integer > 2 * relpages
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %I', grown);
    END LOOP;
END
$$
"""
FUNCTION = "renew_statistics(text[])"


def upgrade() -> None:
    op.execute(RENEW)
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SERVICE}_app")
