"""The address book: organizations, collaborators, contacts, accounts, interlocutors; outbox, inbox, idempotency."""

from alembic import op

from chassis.migrations import notify_on_insert, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICE = "contacts"

MESSAGING = """
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    organization_id uuid NOT NULL,
    partition smallint NOT NULL,
    aggregate text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version bigint NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    dead_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    last_error text
);
CREATE INDEX outbox_waiting ON outbox (partition, position) WHERE published_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at);

CREATE TABLE inbox (
    message_id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    type text NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_handled_at ON inbox (handled_at);

CREATE TABLE idempotency (
    organization_id uuid,
    collaborator_id uuid,
    key text,
    fingerprint bytea NOT NULL,
    result_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, collaborator_id, key)
);
"""

PEOPLE = """
CREATE TABLE organization (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    locale text NOT NULL,
    time_zone text NOT NULL,
    country text NOT NULL
);

CREATE TABLE collaborator (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL,
    email text NOT NULL,
    role varchar(20) NOT NULL,
    department text,
    locale text NOT NULL,
    time_zone text NOT NULL,
    disabled_at timestamptz,
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX collaborator_email ON collaborator (organization_id, lower(email));

CREATE TABLE contact (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    given_name text,
    given_name_sort text,
    family_name text,
    family_name_sort text,
    language text,
    notes text,
    relationship_manager_id uuid,
    deleted_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, relationship_manager_id) REFERENCES collaborator (organization_id, id),
    CONSTRAINT contact_named CHECK (given_name IS NOT NULL OR family_name IS NOT NULL)
);
CREATE INDEX contact_family_name ON contact (organization_id, family_name_sort, id);
CREATE INDEX contact_created_at ON contact (organization_id, created_at, id);
CREATE INDEX contact_relationship_manager ON contact (organization_id, relationship_manager_id);

CREATE TABLE contact_email (
    organization_id uuid NOT NULL,
    contact_id uuid,
    position integer,
    address text NOT NULL,
    kind varchar(20) NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_email_address ON contact_email (organization_id, lower(address));

CREATE TABLE contact_phone (
    organization_id uuid NOT NULL,
    contact_id uuid,
    position integer,
    number text NOT NULL,
    kind varchar(20) NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_phone_number ON contact_phone (organization_id, number);
"""

COMPANIES = """
CREATE TABLE account (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL,
    siren text,
    siret text,
    vat_number text,
    iban_sealed bytea,
    status varchar(20) NOT NULL,
    notes text,
    relationship_manager_id uuid,
    deleted_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, relationship_manager_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX account_name ON account (organization_id, name_sort, id);
CREATE INDEX account_created_at ON account (organization_id, created_at, id);
CREATE INDEX account_siren ON account (organization_id, siren);
CREATE INDEX account_relationship_manager ON account (organization_id, relationship_manager_id);

CREATE TABLE account_address (
    organization_id uuid NOT NULL,
    account_id uuid,
    position integer,
    kind varchar(20) NOT NULL,
    lines text NOT NULL,
    postal_code text,
    city text,
    country text NOT NULL,
    PRIMARY KEY (account_id, position),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE
);

CREATE TABLE account_status_change (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    account_id uuid NOT NULL,
    status varchar(20) NOT NULL,
    at timestamptz NOT NULL,
    by_id uuid,
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, by_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX account_status_change_account ON account_status_change (organization_id, account_id, id);

CREATE TABLE interlocutor (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    contact_id uuid NOT NULL,
    account_id uuid NOT NULL,
    job_title text,
    decision_maker boolean NOT NULL,
    started_on date,
    ended_at timestamptz,
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id),
    FOREIGN KEY (organization_id, account_id) REFERENCES account (organization_id, id)
);
CREATE UNIQUE INDEX interlocutor_current ON interlocutor (organization_id, contact_id, account_id)
    WHERE ended_at IS NULL;
CREATE INDEX interlocutor_account ON interlocutor (organization_id, account_id, id);
CREATE INDEX interlocutor_created_at ON interlocutor (organization_id, created_at, id);
"""

TENANT_TABLES = (
    "inbox",
    "contact",
    "contact_email",
    "contact_phone",
    "account",
    "account_address",
    "account_status_change",
    "interlocutor",
)


def upgrade() -> None:
    for script in (MESSAGING, PEOPLE, COMPANIES):
        for statement in filter(str.strip, script.split(";\n")):
            op.execute(statement)
    protect("outbox", SERVICE, system=True)
    protect("idempotency", SERVICE, system=True)
    protect("organization", SERVICE, tenant="id")
    protect("collaborator", SERVICE)
    for table in TENANT_TABLES:
        protect(table, SERVICE)
    # Setting up an organization and finding a person's memberships look across organizations, and only look.
    for table in ("organization", "collaborator"):
        op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO {SERVICE}_system USING (true)")
        op.execute(f"GRANT SELECT ON {table} TO {SERVICE}_system")
    notify_on_insert("outbox", "outbox")
