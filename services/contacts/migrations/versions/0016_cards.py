"""Business cards, their links, their exchanges."""

from alembic import op

from chassis.migrations import protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SERVICE = "contacts"

TABLES = """
CREATE TABLE business_card (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    collaborator_id uuid NOT NULL,
    label text NOT NULL,
    locale text,
    content jsonb NOT NULL,
    shows_photo boolean NOT NULL,
    deleted_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id)
);
CREATE INDEX business_card_collaborator ON business_card (organization_id, collaborator_id, id);

CREATE TABLE card_link (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    card_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, card_id) REFERENCES business_card (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX card_link_token ON card_link (token_hash);
CREATE INDEX card_link_card ON card_link (organization_id, card_id, id);

CREATE TABLE card_exchange (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    exchange_id uuid NOT NULL,
    side varchar(20) NOT NULL,
    state varchar(20) NOT NULL,
    collaborator_id uuid NOT NULL,
    card_id uuid NOT NULL,
    link_id uuid,
    peer_organization_id uuid,
    peer_collaborator_id uuid,
    peer_version integer NOT NULL,
    peer jsonb,
    offered jsonb,
    message text,
    visitor_hash bytea,
    contact_id uuid,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    ended_at timestamptz,
    ended_by_peer boolean NOT NULL,
    FOREIGN KEY (organization_id, collaborator_id) REFERENCES collaborator (organization_id, id),
    FOREIGN KEY (organization_id, card_id) REFERENCES business_card (organization_id, id),
    FOREIGN KEY (organization_id, link_id) REFERENCES card_link (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id, id)
);
CREATE UNIQUE INDEX card_exchange_once ON card_exchange (organization_id, exchange_id);
CREATE UNIQUE INDEX card_exchange_visitor ON card_exchange (visitor_hash);
CREATE INDEX card_exchange_collaborator ON card_exchange (organization_id, collaborator_id, id);
CREATE INDEX card_exchange_contact ON card_exchange (organization_id, contact_id);
CREATE INDEX card_exchange_card ON card_exchange (organization_id, card_id);
"""

# Whoever opens a link is of no organization, or of another one. These functions read as the tables' owner, and tell of
# the one row whose unguessable token the caller knows which organization it belongs to: everything else is read there.
LINK = """
CREATE FUNCTION card_link_found(wanted bytea)
RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT organization_id, id FROM card_link WHERE token_hash = wanted $$
"""
VISIT = """
CREATE FUNCTION card_visit_found(wanted bytea)
RETURNS TABLE (organization_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT organization_id, id FROM card_exchange WHERE visitor_hash = wanted $$
"""


def upgrade() -> None:
    for statement in filter(str.strip, TABLES.split(";\n")):
        op.execute(statement)
    for table in ("business_card", "card_link", "card_exchange"):
        protect(table, SERVICE)
    for table, function, name in (("card_link", LINK, "card_link_found"), ("card_exchange", VISIT, "card_visit_found")):
        op.execute(function)
        op.execute(f"CREATE POLICY token ON {table} FOR SELECT TO CURRENT_USER USING (true)")
        op.execute(f"REVOKE ALL ON FUNCTION {name}(bytea) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}(bytea) TO {SERVICE}_app")
