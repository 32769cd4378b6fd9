"""Searches and duplicates by search entries; search documents go."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SERVICE = "contacts"

# What is asked for comes with \x01 before each lexeme, which no text has: there goes the organization's code.
QUERY = r"""
CREATE FUNCTION search_query(asked text, but text, code text) RETURNS tsquery LANGUAGE sql IMMUTABLE
RETURN CASE WHEN but IS NULL THEN replace(asked, E'\x01', code)::tsquery
    ELSE replace(asked, E'\x01', code)::tsquery && !!replace(but, E'\x01', code)::tsquery END
"""
# Under row-level security an operator that is not leakproof, as @@, may not use an index. So these functions read as
# the tables' owner, and are themselves confined to the organization of the caller's scope: no argument names one. The
# index is always right: the planner reckons fifty lexemes as one comparison, and would rather read everything.
HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off"
SCOPE = "scope CONSTANT uuid := nullif(current_setting('liant.organization', true), '')::uuid"
FOUND = """
    SELECT {columns} FROM search_entry e
    WHERE e.terms @@ query AND e.organization_id = scope AND e.kind = ANY (kinds)
"""
COLUMNS = FOUND.format(columns="e.id, e.kind, e.name_sort")
# A frequent word is looked for in the sample of one in 32: where that gives 200, there are so many that these will do.
# Within a portfolio, whoever is of it is asked for a frequent word, and those who have a rare one whether they are.
ROWS = f"""
CREATE FUNCTION search_rows(asked text, but text, kinds text[], mine uuid[])
RETURNS TABLE (id uuid, kind text, name_sort text) {HEAD} AS $$
DECLARE
    {SCOPE};
    code CONSTANT text := search_code(scope);
    query tsquery := search_query(asked, but, ':' || code);
    frequent CONSTANT boolean := (SELECT count(*) FROM ({FOUND.format(columns="")} LIMIT 200) _) = 200;
BEGIN
    IF NOT frequent OR mine IS NOT NULL THEN
        query := search_query(asked, but, code);
    END IF;
    IF mine IS NULL THEN
        RETURN QUERY {COLUMNS} LIMIT 1000;
    ELSIF frequent THEN
        RETURN QUERY {COLUMNS} AND e.id IN (SELECT unnest(mine)) LIMIT 1000;
    ELSE
        RETURN QUERY {COLUMNS} AND e.id = ANY (mine) LIMIT 1000;
    END IF;
END
$$
"""
RESULTS = f"""
CREATE FUNCTION search_results(wanted text, whole text, kinds text[], skip integer, most integer)
RETURNS TABLE (id uuid, kind text) {HEAD} AS $$
DECLARE
    mine CONSTANT uuid[] := CASE WHEN portfolio() IS NOT NULL
        THEN ARRAY(SELECT portfolio_contacts() UNION ALL SELECT portfolio_accounts()) END;
    given integer := 0;
    passed integer := skip;
BEGIN
    -- Most searches end here: whole words are read from the index without gathering all that begins like them.
    IF whole IS NOT NULL THEN
        RETURN QUERY SELECT r.id, r.kind FROM search_rows(whole, NULL, kinds, mine) r
            ORDER BY r.name_sort, r.id OFFSET skip LIMIT most;
        GET DIAGNOSTICS given = ROW_COUNT;
        IF given = 0 AND skip > 0 THEN
            passed := (SELECT count(*) FROM search_rows(whole, NULL, kinds, mine));
        END IF;
    ELSE
        passed := 0;
    END IF;
    IF given < most AND wanted IS DISTINCT FROM whole THEN
        RETURN QUERY SELECT r.id, r.kind FROM search_rows(wanted, whole, kinds, mine) r
            ORDER BY r.name_sort, r.id OFFSET skip - passed LIMIT most - given;
    END IF;
END
$$
"""
# Whoever has the same address or number, or the very words, comes first where there are more than are compared.
CANDIDATES_OF = f"""
CREATE FUNCTION search_candidates(wanted text, whole text, kinds text[], most integer) RETURNS SETOF uuid {HEAD} AS $$
DECLARE
    {SCOPE};
    query tsquery := search_query(wanted, NULL, search_code(scope));
    best CONSTANT tsquery := search_query(whole, NULL, search_code(scope));
    found uuid[] := ARRAY({FOUND.format(columns="e.id")} LIMIT most + 1);
BEGIN
    IF cardinality(found) > most THEN
        query := query && best;
        found := ARRAY({FOUND.format(columns="e.id")} LIMIT most) || found;
    END IF;
    RETURN QUERY SELECT id FROM unnest(found) WITH ORDINALITY AS _ (id, place)
        GROUP BY id ORDER BY min(place) LIMIT most;
END
$$
"""
CANDIDATES = """
CREATE OR REPLACE FUNCTION duplicate_candidates(wanted text[], whole text[], kinds text[], most integer)
RETURNS TABLE (place bigint, id uuid) LANGUAGE sql STABLE AS $$
    SELECT asked.place, found.id FROM unnest(wanted, whole) WITH ORDINALITY AS asked (query, whole, place),
        LATERAL search_candidates(asked.query, asked.whole, kinds, most) AS found (id)
$$
"""
DUE = """
CREATE FUNCTION duplicates_due_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO duplicate_due (organization_id, kind, subject_id) SELECT organization_id, kind, id FROM those;
    RETURN NULL;
END
$$
"""
FIRES = (
    "CREATE TRIGGER duplicate_made AFTER INSERT ON search_entry REFERENCING NEW TABLE AS those"
    " FOR EACH STATEMENT EXECUTE FUNCTION duplicates_due_again()",
    "CREATE TRIGGER duplicate_changed AFTER UPDATE ON search_entry REFERENCING NEW TABLE AS those"
    " FOR EACH STATEMENT EXECUTE FUNCTION duplicates_due_again()",
    "CREATE TRIGGER duplicate_gone AFTER DELETE ON search_entry REFERENCING OLD TABLE AS those"
    " FOR EACH STATEMENT EXECUTE FUNCTION duplicates_due_again()",
)
GONE = (
    "contact",
    "contact_email",
    "contact_phone",
    "interlocutor",
    "account",
    "account_address",
)
OLD = (
    "search_found(tsquery, tsquery, text[], integer, integer)",
    "search_account_renamed()",
    "search_contact(uuid)",
    "search_account(uuid)",
    "search_contact_context(uuid)",
    "search_account_context(uuid)",
    "search_names(text)",
    "search_near(text)",
    "search_ends(text)",
    "search_stems(text)",
    "duplicate_due_again()",
)
CALLED = (
    "search_rows(text, text, text[], uuid[])",
    "search_results(text, text, text[], integer, integer)",
    "search_candidates(text, text, text[], integer)",
)


def upgrade() -> None:
    for statement in (QUERY, ROWS, RESULTS, CANDIDATES_OF, CANDIDATES):
        op.execute(statement)
    for function in CALLED:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {SERVICE}_app")
    _take_documents_away()
    for statement in (DUE, *FIRES):
        op.execute(statement)


def _take_documents_away() -> None:
    op.execute("DROP TRIGGER search_renamed ON account")
    for table in GONE:
        op.execute(f"DROP TRIGGER search ON {table}")
        op.execute(f"DROP FUNCTION search_{table}_changed()")
    op.execute("DROP TABLE search_document")
    for function in OLD:
        op.execute(f"DROP FUNCTION {function}")
