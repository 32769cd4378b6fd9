"""Only the senders of a queue are woken by what comes into it."""

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Tell the queues of what was queued; nothing where everything was there already, or is not to go."""
    op.execute(
        "CREATE OR REPLACE FUNCTION delivery_notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " PERFORM pg_notify('delivery', queue) FROM (SELECT DISTINCT queue FROM made WHERE status = 'QUEUED') AS told;"
        " RETURN NULL; END $$"
    )
    op.execute("DROP TRIGGER delivery_notify ON delivery")
    op.execute(
        "CREATE TRIGGER delivery_notify AFTER INSERT ON delivery REFERENCING NEW TABLE AS made"
        " FOR EACH STATEMENT EXECUTE FUNCTION delivery_notify()"
    )


def downgrade() -> None:
    """Wake all by all."""
    op.execute("DROP TRIGGER delivery_notify ON delivery")
    op.execute(
        "CREATE OR REPLACE FUNCTION delivery_notify() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_notify('delivery', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER delivery_notify AFTER INSERT ON delivery FOR EACH STATEMENT EXECUTE FUNCTION delivery_notify()"
    )
