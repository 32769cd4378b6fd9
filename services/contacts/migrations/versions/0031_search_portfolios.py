"""Searches within a portfolio; portfolios by one look-up a contact; what waits to be indexed stays little."""

from alembic import op

from chassis.migrations import shared_set

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SERVICE = "contacts"

# As in 0018, but that links name their organization: without it their index was searched once for each organization
# that it might be, 200,000 times for 2,000 contacts.
MANAGED_CONTACTS = (
    "SELECT c.id FROM contact c WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine)"
)
MANAGED_ACCOUNTS = (
    "SELECT a.id FROM account a WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine)"
)
THEIR_CONTACTS = """
SELECT i.contact_id FROM interlocutor i JOIN account a ON a.id = i.account_id
WHERE a.organization_id = scope AND a.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
    AND i.organization_id = scope
"""
THEIR_ACCOUNTS = """
SELECT i.account_id FROM interlocutor i JOIN contact c ON c.id = i.contact_id
WHERE c.organization_id = scope AND c.relationship_manager_id = ANY (mine) AND i.ended_at IS NULL
    AND i.organization_id = scope
"""
HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off"
SCOPE = "scope CONSTANT uuid := nullif(current_setting('liant.organization', true), '')::uuid"
FOUND = """
    SELECT {columns} FROM search_entry e
    WHERE e.terms @@ query AND e.organization_id = scope AND e.kind = ANY (kinds)
"""
COLUMNS = FOUND.format(columns="e.id, e.kind, e.name_sort")
# Of each of these ids the entry, where it is found: by its key, never by gathering all that are.
OF_THESE = """
    SELECT f.id, f.kind, f.name_sort FROM ({ids}) AS these (id), LATERAL (
        SELECT * FROM search_entry e
        WHERE e.id = these.id AND e.terms @@ query AND e.organization_id = scope AND e.kind = ANY (kinds) OFFSET 0
    ) f
"""
MANAGED = """
    EXISTS (SELECT FROM contact c WHERE c.id = f.id AND c.relationship_manager_id = ANY (mine))
    OR EXISTS (SELECT FROM account a WHERE a.id = f.id AND a.relationship_manager_id = ANY (mine))
"""
# The rule of portfolio_contacts and portfolio_accounts, asked of one contact or account.
MINE = f"""
    {MANAGED}
    OR EXISTS (SELECT FROM interlocutor i JOIN account a ON a.id = i.account_id
        WHERE i.organization_id = scope AND i.contact_id = f.id AND i.ended_at IS NULL
            AND a.relationship_manager_id = ANY (mine))
    OR EXISTS (SELECT FROM interlocutor i JOIN contact c ON c.id = i.contact_id
        WHERE i.organization_id = scope AND i.account_id = f.id AND i.ended_at IS NULL
            AND c.relationship_manager_id = ANY (mine))
"""
DIRECT = OF_THESE.format(ids=f"{MANAGED_CONTACTS} UNION ALL {MANAGED_ACCOUNTS}")
INDIRECT = OF_THESE.format(ids=f"{THEIR_CONTACTS} UNION {THEIR_ACCOUNTS}")
# A frequent word is looked for in the sample of one in 32: where that gives 200, there are so many that these will do.
# Within a portfolio, whoever is of it is asked for a word that 1,000 have, 32 in the sample: those who are managed, and
# unless 200 have it, those who belong to them. Those who have a rarer word are asked whether they are of it.
ROWS = f"""
CREATE FUNCTION search_rows(asked text, but text, kinds text[])
RETURNS TABLE (id uuid, kind text, name_sort text) {HEAD} AS $$
DECLARE
    {SCOPE};
    mine CONSTANT uuid[] := portfolio();
    code CONSTANT text := search_code(scope);
    query tsquery := search_query(asked, but, ':' || code);
    enough CONSTANT integer := CASE WHEN mine IS NULL THEN 200 ELSE 32 END;
    frequent CONSTANT boolean := (SELECT count(*) FROM ({FOUND.format(columns="")} LIMIT enough) _) = enough;
    given integer;
BEGIN
    IF NOT frequent OR mine IS NOT NULL THEN
        query := search_query(asked, but, code);
    END IF;
    IF mine IS NULL THEN
        RETURN QUERY {COLUMNS} LIMIT 1000;
    ELSIF frequent THEN
        RETURN QUERY {DIRECT} LIMIT 200;
        GET DIAGNOSTICS given = ROW_COUNT;
        IF given < 200 THEN
            RETURN QUERY {INDIRECT} WHERE NOT ({MANAGED}) LIMIT 800;
        END IF;
    ELSE
        RETURN QUERY WITH f AS MATERIALIZED ({COLUMNS}) SELECT f.id, f.kind, f.name_sort FROM f WHERE {MINE} LIMIT 1000;
    END IF;
END
$$
"""
RESULTS = f"""
CREATE OR REPLACE FUNCTION search_results(wanted text, whole text, kinds text[], skip integer, most integer)
RETURNS TABLE (id uuid, kind text) {HEAD} AS $$
DECLARE
    given integer := 0;
    passed integer := skip;
BEGIN
    -- Most searches end here: whole words are read from the index without gathering all that begins like them.
    IF whole IS NOT NULL THEN
        RETURN QUERY SELECT r.id, r.kind FROM search_rows(whole, NULL, kinds) r
            ORDER BY r.name_sort, r.id OFFSET skip LIMIT most;
        GET DIAGNOSTICS given = ROW_COUNT;
        IF given = 0 AND skip > 0 THEN
            passed := (SELECT count(*) FROM search_rows(whole, NULL, kinds));
        END IF;
    ELSE
        passed := 0;
    END IF;
    IF given < most AND wanted IS DISTINCT FROM whole THEN
        RETURN QUERY SELECT r.id, r.kind FROM search_rows(wanted, whole, kinds) r
            ORDER BY r.name_sort, r.id OFFSET skip - passed LIMIT most - given;
    END IF;
END
$$
"""
# Each search reads through what waits. With 64 kB that is nothing, and writing costs 8% more than with 4 MB.
WAITS = "ALTER INDEX search_entry_terms SET (gin_pending_list_limit = 64)"
NOW = "SELECT gin_clean_pending_list('search_entry_terms')"


def upgrade() -> None:
    tables = ("contact", "account", "interlocutor")
    shared_set("portfolio_contacts", SERVICE, f"{MANAGED_CONTACTS} UNION {THEIR_CONTACTS}", *tables)
    shared_set("portfolio_accounts", SERVICE, f"{MANAGED_ACCOUNTS} UNION {THEIR_ACCOUNTS}", *tables)
    op.execute("DROP FUNCTION search_rows(text, text, text[], uuid[])")
    for statement in (ROWS, RESULTS, WAITS, NOW):
        op.execute(statement)
    op.execute("REVOKE ALL ON FUNCTION search_rows(text, text, text[]) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION search_rows(text, text, text[]) TO {SERVICE}_app")
