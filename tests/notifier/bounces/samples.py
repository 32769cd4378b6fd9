"""Reports in the shapes that mail servers give them. Written here after their documentation, from nobody's mailbox."""

CRLF = "\r\n"


def _message(text: str) -> bytes:
    return text.strip("\n").replace("\n", CRLF).encode() + CRLF.encode()


def postfix(
    to: str, recipient: str = "paul@cabinet.example", *, action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """Postfix's own bounce, with the original's headers."""
    return _message(f"""
Return-Path: <>
Delivered-To: {to}
Date: Thu, 26 Nov 2026 10:00:00 +0100 (CET)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4bqk2X1mYRz9v"

This is a MIME-encapsulated message.

--4bqk2X1mYRz9v
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

<{recipient}>: host mail.cabinet.example[192.0.2.7] said: 550 {status}
    <{recipient}>: Recipient address rejected: User unknown in virtual mailbox
    table (in reply to RCPT TO command)

--4bqk2X1mYRz9v
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4bqk2X1mYRz9v
Arrival-Date: Thu, 26 Nov 2026 09:59:58 +0100 (CET)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.cabinet.example
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address rejected:
    User unknown in virtual mailbox table

--4bqk2X1mYRz9v
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{to}>
From: Liant <liant@firm.example>
To: {recipient}
Subject: Note

--4bqk2X1mYRz9v--
""")


def exchange(
    to: str, status: str = "5.1.10", words: str = "RESOLVER.ADR.RecipientNotFound; Recipient not found"
) -> bytes:
    """Exchange Online: no address of ours in its headers but To; the code in its own words."""
    return _message(f"""
From: Microsoft Outlook
 <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@cabinet.onmicrosoft.example>
To: <{to}>
Date: Thu, 26 Nov 2026 09:00:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
	boundary="aa0bd80e-1a4b-41fa-8ab1-1a2b3c4d5e6f"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Subject: Undeliverable: Note
MIME-Version: 1.0

--aa0bd80e-1a4b-41fa-8ab1-1a2b3c4d5e6f
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to paul@cabinet.example couldn't be delivered.

--inner--

--aa0bd80e-1a4b-41fa-8ab1-1a2b3c4d5e6f
Content-Type: message/delivery-status

Reporting-MTA: dns;PR3P189MB0001.EURP189.PROD.OUTLOOK.EXAMPLE
Received-From-MTA: dns;mx.example.net
Arrival-Date: Thu, 26 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822;paul@cabinet.example
Action: failed
Status: {status}
Diagnostic-Code: smtp;550 {status} {words}

--aa0bd80e-1a4b-41fa-8ab1-1a2b3c4d5e6f
Content-Type: message/rfc822

From: Liant <liant@firm.example>
To: paul@cabinet.example
Subject: Note

Text.

--aa0bd80e-1a4b-41fa-8ab1-1a2b3c4d5e6f--
""")


def gmail(to: str, status: str = "5.2.2", code: int = 552) -> bytes:
    """Google's: an image, a French text, folded diagnostics."""
    return _message(f"""
Delivered-To: {to}
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
Content-Type: multipart/report; boundary="000000000000f1"; report-type=delivery-status
MIME-Version: 1.0

--000000000000f1
Content-Type: multipart/related; boundary="000000000000f2"

--000000000000f2
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: base64

TWVzc2FnZSBub24gZGlzdHJpYnXDqQ==

--000000000000f2--

--000000000000f1
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Thu, 26 Nov 2026 01:00:00 -0800 (PST)
X-Original-Message-ID: <delivery_0@liant.localhost>

Final-Recipient: rfc822; paul@cabinet.example
Action: failed
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.example. (192.0.2.26, the server for
 the domain cabinet.example.)
Diagnostic-Code: smtp; {code}-{status} The recipient's inbox is out of storage space.
 {code} {status} Please direct the recipient to support ab12 - gsmtp
Last-Attempt-Date: Thu, 26 Nov 2026 01:00:01 -0800 (PST)

--000000000000f1--
""")


def qmail(to: str) -> bytes:
    """No machine-readable part at all."""
    return _message(f"""
Return-Path: <>
From: MAILER-DAEMON@old.example
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<paul@cabinet.example>:
192.0.2.9 does not like recipient.
Remote host said: 550 No such user here
Giving up on 192.0.2.9.
""")


def absent(to: str) -> bytes:
    """An answer of somebody who is away; it speaks of numbers all the same."""
    return _message(f"""
From: paul@cabinet.example
To: {to}
Subject: Absence
Auto-Submitted: auto-replied (vacation)

Je suis absent ; appelez le poste 550 ou 5.1.1.
""")


def complaint(envelope_sender: str, to: str = "abuse@firm.example", kind: str = "abuse") -> bytes:
    """A feedback loop's: to an address of its own, the original's envelope sender in a field."""
    return _message(f"""
From: <fbl@provider.example>
To: {to}
Subject: FW: Note
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

--part1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--part1
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{envelope_sender}>
Original-Rcpt-To: <paul@cabinet.example>
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0000

--part1
Content-Type: message/rfc822

From: Liant <liant@firm.example>
To: paul@cabinet.example
Subject: Note

Text.

--part1--
""")
