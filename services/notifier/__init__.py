"""Who is told what, how and when: e-mails, invitations, links, and the record of each."""
