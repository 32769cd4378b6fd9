"""Search documents of contacts and accounts, kept by triggers; the function that searches them."""

from alembic import op

from chassis.migrations import protect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLE = """
CREATE TABLE search_document (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL,
    name_sort text NOT NULL,
    terms tsvector NOT NULL
)
"""

# Lexemes: =organization, word, ~word that lost a character, !initials, #end of a number, address, domain.
NEAR = """
CREATE FUNCTION search_near(word text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT '~' || word WHERE length(word) BETWEEN 3 AND 21
    UNION SELECT '~' || left(word, place - 1) || substr(word, place + 1) FROM generate_series(1, length(word)) place
    WHERE length(word) BETWEEN 4 AND 21
$$
"""
ENDS = """
CREATE FUNCTION search_ends(number text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT '#' || substr(number, place) FROM generate_series(1, length(number) - 2) place
$$
"""
NAMES = """
CREATE FUNCTION search_names(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT lexeme FROM string_to_table(name, ' ') word, LATERAL (SELECT word UNION SELECT search_near(word)) _ (lexeme)
    WHERE word <> ''
$$
"""
CONTACT = """
CREATE FUNCTION search_contact(wanted uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_document (id, organization_id, kind, name_sort, terms)
    SELECT c.id, c.organization_id, 'CONTACT', concat_ws(' ', c.family_name_sort, c.given_name_sort),
        array_to_tsvector(ARRAY(
            SELECT '=' || c.organization_id
            UNION SELECT search_names(concat_ws(' ', c.family_name_sort, c.given_name_sort))
            UNION SELECT '!' || left(c.given_name_sort, 1) || left(c.family_name_sort, 1)
                WHERE c.given_name_sort <> '' AND c.family_name_sort <> ''
            UNION SELECT '!' || left(c.family_name_sort, 1) || left(c.given_name_sort, 1)
                WHERE c.given_name_sort <> '' AND c.family_name_sort <> ''
            UNION SELECT search_ends(substr(number, 2)) FROM contact_phone WHERE contact_id = c.id
            UNION SELECT unnest(ARRAY[lower(address), lower(split_part(address, '@', 2))])
                FROM contact_email WHERE contact_id = c.id
            UNION SELECT word FROM contact_email,
                string_to_table(translate(lower(split_part(address, '@', 1)), '.-_+', '    '), ' ') word
                WHERE contact_id = c.id AND word <> ''
        ))
    FROM contact c WHERE c.id = wanted AND c.deleted_at IS NULL
    ON CONFLICT (id) DO UPDATE SET name_sort = excluded.name_sort, terms = excluded.terms;
    DELETE FROM search_document WHERE id = wanted
        AND NOT EXISTS (SELECT FROM contact WHERE id = wanted AND deleted_at IS NULL)
$$
"""
ACCOUNT = """
CREATE FUNCTION search_account(wanted uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_document (id, organization_id, kind, name_sort, terms)
    SELECT a.id, a.organization_id, 'ACCOUNT', a.name_sort,
        array_to_tsvector(ARRAY(
            SELECT '=' || a.organization_id
            UNION SELECT search_names(a.name_sort)
            UNION SELECT search_ends(a.siren) WHERE a.siren IS NOT NULL
            UNION SELECT search_ends(a.siret) WHERE a.siret IS NOT NULL
            UNION SELECT lower(a.vat_number) WHERE a.vat_number <> ''
        ))
    FROM account a WHERE a.id = wanted AND a.deleted_at IS NULL
    ON CONFLICT (id) DO UPDATE SET name_sort = excluded.name_sort, terms = excluded.terms;
    DELETE FROM search_document WHERE id = wanted
        AND NOT EXISTS (SELECT FROM account WHERE id = wanted AND deleted_at IS NULL)
$$
"""
TRIGGER = """
CREATE FUNCTION search_{table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_{kind}(CASE WHEN TG_OP = 'DELETE' THEN OLD.{id} ELSE NEW.{id} END);
    RETURN NULL;
END
$$
"""
FIRES = """
CREATE TRIGGER search AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION search_{table}_changed()
"""
# Under row-level security an operator that is not leakproof, as @@, may not use an index. So this function reads as the
# tables' owner, and is itself confined to the organization of the caller's scope: no argument names one.
FOUND = """
CREATE FUNCTION search_found(wanted tsquery, whole tsquery, kinds text[], skip integer, most integer)
RETURNS TABLE (id uuid, kind text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope uuid := nullif(current_setting('liant.organization', true), '')::uuid;
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.id, d.kind FROM (
            SELECT * FROM search_document WHERE terms @@ $1 AND organization_id = $2 AND kind = ANY ($4) LIMIT 1000
        ) d ORDER BY d.terms @@ $3 DESC, d.name_sort, d.id OFFSET $5 LIMIT $6'
    USING quote_literal('=' || scope)::tsquery && wanted, scope, whole, kinds, skip, most;
END
$$
"""
FUNCTION = "search_found(tsquery, tsquery, text[], integer, integer)"
WRITTEN = (
    ("contact", "contact", "id"),
    ("contact_email", "contact", "contact_id"),
    ("contact_phone", "contact", "contact_id"),
    ("account", "account", "id"),
)


def upgrade() -> None:
    for statement in (TABLE, NEAR, ENDS, NAMES, CONTACT, ACCOUNT, FOUND):
        op.execute(statement)
    _write_those_there_are()
    op.execute("CREATE INDEX search_document_terms ON search_document USING gin (terms)")
    for table, kind, id in WRITTEN:
        op.execute(TRIGGER.format(table=table, kind=kind, id=id))
        op.execute(FIRES.format(table=table))
    protect("search_document", SERVICE)
    op.execute("CREATE POLICY search ON search_document FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SERVICE}_app")


def _write_those_there_are() -> None:
    """Forced row-level security hides them from their owner, too."""
    for table, _, _ in WRITTEN:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("SELECT count(search_contact(id)) FROM contact")
    op.execute("SELECT count(search_account(id)) FROM account")
    for table, _, _ in WRITTEN:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
