"""Search by what surrounds a name (company, job title, city, notes: stems in French and English); one document written
per contact and transaction, at its commit; whole words found first however many others there are."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# More lexemes than those of 0003: ^stem, of the words of what surrounds a name.
STEMS = r"""
CREATE FUNCTION search_stems(context text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT DISTINCT '^' || lexeme FROM (
        SELECT regexp_replace(normalize(lower(left(context, 2000)), NFKD), '[\u0300-\u036f]', '', 'g') AS folded
    ) AS _, unnest(tsvector_to_array(to_tsvector('french', folded) || to_tsvector('english', folded))) AS lexeme
    WHERE length(lexeme) <= 60
$$
"""
CONTACT = """
CREATE OR REPLACE FUNCTION search_contact(wanted uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_document (id, organization_id, kind, name_sort, written_in, terms)
    SELECT c.id, c.organization_id, 'CONTACT', concat_ws(' ', c.family_name_sort, c.given_name_sort),
        txid_current(),
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
            UNION SELECT search_stems(context) FROM search_contact_context(c.id) context
        ))
    FROM contact c WHERE c.id = wanted AND c.deleted_at IS NULL
    ON CONFLICT (id) DO UPDATE
        SET name_sort = excluded.name_sort, terms = excluded.terms, written_in = excluded.written_in;
    DELETE FROM search_document WHERE id = wanted
        AND NOT EXISTS (SELECT FROM contact WHERE id = wanted AND deleted_at IS NULL)
$$
"""
CONTACT_CONTEXT = """
CREATE FUNCTION search_contact_context(wanted uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ',
        (SELECT string_agg(concat_ws(' ', i.job_title, a.name), ' ')
            FROM interlocutor i JOIN account a ON a.id = i.account_id AND a.deleted_at IS NULL
            WHERE i.contact_id = wanted AND i.ended_at IS NULL),
        (SELECT notes FROM contact WHERE id = wanted))
$$
"""
ACCOUNT = """
CREATE OR REPLACE FUNCTION search_account(wanted uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO search_document (id, organization_id, kind, name_sort, written_in, terms)
    SELECT a.id, a.organization_id, 'ACCOUNT', a.name_sort,
        txid_current(),
        array_to_tsvector(ARRAY(
            SELECT '=' || a.organization_id
            UNION SELECT search_names(a.name_sort)
            UNION SELECT search_ends(a.siren) WHERE a.siren IS NOT NULL
            UNION SELECT search_ends(a.siret) WHERE a.siret IS NOT NULL
            UNION SELECT lower(a.vat_number) WHERE a.vat_number <> ''
            UNION SELECT search_stems(context) FROM search_account_context(a.id) context
        ))
    FROM account a WHERE a.id = wanted AND a.deleted_at IS NULL
    ON CONFLICT (id) DO UPDATE
        SET name_sort = excluded.name_sort, terms = excluded.terms, written_in = excluded.written_in;
    DELETE FROM search_document WHERE id = wanted
        AND NOT EXISTS (SELECT FROM account WHERE id = wanted AND deleted_at IS NULL)
$$
"""
ACCOUNT_CONTEXT = """
CREATE FUNCTION search_account_context(wanted uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(' ', name,
        (SELECT string_agg(concat_ws(' ', lines, postal_code, city), ' ')
            FROM account_address WHERE account_id = wanted),
        notes)
    FROM account WHERE id = wanted
$$
"""
# At the commit, so that a contact with its addresses, numbers and links is one document written once. A document that
# this transaction wrote is as the transaction leaves it: nothing else runs between two triggers of one commit.
TRIGGER = """
CREATE OR REPLACE FUNCTION search_{table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.{id} ELSE NEW.{id} END;
BEGIN
    IF NOT EXISTS (SELECT FROM search_document WHERE id = target AND written_in = txid_current()) THEN
        PERFORM search_{kind}(target);
    END IF;
    RETURN NULL;
END
$$
"""
FIRES = """
CREATE CONSTRAINT TRIGGER search AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION search_{table}_changed()
"""
# Whoever speaks for a company is found by its name, too.
RENAMED = """
CREATE FUNCTION search_account_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_contact(contact_id) FROM interlocutor WHERE account_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END
$$
"""
RENAMED_FIRES = """
CREATE CONSTRAINT TRIGGER search_renamed AFTER UPDATE OF name, deleted_at ON account DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
EXECUTE FUNCTION search_account_renamed()
"""
FOUND = """
CREATE OR REPLACE FUNCTION search_found(wanted tsquery, whole tsquery, kinds text[], skip integer, most integer)
RETURNS TABLE (id uuid, kind text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope uuid := nullif(current_setting('liant.organization', true), '')::uuid;
    own tsquery := quote_literal('=' || scope)::tsquery;
    page CONSTANT text := 'SELECT d.id, d.kind FROM (
            SELECT * FROM search_document WHERE terms @@ $1 AND organization_id = $2 AND kind = ANY ($3) LIMIT 1000
        ) d ORDER BY d.name_sort, d.id OFFSET $4 LIMIT $5';
    given integer;
    passed integer := skip;
BEGIN
    -- Most searches end here: whole words are read from the index without gathering all that begins like them.
    RETURN QUERY EXECUTE page USING own && whole, scope, kinds, skip, most;
    GET DIAGNOSTICS given = ROW_COUNT;
    IF given < most AND wanted <> whole THEN
        IF given = 0 AND skip > 0 THEN
            passed := (SELECT count(*) FROM (SELECT FROM search_document
                WHERE terms @@ (own && whole) AND organization_id = scope AND search_document.kind = ANY (kinds)
                LIMIT skip) _);
        END IF;
        RETURN QUERY EXECUTE page USING own && wanted && !!whole, scope, kinds, skip - passed, most - given;
    END IF;
END
$$
"""
WRITTEN = (
    ("contact", "contact", "id"),
    ("contact_email", "contact", "contact_id"),
    ("contact_phone", "contact", "contact_id"),
    ("interlocutor", "contact", "contact_id"),
    ("account", "account", "id"),
    ("account_address", "account", "account_id"),
)
BEFORE = ("contact", "contact_email", "contact_phone", "account")


def upgrade() -> None:
    for table in BEFORE:
        op.execute(f"DROP TRIGGER search ON {table}")
    op.execute("ALTER TABLE search_document ADD COLUMN written_in bigint NOT NULL DEFAULT txid_current()")
    op.execute("ALTER TABLE search_document ALTER COLUMN written_in DROP DEFAULT")
    for statement in (STEMS, CONTACT_CONTEXT, ACCOUNT_CONTEXT, CONTACT, ACCOUNT, RENAMED, FOUND):
        op.execute(statement)
    _write_again()
    for table, kind, id in WRITTEN:
        op.execute(TRIGGER.format(table=table, kind=kind, id=id))
        op.execute(FIRES.format(table=table))
    op.execute(RENAMED_FIRES)


def _write_again() -> None:
    """Forced row-level security hides rows from their owner, too."""
    tables = [table for table, _, _ in WRITTEN] + ["search_document"]
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("SELECT count(search_contact(id)) FROM contact")
    op.execute("SELECT count(search_account(id)) FROM account")
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
