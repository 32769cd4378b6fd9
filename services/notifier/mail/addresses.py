"""Addresses as SMTP takes them: ASCII, within its lengths."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email


class Undeliverable(Exception):
    """An address that no mail can be sent to; the message says why, without the address (it goes into logs)."""


@lru_cache(maxsize=4096)  # a reader has many mails; what raises is not kept
def ascii_address(email: str) -> str:
    """The address with its domain in ASCII form (RFC 5890). Raises Undeliverable.

    A local part longer than 64 characters (RFC 5321 4.5.3.1.1) or outside ASCII is refused: no relay that we may
    reach is sure to take it.
    """
    try:
        found = validate_email(
            email, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as error:
        raise Undeliverable(str(error)) from error
    if found.ascii_email is None:
        raise Undeliverable("The part before the @ is not ASCII.")
    return found.ascii_email
