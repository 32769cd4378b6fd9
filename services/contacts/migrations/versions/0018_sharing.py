"""Sharing rules: what an organization's collaborators and readers see. See docs/decisions/0023-sharing.md."""

from alembic import op

from chassis.migrations import PORTFOLIO, share, shared_set

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SERVICE = "contacts"

SHARING = "ALTER TABLE organization ADD COLUMN sharing varchar(20) NOT NULL DEFAULT 'EVERYTHING'"
# What one manages, and what belongs to it now: the people of one's companies, the companies of one's people.
CONTACTS = """
SELECT c.id FROM contact c WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine)
UNION SELECT i.contact_id FROM interlocutor i JOIN account a ON a.id = i.account_id
WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
"""
ACCOUNTS = """
SELECT a.id FROM account a WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine)
UNION SELECT i.account_id FROM interlocutor i JOIN contact c ON c.id = i.contact_id
WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
"""
# A search reads as its owner, so it asks for the portfolio itself; without one, its statement is what it was.
FOUND = """
CREATE OR REPLACE FUNCTION search_found(wanted tsquery, whole tsquery, kinds text[], skip integer, most integer)
RETURNS TABLE (id uuid, kind text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope uuid := nullif(current_setting('liant.organization', true), '')::uuid;
    own tsquery := quote_literal('=' || scope)::tsquery;
    seen CONSTANT text := CASE WHEN portfolio() IS NULL THEN ''
        ELSE ' AND id IN (SELECT portfolio_contacts() UNION ALL SELECT portfolio_accounts())' END;
    rows CONSTANT text := 'SELECT * FROM search_document WHERE terms @@ $1 AND organization_id = $2
        AND kind = ANY ($3)' || seen;
    page CONSTANT text := 'SELECT d.id, d.kind FROM (' || rows || ' LIMIT 1000) d
        ORDER BY d.name_sort, d.id OFFSET $4 LIMIT $5';
    given integer;
    passed integer := skip;
BEGIN
    -- Most searches end here: whole words are read from the index without gathering all that begins like them.
    RETURN QUERY EXECUTE page USING own && whole, scope, kinds, skip, most;
    GET DIAGNOSTICS given = ROW_COUNT;
    IF given < most AND wanted <> whole THEN
        IF given = 0 AND skip > 0 THEN
            EXECUTE 'SELECT count(*) FROM (' || rows || ' LIMIT $4) _' INTO passed
                USING own && whole, scope, kinds, skip;
        END IF;
        RETURN QUERY EXECUTE page USING own && wanted && !!whole, scope, kinds, skip - passed, most - given;
    END IF;
END
$$
"""
OF_CONTACT = "contact_id IN (SELECT portfolio_contacts())"
OF_ACCOUNT = "account_id IN (SELECT portfolio_accounts())"
EITHER = "SELECT portfolio_contacts() UNION SELECT portfolio_accounts()"


def upgrade() -> None:
    op.execute(SHARING)
    op.execute("ALTER TABLE organization ALTER COLUMN sharing DROP DEFAULT")
    op.execute(PORTFOLIO)
    tables = ("contact", "account", "interlocutor")
    shared_set("portfolio_contacts", SERVICE, CONTACTS, *tables)
    shared_set("portfolio_accounts", SERVICE, ACCOUNTS, *tables)
    share("contact", SERVICE, "id IN (SELECT portfolio_contacts())")
    share("account", SERVICE, "id IN (SELECT portfolio_accounts())")
    share("interlocutor", SERVICE, f"({OF_CONTACT} AND {OF_ACCOUNT})")
    share("duplicate_pair", SERVICE, f"(first_id IN ({EITHER}) AND second_id IN ({EITHER}))")
    op.execute(FOUND)
