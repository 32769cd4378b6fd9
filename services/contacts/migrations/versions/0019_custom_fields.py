"""Fields that an organization adds of its own, and their values on contacts and accounts."""

from alembic import op

from chassis.migrations import protect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SERVICE = "contacts"

FIELD = """
CREATE TABLE custom_field (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organization (id),
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    subject varchar(20) NOT NULL,
    key text NOT NULL,
    label_fr text NOT NULL,
    label_en text NOT NULL,
    type varchar(20) NOT NULL,
    required boolean NOT NULL,
    position integer NOT NULL,
    options jsonb NOT NULL,
    archived_at timestamptz,
    UNIQUE (organization_id, id)
)
"""
VALUE = """
CREATE TABLE {owner}_custom_value (
    organization_id uuid NOT NULL,
    {owner}_id uuid,
    field_id uuid,
    position integer,
    text text,
    millionths bigint,
    day date,
    truth boolean,
    PRIMARY KEY ({owner}_id, field_id, position),
    FOREIGN KEY (organization_id, {owner}_id) REFERENCES {owner} (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, field_id) REFERENCES custom_field (organization_id, id)
)
"""
INDEX = "CREATE INDEX {owner}_custom_value_{name} ON {owner}_custom_value (organization_id, field_id, {column})"
COLUMNS = {"text": "text", "number": "millionths", "day": "day"}


def upgrade() -> None:
    op.execute(FIELD)
    op.execute("CREATE UNIQUE INDEX custom_field_key ON custom_field (organization_id, subject, key)")
    protect("custom_field", SERVICE)
    for owner in ("contact", "account"):
        op.execute(VALUE.format(owner=owner))
        for name, column in COLUMNS.items():
            op.execute(INDEX.format(owner=owner, name=name, column=column))
        protect(f"{owner}_custom_value", SERVICE)
