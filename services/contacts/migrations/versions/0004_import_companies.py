"""Imports that make accounts and interlocutors of the companies that entries name."""

from alembic import op

from chassis.migrations import protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERVICE = "contacts"

COUNTS = """
ALTER TABLE contact_import
    ADD COLUMN companies boolean NOT NULL DEFAULT true,
    ADD COLUMN accounts_count integer NOT NULL DEFAULT 0,
    ADD COLUMN interlocutors_count integer NOT NULL DEFAULT 0
"""
NO_DEFAULTS = """
ALTER TABLE contact_import
    ALTER COLUMN companies DROP DEFAULT,
    ALTER COLUMN accounts_count DROP DEFAULT,
    ALTER COLUMN interlocutors_count DROP DEFAULT
"""
TABLE = """
CREATE TABLE contact_import_company (
    organization_id uuid NOT NULL,
    import_id uuid,
    subject_id uuid,
    kind varchar(20) NOT NULL,
    subject_version integer NOT NULL,
    before jsonb,
    PRIMARY KEY (import_id, subject_id),
    FOREIGN KEY (organization_id, import_id) REFERENCES contact_import (organization_id, id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    for statement in (COUNTS, NO_DEFAULTS, TABLE):
        op.execute(statement)
    op.execute("CREATE INDEX contact_import_company_order ON contact_import_company (import_id, kind, subject_id)")
    protect("contact_import_company", SERVICE)
