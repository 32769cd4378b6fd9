"""The notifier's metrics."""

from prometheus_client import Counter

MAILS = Counter("liant_notifier_attempts_total", "Attempts at handing a mail to the relay, by verdict", ["verdict"])
FAULTS = Counter("liant_notifier_faults_total", "Deliveries that failed by a fault of ours")
EXCHANGES = Counter("liant_notifier_link_exchanges_total", "Links exchanged for a token, by outcome", ["outcome"])
REPORTS = Counter("liant_notifier_mail_reports_total", "Reports on mails that came back, by kind or refusal", ["kind"])
