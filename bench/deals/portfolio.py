"""A firm's year, many firms over: open deals with their people, events, papers and timelines, by SQL alone.

About one deal in thirty is neglected in some way; the others have something that happened or is planned.
"""

from typing import Any

ORGANIZATIONS = 499
"""A prime, so that what differs from deal to deal differs within each."""
_STATEMENTS = (
    """INSERT INTO organization (id, version, name, locale, time_zone, sharing, plan, trial_ends_at, subscribed)
    SELECT gen_random_uuid(), 1, 'Cabinet ' || n, 'fr', 'Europe/Paris', NULL, 'PRO', NULL, true
    FROM generate_series(1, $1::int) n""",
    "CREATE TEMP TABLE firm AS SELECT id, row_number() OVER () - 1 AS place FROM organization",
    """INSERT INTO collaborator (id, organization_id, version, name, role, department, time_zone, disabled)
    SELECT gen_random_uuid(), id, 1, 'Camille ' || n, 'COLLABORATOR', '', '', n = 20
    FROM firm, generate_series(1, 20) n""",
    """INSERT INTO pipeline (id, organization_id, version, name, is_default, created_at)
    SELECT gen_random_uuid(), id, 1, 'SPANCO', true, now() FROM firm""",
    """INSERT INTO stage (id, organization_id, pipeline_id, name, position, probability, expected_days)
    SELECT gen_random_uuid(), organization_id, id, 'S' || n, n, 10 * n, 31 - 4 * n
    FROM pipeline, generate_series(1, 6) n""",
    """CREATE TEMP TABLE seat AS SELECT f.id AS organization_id, f.place, p.id AS pipeline_id,
        ARRAY(SELECT s.id FROM stage s WHERE s.pipeline_id = p.id ORDER BY position) AS stages,
        ARRAY(SELECT c.id FROM collaborator c WHERE c.organization_id = f.id ORDER BY disabled, id) AS people
    FROM firm f JOIN pipeline p ON p.organization_id = f.id""",
    """INSERT INTO account (id, organization_id, version, name, relationship_manager_id, status, status_since, deleted)
    SELECT gen_random_uuid(), organization_id, 1, 'Compte ' || n, CASE WHEN n % 97 > 0 THEN people[1 + n % 19] END,
        (ARRAY['PROSPECT', 'CLIENT', 'SUSPECT'])[1 + n % 3], now() - n % 300 * interval '1 day', false
    FROM seat JOIN generate_series(1, $2::int / 4) n ON n % $1::int = place""",
    """INSERT INTO contact (id, organization_id, version, name, relationship_manager_id, status, status_since, origin,
        reachable, deleted)
    SELECT uuidv7(n % 400 * interval '-1 day'), organization_id, 1, 'Zoé ' || n,
        CASE WHEN n % 97 > 0 THEN people[1 + n % 19] END, (ARRAY['PROSPECT', 'CLIENT', 'SUSPECT'])[1 + n % 3],
        now() - n % 300 * interval '1 day', CASE WHEN n % 500 = 0 THEN 'FIELD' ELSE '' END, n % 113 > 0, false
    FROM seat JOIN generate_series(1, $2::int / 2) n ON n % $1::int = place""",
    """CREATE TEMP TABLE party AS SELECT organization_id, array_agg(id) AS contacts,
        (SELECT array_agg(a.id) FROM account a WHERE a.organization_id = c.organization_id) AS accounts
    FROM contact c GROUP BY organization_id""",
    """INSERT INTO interlocutor (id, organization_id, version, contact_id, account_id, job_title, decision_maker)
    SELECT gen_random_uuid(), p.organization_id, 1, p.contacts[n], a.id, '', n % 40 > 0
    FROM party p, unnest(p.accounts) WITH ORDINALITY AS a (id, n)""",
    """INSERT INTO deal (id, organization_id, version, title, phase, pipeline_id, stage_id, stage_entered_at, owner_id,
        owner_since, account_id, primary_contact_id, expected_close, close_pushes, created_at, updated_at)
    SELECT uuidv7(n % 200 * interval '-1 day'), s.organization_id, 1, 'Affaire ' || n,
        CASE WHEN n % 3 = 0 THEN 'LEAD' ELSE 'OPPORTUNITY' END, pipeline_id, stages[1 + n % 6],
        now() - n % 25 * interval '1 day', CASE WHEN n % 211 > 0 THEN people[1 + n / 7 % 19 + (n % 401 = 0)::int] END,
        now() - n % 100 * interval '1 day', accounts[1 + n / $1::int % cardinality(accounts)],
        contacts[1 + n / $1::int % cardinality(contacts)], current_date + n * 7 % 90 - 3,
        array_fill(now() - interval '9 days', ARRAY[CASE WHEN n % 307 = 0 THEN 3 ELSE n % 2 END]),
        now() - n % 200 * interval '1 day', now() - n * 11 % 60 * interval '1 day'
    FROM seat s JOIN party USING (organization_id) JOIN generate_series(1, $2::int) n ON n % $1::int = place""",
    """INSERT INTO stage_visit (id, organization_id, deal_id, stage_id, entered_at)
    SELECT gen_random_uuid(), organization_id, id, stage_id, stage_entered_at FROM deal""",
    """INSERT INTO event (id, organization_id, version, revision, kind, title, description, deal_id, author_id,
        departments, starts_at, ends_at, time_zone, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, 1, 0, kind, 'Point', '', d.id, owner_id, '{}', starts,
        starts + interval '1 hour', CASE WHEN starts IS NOT NULL THEN 'Europe/Paris' END, at, at
    FROM (SELECT *, row_number() OVER () AS n FROM deal) d, generate_series(1, 3) m,
        LATERAL (SELECT (ARRAY['NOTE', 'APPOINTMENT', 'INSTRUCTION'])[m] AS kind,
            greatest(d.created_at, now() - (n * 13 + m * 29) % 90 * interval '1 day') AS at) k,
        LATERAL (SELECT CASE WHEN m = 2 AND n % 12 = 0 THEN at + interval '3 days'
            WHEN m = 2 THEN now() + (n % 30 - 1) * interval '1 day' END AS starts) s""",
    """INSERT INTO task (id, organization_id, event_id, assignee_id, due_at, status, completed_at)
    SELECT gen_random_uuid(), organization_id, id, author_id, created_at + interval '10 days',
        CASE WHEN n % 50 = 0 THEN 'OPEN' ELSE 'DONE' END,
        CASE WHEN n % 50 > 0 THEN created_at + interval '4 days' END
    FROM (SELECT *, row_number() OVER () AS n FROM event WHERE kind = 'INSTRUCTION' AND author_id IS NOT NULL) e""",
    """INSERT INTO timeline_entry (organization_id, subject_id, at, entry_id, kind)
    SELECT e.organization_id, subject, e.created_at, e.id, 'event'
    FROM event e JOIN deal d ON d.id = e.deal_id, unnest(ARRAY[d.id, d.account_id, d.primary_contact_id]) subject""",
    """INSERT INTO quote (id, organization_id, version, deal_id, family_id, revision, number, status, locale, title,
        introduction, conditions, buyer_name, buyer_address, buyer_number, currency, net, vat, gross, valid_until,
        sent_at, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, 1, id, gen_random_uuid(), 1, 'D-' || n,
        CASE WHEN n % 20 = 0 THEN 'SENT' ELSE 'REFUSED' END, 'fr', 'Devis', '', '', '', '', '', 'EUR', 1, 0, 1,
        current_date + (n % 60)::int, now() - n % 20 * interval '1 day', now(), now()
    FROM (SELECT *, row_number() OVER () AS n FROM deal) d WHERE n % 3 = 0""",
    """INSERT INTO contract (id, organization_id, version, deal_id, title, reference, status, amount, currency, period,
        value, starts_on, ends_on, renewal, notice_months, notice_days, notice_on, indexation, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, 1, id, 'Entretien', '', 'ACTIVE', 1, 'EUR', 'YEAR', 1, current_date - 90,
        current_date + (n % 1200)::int, 'NONE', 0, 0, current_date + (n % 1200)::int - 60, '', now(), now()
    FROM (SELECT *, row_number() OVER () AS n FROM deal) d WHERE n % 8 = 0""",
    """INSERT INTO invoice (id, organization_id, version, kind, deal_id, number, title, status, currency, net, vat,
        gross, paid, issued_on, due_on, created_at, updated_at)
    SELECT gen_random_uuid(), organization_id, 1, 'INVOICE', id, 'F-' || n, 'Facture',
        CASE WHEN n % 40 = 0 THEN 'ISSUED' ELSE 'PAID' END, 'EUR', 1, 0, 1, CASE WHEN n % 40 = 0 THEN 0 ELSE 1 END,
        current_date - 60, current_date - (n % 50)::int, now(), now()
    FROM (SELECT *, row_number() OVER () AS n FROM deal) d WHERE n % 4 = 0""",
    """INSERT INTO duplicate (id, organization_id, version, first_id, second_id, score, open, found_at)
    SELECT gen_random_uuid(), organization_id, 1, contacts[n], contacts[n + 1], 0.9, n % 3 = 0, now()
    FROM party, generate_series(1, 20) n""",
)


async def fill(connection: Any, deals: int, organizations: int = ORGANIZATIONS) -> None:
    """So many open deals, with what is around them; then statistics, as autovacuum would have."""
    await connection.execute("SET synchronous_commit = off")
    # No cue for each row: the first turns look at everybody, as after an upgrade.
    await connection.execute("SET session_replication_role = replica")
    for statement in _STATEMENTS:
        given = [organizations, deals][: 2 if "$2" in statement else int("$1" in statement)]
        await connection.execute(statement, *given, timeout=3_000)
    await connection.execute("VACUUM ANALYZE", timeout=3_000)
