"""Real servers for tests: from the environment if given, else containers where Docker answers, else the wheels.

`LIANT_TEST_POSTGRES_URL` (a superuser's) and `LIANT_TEST_NATS_URL` name servers that are already there;
`LIANT_TEST_SERVERS=wheels` passes over Docker.
"""
