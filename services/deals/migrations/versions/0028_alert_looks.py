"""Whose facts changed since the last sweep, and when each subject is to be looked at next; indexes of a look."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0028_alert_looks"
down_revision = "0027_messages_shared"
branch_labels = None
depends_on = None

_TABLES = ("alert_cue", "alert_look", "alert_turn")
_OWN = "SELECT organization_id, {0} FROM {{rows}} WHERE {0} IS NOT NULL"
_OF_AN_EVENT = """SELECT e.organization_id, e.deal_id FROM {rows} r JOIN event e ON e.id = r.event_id
    WHERE e.deal_id IS NOT NULL"""
_LINKED = """SELECT organization_id, contact_id FROM {rows}
    UNION SELECT d.organization_id, d.id FROM {rows} r JOIN deal d ON d.account_id = r.account_id"""
_CARRIED = """SELECT d.organization_id, d.id FROM {rows} r JOIN deal d ON d.owner_id = r.id
    UNION SELECT c.organization_id, c.id FROM {rows} r JOIN contact c
        ON c.organization_id = r.organization_id AND c.relationship_manager_id = r.id
    UNION SELECT a.organization_id, a.id FROM {rows} r JOIN account a
        ON a.organization_id = r.organization_id AND a.relationship_manager_id = r.id"""
_NAMED = """SELECT organization_id, subject_id FROM {rows}
    UNION SELECT d.organization_id, d.id FROM {rows} r JOIN deal d ON d.organization_id = r.organization_id
        AND r.subject_id IN (d.owner_id, d.account_id, d.primary_contact_id)"""
_EXCHANGED = "SELECT organization_id, subject_id FROM {rows} WHERE kind IN ('event', 'message', 'comment')"
_HANDLED = "SELECT organization_id, subject_id FROM {rows} WHERE status IN ('RESOLVED', 'DISMISSED')"
_PAIR = "SELECT organization_id, first_id FROM {rows} UNION SELECT organization_id, second_id FROM {rows}"
_WHOLE = "SELECT organization_id, organization_id FROM {rows}"

_I, _U, _D = "INSERT", "UPDATE", "DELETE"
CUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "deal": (_OWN.format("id"), (_I, _U)),
    "event": (_OWN.format("deal_id"), (_I, _U)),
    "task": (_OF_AN_EVENT, (_I, _U)),
    "message": (_OWN.format("deal_id"), (_I,)),
    "quote": (_OWN.format("deal_id"), (_I, _U)),
    "contract": (_OWN.format("deal_id"), (_I, _U)),
    "invoice": (_OWN.format("deal_id"), (_I, _U)),
    "participant": (_OWN.format("deal_id"), (_I, _U, _D)),
    "stage_visit": (_OWN.format("deal_id"), (_U, _D)),
    "interlocutor": (_LINKED, (_I, _U)),
    "contact": (_OWN.format("id"), (_I, _U)),
    "account": (_OWN.format("id"), (_I, _U)),
    "collaborator": (_CARRIED, (_I, _U)),
    "address_bounce": (_OWN.format("id"), (_I, _U)),
    "duplicate": (_PAIR, (_I, _U)),
    "timeline_entry": (_EXCHANGED, (_I, _D)),
    "alert": (_HANDLED, (_U,)),
    "alert_exclusion": (_NAMED, (_I, _U, _D)),
    "alert_setting": (_WHOLE, (_I, _U, _D)),
    "alert_calendar": (_WHOLE, (_I, _U, _D)),
    "closure": (_WHOLE, (_I, _U, _D)),
    "stage": (_WHOLE, (_I, _U, _D)),
    "organization": ("SELECT id, id FROM {rows}", (_I, _U)),
}
"""What a change of each table is about, and which changes count."""
_TRANSITIONS = {
    _I: ("NEW TABLE AS fresh", ("fresh",)),
    _U: ("OLD TABLE AS former NEW TABLE AS fresh", ("former", "fresh")),
    _D: ("OLD TABLE AS former", ("former",)),
}
_INDEXES = (
    ("quote_answerless", "quote", "deal_id", "status = 'SENT'"),
    ("contract_active", "contract", "deal_id", "status = 'ACTIVE'"),
    ("invoice_owed", "invoice", "deal_id", "status IN ('ISSUED', 'PARTLY_PAID')"),
    ("duplicate_open", "duplicate", "first_id", "open"),
)


def upgrade() -> None:
    """Tables, triggers that cue, indexes. Nobody has been looked at yet: the first turns look at everybody."""
    op.create_table(
        "alert_cue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("alert_cue_subject", "alert_cue", ["subject_id"])
    op.create_table(
        "alert_look",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id"),
    )
    op.create_index("alert_look_at", "alert_look", ["look_at"])
    op.create_index("alert_look_organization", "alert_look", ["organization_id"])
    op.create_table(
        "alert_turn",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("habits", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    for table in _TABLES:
        protect(table, "deals", system=True)
    # Later migrations change facts as the owner of the tables, who has no organization's scope.
    op.execute("CREATE POLICY owner ON alert_cue TO CURRENT_USER USING (true) WITH CHECK (true)")
    for table, (query, changes) in CUES.items():
        for change in changes:
            _cue(table, query, change)
    for name, table, column, condition in _INDEXES:
        op.create_index(name, table, [column], postgresql_where=sa.text(condition))


def _cue(table: str, query: str, change: str) -> None:
    transition, sources = _TRANSITIONS[change]
    name = f"{table}_cues_{change.lower()}"
    found = " UNION ".join(query.format(rows=rows) for rows in sources)
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO alert_cue (organization_id, subject_id) {found}; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {change} ON {table} REFERENCING {transition}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    """Take them away."""
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
    for table, (_, changes) in CUES.items():
        for change in changes:
            op.execute(f"DROP TRIGGER {table}_cues_{change.lower()} ON {table}")
            op.execute(f"DROP FUNCTION {table}_cues_{change.lower()}()")
    for table in _TABLES:
        op.drop_table(table)
