"""What persons and companies have several of: places, languages, social links, relation kinds, tags, bank accounts."""

from alembic import op

from chassis.migrations import protect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SERVICE = "contacts"

COLUMNS = """
ALTER TABLE contact
    ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
    ADD COLUMN relation_kinds varchar(20)[] NOT NULL DEFAULT '{}',
    ADD COLUMN social_links jsonb NOT NULL DEFAULT '[]';
ALTER TABLE contact
    ALTER COLUMN languages DROP DEFAULT,
    ALTER COLUMN relation_kinds DROP DEFAULT,
    ALTER COLUMN social_links DROP DEFAULT;
ALTER TABLE account
    ADD COLUMN parent_id uuid,
    ADD COLUMN website text,
    ADD COLUMN domain text,
    ADD COLUMN relation_kinds varchar(20)[] NOT NULL DEFAULT '{}',
    ADD COLUMN social_links jsonb NOT NULL DEFAULT '[]',
    ADD FOREIGN KEY (organization_id, parent_id) REFERENCES account (organization_id, id);
ALTER TABLE account
    ALTER COLUMN relation_kinds DROP DEFAULT,
    ALTER COLUMN social_links DROP DEFAULT;
CREATE INDEX account_parent ON account (organization_id, parent_id);
CREATE INDEX account_domain ON account (organization_id, domain);
ALTER TABLE account_address ADD COLUMN region text;
CREATE INDEX account_address_city ON account_address (organization_id, city);
"""

PARTS = """
CREATE TABLE contact_address (
    organization_id uuid NOT NULL,
    contact_id uuid,
    position integer,
    kind varchar(20) NOT NULL,
    lines text NOT NULL,
    postal_code text,
    city text,
    region text,
    country text NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_address_city ON contact_address (organization_id, city);
CREATE TABLE account_email (
    organization_id uuid NOT NULL,
    account_id uuid,
    position integer,
    address text NOT NULL,
    kind varchar(20) NOT NULL,
    PRIMARY KEY (account_id, position),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX account_email_address ON account_email (organization_id, lower(address));
CREATE TABLE account_phone (
    organization_id uuid NOT NULL,
    account_id uuid,
    position integer,
    number text NOT NULL,
    kind varchar(20) NOT NULL,
    PRIMARY KEY (account_id, position),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX account_phone_number ON account_phone (organization_id, number);
CREATE TABLE bank_account (
    organization_id uuid NOT NULL,
    account_id uuid,
    position integer,
    iban_sealed bytea NOT NULL,
    bic_sealed bytea,
    holder_sealed bytea,
    PRIMARY KEY (account_id, position),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE
);
"""

TAGS = """
CREATE TABLE tag (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL,
    color text NOT NULL,
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX tag_name ON tag (organization_id, name_sort);
CREATE TABLE contact_tag (
    organization_id uuid NOT NULL,
    tag_id uuid,
    contact_id uuid,
    PRIMARY KEY (contact_id, tag_id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, tag_id) REFERENCES tag (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_tag_tag ON contact_tag (organization_id, tag_id, contact_id);
CREATE TABLE account_tag (
    organization_id uuid NOT NULL,
    tag_id uuid,
    account_id uuid,
    PRIMARY KEY (account_id, tag_id),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, tag_id) REFERENCES tag (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX account_tag_tag ON account_tag (organization_id, tag_id, account_id);
"""

TABLES = (
    "contact_address",
    "account_email",
    "account_phone",
    "bank_account",
    "tag",
    "contact_tag",
    "account_tag",
)


def upgrade() -> None:
    for script in (COLUMNS, PARTS, TAGS):
        for statement in filter(str.strip, script.split(";\n")):
            op.execute(statement)
    _move_bank_details()
    for table in TABLES:
        protect(table, SERVICE)


def _move_bank_details() -> None:
    """Forced row-level security hides accounts from their owner, too."""
    op.execute("ALTER TABLE account NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "INSERT INTO bank_account (organization_id, account_id, position, iban_sealed)"
        " SELECT organization_id, id, 0, iban_sealed FROM account WHERE iban_sealed IS NOT NULL"
    )
    op.execute("ALTER TABLE account FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE account DROP COLUMN iban_sealed")
