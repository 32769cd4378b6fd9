"""What is searched, written many at a time: `search_entry`, beside search documents until 0028 takes these away."""

from alembic import op

from chassis.migrations import protect

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLE = """
CREATE TABLE search_entry (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind text NOT NULL,
    name_sort text NOT NULL,
    terms tsvector NOT NULL
)
"""
# Every lexeme begins with its organization's code, so that the index never reads another one's. Two organizations in
# 16 million share a code: each result is checked against its organization.
CODE = """
CREATE FUNCTION search_code(organization uuid) RETURNS text LANGUAGE sql IMMUTABLE
RETURN encode(substr(uuid_send(organization), 14, 3), 'base64')
"""
STEMS = r"""
CREATE FUNCTION search_stems_of(context text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    folded text := lower(left(context, 2000));
BEGIN
    IF octet_length(folded) > length(folded) THEN
        folded := regexp_replace(normalize(folded, NFKD), '[\u0300-\u036f]', '', 'g');
    END IF;
    RETURN tsvector_to_array(to_tsvector('french', folded) || to_tsvector('english', folded));
END
$$
"""
INITIALS = r"""
CREATE FUNCTION search_initials(given text, family text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    first CONSTANT text := regexp_replace(given, '(\S)\S*\s*', '\1', 'g');
    last CONSTANT text := regexp_replace(family, '(\S)\S*\s*', '\1', 'g');
BEGIN
    RETURN ARRAY['!' || first || last, '!' || last || first,
        '!' || left(first, 1) || left(last, 1), '!' || left(last, 1) || left(first, 1)];
END
$$
"""
NEAR = """
CREATE FUNCTION search_mistaken(words text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    found text[] := '{}';
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        CONTINUE WHEN length(word) NOT BETWEEN 4 AND 21;
        FOR place IN 1 .. length(word) LOOP
            found := found || ('~' || left(word, place - 1) || substr(word, place + 1));
        END LOOP;
    END LOOP;
    RETURN found;
END
$$
"""
EXACT = """
CREATE FUNCTION search_exact(words text[], addresses text[], numbers text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    found text[] := '{}';
    told text;
BEGIN
    FOREACH told IN ARRAY addresses LOOP
        found := found || told;
        found := found || split_part(told, '@', 2);
        words := words || string_to_array(translate(split_part(told, '@', 1), '.-_+', '    '), ' ');
    END LOOP;
    FOREACH told IN ARRAY words LOOP
        CONTINUE WHEN told = '';
        found := found || told;
        FOR place IN 1 .. least(6, length(told)) LOOP
            found := found || ('<' || left(told, place));
        END LOOP;
    END LOOP;
    FOREACH told IN ARRAY numbers LOOP
        FOR place IN 1 .. length(told) - 2 LOOP
            found := found || ('#' || substr(told, place, 6));
        END LOOP;
    END LOOP;
    RETURN found;
END
$$
"""
# Loops, not queries: a query over the words of one name costs more to set up than all of them to write.
TERMS = """
CREATE FUNCTION search_terms(
    organization uuid, subject uuid, given text, family text, addresses text[], numbers text[], context text
) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    code CONSTANT text := search_code(organization);
    words CONSTANT text[] := string_to_array(family || ' ' || given, ' ');
    found text[] := search_exact(words, addresses, numbers) || search_initials(given, family);
    terms text[] := '{}';
    told text;
BEGIN
    FOREACH told IN ARRAY search_stems_of(context) LOOP
        found := found || left('^' || told, 61);
    END LOOP;
    found := found || search_mistaken(words);
    FOREACH told IN ARRAY found LOOP
        CONTINUE WHEN told = '';
        terms := terms || (code || told);
    END LOOP;
    -- One in 32 is in the sample, by its id, which is random: see search_rows.
    IF get_byte(uuid_send(subject), 15) & 31 = 0 THEN
        FOREACH told IN ARRAY terms LOOP
            terms := terms || (':' || told);
        END LOOP;
    END IF;
    RETURN array_to_tsvector(terms);
END
$$
"""
# Entries are locked before they are computed: of two transactions that change what surrounds one name, the second one
# sees what the first one wrote.
WRITE = """
CREATE FUNCTION search_write_{kind}s(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM search_entry WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
    INSERT INTO search_entry (id, organization_id, kind, name_sort, terms)
    {rows} FROM {kind} c WHERE c.id = ANY (ids) AND c.deleted_at IS NULL
    ON CONFLICT (id) DO UPDATE SET name_sort = excluded.name_sort, terms = excluded.terms
        WHERE (search_entry.name_sort, search_entry.terms) IS DISTINCT FROM (excluded.name_sort, excluded.terms);
    DELETE FROM search_entry WHERE id = ANY (ids) AND kind = upper('{kind}')
        AND NOT EXISTS (SELECT FROM {kind} c WHERE c.id = search_entry.id AND c.deleted_at IS NULL);
END
$$
"""
CONTACT = """
    SELECT c.id, c.organization_id, 'CONTACT', concat_ws(' ', c.family_name_sort, c.given_name_sort), search_terms(
        c.organization_id, c.id, coalesce(c.given_name_sort, ''), coalesce(c.family_name_sort, ''),
        ARRAY(SELECT lower(address) FROM contact_email WHERE contact_id = c.id),
        ARRAY(SELECT substr(number, 2) FROM contact_phone WHERE contact_id = c.id),
        concat_ws(' ',
            (SELECT string_agg(concat_ws(' ', i.job_title, a.name), ' ')
                FROM interlocutor i JOIN account a ON a.id = i.account_id AND a.deleted_at IS NULL
                WHERE i.organization_id = c.organization_id AND i.contact_id = c.id AND i.ended_at IS NULL),
            (SELECT string_agg(concat_ws(' ', lines, postal_code, city), ' ')
                FROM contact_address WHERE contact_id = c.id),
            c.notes))
"""
ACCOUNT = """
    SELECT c.id, c.organization_id, 'ACCOUNT', c.name_sort, search_terms(
        c.organization_id, c.id, '', c.name_sort,
        ARRAY(SELECT lower(address) FROM account_email WHERE account_id = c.id
            UNION ALL SELECT lower(c.vat_number) WHERE c.vat_number IS NOT NULL),
        ARRAY(SELECT substr(number, 2) FROM account_phone WHERE account_id = c.id
            UNION ALL SELECT unnest(array_remove(ARRAY[c.siren, c.siret], NULL))),
        concat_ws(' ', c.name,
            (SELECT string_agg(concat_ws(' ', lines, postal_code, city), ' ')
                FROM account_address WHERE account_id = c.id),
            c.notes))
"""
# Whoever changes is noted in a setting of the transaction, and written at its commit, or when many are noted: a contact
# with its addresses, numbers and links is one entry written once, and so many contacts are one statement.
DUE = """
CREATE FUNCTION search_due(kind text, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT text := nullif(current_setting('liant.search_' || kind, true), '');
    noted CONSTANT text := concat_ws(',', before, nullif(array_to_string(ids, ','), ''));
BEGIN
    PERFORM set_config('liant.search_' || kind, noted, true);
    IF length(noted) > 37 * 1000 THEN
        PERFORM search_write_due();
    END IF;
END
$$
"""
WRITE_DUE = """
CREATE FUNCTION search_write_due() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    contacts CONSTANT text := current_setting('liant.search_contact', true);
    accounts CONSTANT text := current_setting('liant.search_account', true);
BEGIN
    IF accounts <> '' THEN
        PERFORM set_config('liant.search_account', '', true);
        PERFORM search_write_accounts(ARRAY(SELECT DISTINCT unnest(string_to_array(accounts, ',')::uuid[])));
    END IF;
    IF contacts <> '' THEN
        PERFORM set_config('liant.search_contact', '', true);
        PERFORM search_write_contacts(ARRAY(SELECT DISTINCT unnest(string_to_array(contacts, ',')::uuid[])));
    END IF;
END
$$
"""
AT_COMMIT = """
CREATE FUNCTION search_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_write_due();
    RETURN NULL;
END
$$
"""
NOTE_MANY = """
CREATE FUNCTION search_note_{table}s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_due('{kind}', ARRAY(SELECT DISTINCT {id} FROM those));
    RETURN NULL;
END
$$
"""
NOTE_ONE = """
CREATE FUNCTION search_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_due('{kind}', ARRAY[NEW.{id}]);
    RETURN NULL;
END
$$
"""
CHANGED = "({old}) IS DISTINCT FROM ({new})"
FIRES = (
    "CREATE TRIGGER search_came AFTER INSERT ON {table} REFERENCING NEW TABLE AS those"
    " FOR EACH STATEMENT EXECUTE FUNCTION search_note_{table}s()",
    "CREATE TRIGGER search_went AFTER DELETE ON {table} REFERENCING OLD TABLE AS those"
    " FOR EACH STATEMENT EXECUTE FUNCTION search_note_{table}s()",
    "CREATE TRIGGER search_changed AFTER UPDATE ON {table}"
    " FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION search_note_{table}()",
    "CREATE CONSTRAINT TRIGGER search_written AFTER INSERT OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION search_at_commit()",
    "CREATE CONSTRAINT TRIGGER search_rewritten AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION search_at_commit()",
)
# Whoever speaks for a company is found by its name, too.
RENAMED = """
CREATE FUNCTION search_note_speakers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM search_due('contact',
        ARRAY(SELECT contact_id FROM interlocutor WHERE account_id = NEW.id AND ended_at IS NULL));
    RETURN NULL;
END
$$
"""
RENAMED_FIRES = """
CREATE TRIGGER search_named AFTER UPDATE ON account FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
EXECUTE FUNCTION search_note_speakers()
"""
PLACE = "lines postal_code city"
TOLD = (
    ("contact", "contact", "id", "given_name_sort family_name_sort notes deleted_at"),
    ("contact_email", "contact", "contact_id", "address"),
    ("contact_phone", "contact", "contact_id", "number"),
    ("contact_address", "contact", "contact_id", PLACE),
    ("interlocutor", "contact", "contact_id", "account_id job_title ended_at"),
    ("account", "account", "id", "name siren siret vat_number notes deleted_at"),
    ("account_email", "account", "account_id", "address"),
    ("account_phone", "account", "account_id", "number"),
    ("account_address", "account", "account_id", PLACE),
)


def upgrade() -> None:
    for statement in (TABLE, CODE, STEMS, INITIALS, NEAR, EXACT, TERMS):
        op.execute(statement)
    protect("search_entry", SERVICE)
    op.execute("CREATE POLICY search ON search_entry FOR SELECT TO CURRENT_USER USING (true)")
    for kind, rows in (("contact", CONTACT), ("account", ACCOUNT)):
        op.execute(WRITE.format(kind=kind, rows=rows))
    for statement in (WRITE_DUE, DUE, AT_COMMIT):
        op.execute(statement)
    for table, kind, id, columns in TOLD:
        _follow(table, kind, id, columns.split())
    op.execute(RENAMED)
    op.execute(RENAMED_FIRES)


def _follow(table: str, kind: str, id: str, columns: list[str]) -> None:
    told = [id, *columns]
    changed = CHANGED.format(
        old=", ".join(f"OLD.{name}" for name in told), new=", ".join(f"NEW.{name}" for name in told)
    )
    for statement in (NOTE_MANY, NOTE_ONE, *FIRES):
        op.execute(statement.format(table=table, kind=kind, id=id, changed=changed))
