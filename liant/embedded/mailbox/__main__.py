"""`python -m liant.embedded.mailbox --folder DIR --smtp-port N --http-port N`."""

import argparse
import logging
import sys
from pathlib import Path

import uvicorn

from liant.embedded.mailbox.smtp import Keeper
from liant.embedded.mailbox.store import MailStore
from liant.embedded.mailbox.web import application


def main() -> None:
    """Keep mails until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m liant.embedded.mailbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command at INFO
    app = application(Keeper(MailStore(options.folder)), options.host, options.smtp_port)
    uvicorn.run(app, host=options.host, port=options.http_port, log_level="warning")


main()
