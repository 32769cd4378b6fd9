"""Candidates of many records in one call, by the index of the search documents however few these are."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SERVICE = "contacts"

# The planner reckons the match of some fifty lexemes as one comparison: below some 5,000 documents it would read all of
# them for each record. A search for a frequent word may rightly do so, and is left to it.
FOUND = """
CREATE FUNCTION duplicate_candidates(wanted text[], whole text[], kinds text[], most integer)
RETURNS TABLE (place bigint, id uuid) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT asked.place, found.id FROM unnest(wanted, whole) WITH ORDINALITY AS asked (query, whole, place),
        LATERAL search_found(asked.query::tsquery, asked.whole::tsquery, kinds, 0, most) AS found
$$
"""
FUNCTION = "duplicate_candidates(text[], text[], text[], integer)"


def upgrade() -> None:
    op.execute(FOUND)
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SERVICE}_app")
