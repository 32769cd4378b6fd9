"""Pages of contacts by given name, and of contacts and accounts by their last change, without sorting everything."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INDEXES = (
    ("contact", "given_name", "given_name_sort"),
    ("contact", "updated_at", "updated_at"),
    ("account", "updated_at", "updated_at"),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, name, column in INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {table}_{name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {table}_{name} ON {table} (organization_id, {column}, id)")
