"""The catalogue, quotes and their acceptance; contracts, invoices, payments; requests for quotes."""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import protect

revision = "0011_quotes"
down_revision = "0010_following"
branch_labels = None
depends_on = None

TABLES = (
    "letterhead",
    "paper_counter",
    "product",
    "deal_line",
    "quote",
    "quote_request",
    "contract",
    "quote_answer",
    "quote_line",
    "quote_link",
    "quote_paper",
    "acceptance",
    "invoice",
    "invoice_line",
    "payment",
)


def _readable_by_the_sweep(table: str) -> None:
    """The sweeps look over all organizations; what they find is written in each one's scope."""
    op.execute(f"CREATE POLICY system ON {table} FOR SELECT TO deals_system USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO deals_system")


def upgrade() -> None:
    """Create the tables; what was signed and paid is neither edited nor deleted."""
    op.add_column("deal", sa.Column("amount_follows_lines", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "letterhead",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=False),
        sa.Column("vat_number", sa.Text(), nullable=True),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("payment_terms", sa.Text(), nullable=False),
        sa.Column("payment_days", sa.SmallInteger(), nullable=False),
        sa.Column("validity_days", sa.SmallInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id"),
    )
    op.create_table(
        "paper_counter",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "kind", "year"),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('PRODUCT', 'SERVICE')", name="product_kind"),
        sa.CheckConstraint("price >= 0 AND vat_rate BETWEEN 0 AND 100", name="product_price"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "id", name="product_tenant"),
    )
    op.create_index("product_name", "product", ["organization_id", "name_fr", "id"], unique=False)
    op.create_index(
        "product_sku",
        "product",
        ["organization_id", "sku"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "deal_line",
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=13, scale=4), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "deal_id"],
            ["deal.organization_id", "deal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "product_id"],
            ["product.organization_id", "product.id"],
        ),
        sa.PrimaryKeyConstraint("deal_id", "position"),
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("buyer_name", sa.Text(), nullable=False),
        sa.Column("buyer_address", sa.Text(), nullable=False),
        sa.Column("buyer_number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("net", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("vat", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("gross", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SENT', 'ACCEPTED', 'REFUSED', 'EXPIRED', 'SUPERSEDED', 'WITHDRAWN')",
            name="quote_status",
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'WITHDRAWN') OR (number IS NOT NULL AND sent_at IS NOT NULL)", name="quote_numbered"
        ),
        sa.CheckConstraint("gross = net + vat", name="quote_sum"),
        sa.ForeignKeyConstraint(
            ["organization_id", "deal_id"],
            ["deal.organization_id", "deal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "family_id", "revision", name="quote_revision"),
        sa.UniqueConstraint("organization_id", "id", name="quote_tenant"),
        sa.UniqueConstraint("organization_id", "number", "revision", name="quote_number"),
    )
    op.create_index("quote_deal", "quote", ["organization_id", "deal_id", "id"], unique=False)
    op.create_index("quote_newest", "quote", ["organization_id", "id"], unique=False)
    op.create_index(
        "quote_one_draft",
        "quote",
        ["organization_id", "family_id"],
        unique=True,
        postgresql_where=sa.text("status = 'DRAFT'"),
    )
    op.create_index(
        "quote_one_open",
        "quote",
        ["organization_id", "family_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('SENT', 'ACCEPTED')"),
    )
    op.create_index(
        "quote_waiting", "quote", ["valid_until", "sent_at"], unique=False, postgresql_where=sa.text("status = 'SENT'")
    )
    op.create_table(
        "quote_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SENT', 'ANSWERED', 'DECLINED', 'RETAINED', 'DISCARDED', 'CANCELLED')",
            name="quote_request_status",
        ),
        sa.CheckConstraint(
            "status NOT IN ('ANSWERED', 'RETAINED') OR (amount IS NOT NULL AND answered_on IS NOT NULL)",
            name="quote_request_answered",
        ),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="quote_request_amount"),
        sa.CheckConstraint("account_id IS NOT NULL OR contact_id IS NOT NULL", name="quote_request_supplier"),
        sa.ForeignKeyConstraint(
            ["organization_id", "deal_id"],
            ["deal.organization_id", "deal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "id", name="quote_request_tenant"),
    )
    op.create_index("quote_request_deal", "quote_request", ["organization_id", "deal_id", "id"], unique=False)
    op.create_index("quote_request_newest", "quote_request", ["organization_id", "id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal", sa.Text(), nullable=False),
        sa.Column("renewal_months", sa.SmallInteger(), nullable=True),
        sa.Column("notice_months", sa.SmallInteger(), nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("indexation", sa.Text(), nullable=False),
        sa.Column("indexation_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("indexed_on", sa.Date(), nullable=True),
        sa.Column("next_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(renewal = 'NONE') OR (renewal_months IS NOT NULL AND ends_on IS NOT NULL)", name="contract_renewable"
        ),
        sa.CheckConstraint("period IN ('ONCE', 'MONTH', 'QUARTER', 'YEAR')", name="contract_period"),
        sa.CheckConstraint("renewal IN ('NONE', 'TACIT', 'EXPRESS')", name="contract_renewal"),
        sa.CheckConstraint("status IN ('DRAFT', 'ACTIVE', 'ENDED', 'TERMINATED', 'CANCELLED')", name="contract_status"),
        sa.CheckConstraint(
            "status NOT IN ('ACTIVE', 'ENDED', 'TERMINATED') OR starts_on IS NOT NULL", name="contract_started"
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="contract_term"),
        sa.ForeignKeyConstraint(
            ["organization_id", "deal_id"],
            ["deal.organization_id", "deal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "id", name="contract_tenant"),
    )
    op.create_index("contract_account", "contract", ["organization_id", "account_id"], unique=False)
    op.create_index("contract_contact", "contract", ["organization_id", "contact_id"], unique=False)
    op.create_index("contract_deal", "contract", ["organization_id", "deal_id", "id"], unique=False)
    op.create_index(
        "contract_ending", "contract", ["ends_on"], unique=False, postgresql_where=sa.text("status = 'ACTIVE'")
    )
    op.create_index("contract_newest", "contract", ["organization_id", "id"], unique=False)
    op.create_index(
        "contract_notice", "contract", ["notice_on"], unique=False, postgresql_where=sa.text("status = 'ACTIVE'")
    )
    op.create_table(
        "quote_answer",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("paper_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision IN ('ACCEPTED', 'REFUSED')", name="quote_answer_decision"),
        sa.CheckConstraint("(contact_id IS NULL) <> (recorded_by_id IS NULL)", name="quote_answer_who"),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("quote_id"),
    )
    op.create_table(
        "quote_line",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=13, scale=4), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "product_id"],
            ["product.organization_id", "product.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("quote_id", "position"),
    )
    op.create_table(
        "quote_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "quote_id", "contact_id", name="quote_link_recipient"),
    )
    op.create_index("quote_link_expires", "quote_link", ["expires_at"], unique=False)
    op.create_index("quote_link_token", "quote_link", ["token_hash"], unique=True)
    op.create_table(
        "quote_paper",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("quote_id"),
    )
    op.create_table(
        "acceptance",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("phase_before", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'COMPENSATED') = (reason IS NOT NULL)", name="acceptance_reason"),
        sa.CheckConstraint("status IN ('STARTED', 'COMPLETED', 'COMPENSATED')", name="acceptance_status"),
        sa.ForeignKeyConstraint(
            ["organization_id", "contract_id"],
            ["contract.organization_id", "contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "quote_id"],
            ["quote.organization_id", "quote.id"],
        ),
        sa.PrimaryKeyConstraint("quote_id"),
    )
    op.create_index(
        "acceptance_open",
        "acceptance",
        ["organization_id", "started_at"],
        unique=False,
        postgresql_where=sa.text("status <> 'COMPLETED'"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("credits_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("net", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("vat", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("gross", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("paid", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'CREDIT_NOTE') = (credits_id IS NOT NULL)", name="invoice_credits"),
        sa.CheckConstraint("kind IN ('INVOICE', 'CREDIT_NOTE')", name="invoice_kind"),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'CANCELLED') OR (number IS NOT NULL AND issued_on IS NOT NULL AND due_on IS NOT NULL)",
            name="invoice_numbered",
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'ISSUED', 'PARTLY_PAID', 'PAID', 'CREDITED', 'CANCELLED')", name="invoice_status"
        ),
        sa.CheckConstraint("due_on >= issued_on", name="invoice_due"),
        sa.CheckConstraint("gross = net + vat AND paid BETWEEN 0 AND gross", name="invoice_sum"),
        sa.ForeignKeyConstraint(
            ["organization_id", "contract_id"],
            ["contract.organization_id", "contract.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "credits_id"],
            ["invoice.organization_id", "invoice.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "deal_id"],
            ["deal.organization_id", "deal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "credits_id", name="invoice_credited_once"),
        sa.UniqueConstraint("organization_id", "id", name="invoice_tenant"),
        sa.UniqueConstraint("organization_id", "number", name="invoice_number"),
    )
    op.create_index("invoice_account", "invoice", ["organization_id", "account_id"], unique=False)
    op.create_index("invoice_contact", "invoice", ["organization_id", "contact_id"], unique=False)
    op.create_index("invoice_deal", "invoice", ["organization_id", "deal_id", "id"], unique=False)
    op.create_index("invoice_newest", "invoice", ["organization_id", "id"], unique=False)
    op.create_index(
        "invoice_unpaid",
        "invoice",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("status IN ('ISSUED', 'PARTLY_PAID')"),
    )
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=13, scale=4), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("discount_amount", sa.Numeric(precision=19, scale=4), nullable=True),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "invoice_id"],
            ["invoice.organization_id", "invoice.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "product_id"],
            ["product.organization_id", "product.id"],
        ),
        sa.PrimaryKeyConstraint("invoice_id", "position"),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name="payment_amount"),
        sa.ForeignKeyConstraint(
            ["organization_id", "invoice_id"],
            ["invoice.organization_id", "invoice.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("payment_invoice", "payment", ["organization_id", "invoice_id", "paid_on", "id"], unique=False)

    protect("letterhead", "deals")
    protect("paper_counter", "deals")
    protect("product", "deals")
    protect("deal_line", "deals")
    protect("quote", "deals")
    protect("quote_request", "deals")
    protect("contract", "deals")
    protect("quote_answer", "deals")
    protect("quote_line", "deals")
    protect("quote_link", "deals", system=True)
    protect("quote_paper", "deals")
    protect("acceptance", "deals")
    protect("invoice", "deals")
    protect("invoice_line", "deals")
    protect("payment", "deals")
    _readable_by_the_sweep("quote")
    _readable_by_the_sweep("contract")
    _readable_by_the_sweep("invoice")
    _readable_by_the_sweep("organization")
    op.execute("REVOKE UPDATE, DELETE ON quote_answer FROM deals_app")
    op.execute("REVOKE UPDATE, DELETE ON quote_paper FROM deals_app")
    op.execute("REVOKE UPDATE, DELETE ON payment FROM deals_app")


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("REVOKE SELECT ON organization FROM deals_system")
    op.execute("DROP POLICY system ON organization")
    op.drop_column("deal", "amount_follows_lines")
