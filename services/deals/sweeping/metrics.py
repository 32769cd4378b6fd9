"""What the sweep counts."""

from prometheus_client import Counter, Histogram

RAISED = Counter("liant_deals_alerts_raised_total", "Alerts raised", ["rule"])
CLOSED = Counter("liant_deals_alerts_closed_total", "Alerts closed by a sweep: their cause was gone", ["rule"])
ESCALATED = Counter("liant_deals_alerts_escalated_total", "Alerts handed over as nobody took charge")
FAILED = Counter("liant_deals_rules_failed_total", "Turns of a rule that failed", ["rule"])
UNWRITTEN = Counter("liant_deals_alerts_unwritten_total", "Alerts that could not be written, and will be tried again")
LOOKED = Counter("liant_deals_alert_looks_total", "Deals, contacts and accounts that were looked at")
MISSED = Counter("liant_deals_alerts_missed_total", "Alerts that an audit found and no turn had", ["rule"])
SECONDS = Histogram("liant_deals_sweep_seconds", "Time of one turn of all rules")
AUDIT_SECONDS = Histogram(
    "liant_deals_audit_seconds", "Time of one audit of all rules", buckets=(1, 2, 5, 10, 20, 60, 120, 300, 600)
)
