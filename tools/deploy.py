"""Dockerfile (hadolint), compose file (its published schema) and NATS configuration (the server itself). `check`."""

import os
import re
import subprocess
import sys

from tools.shell import ROOT, run, tool

DEPLOY = ROOT / "deploy"


def check() -> None:
    """End with a status other than 0 where one of them is wrong."""
    run(tool("hadolint"), DEPLOY / "Dockerfile")
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")
    configuration = DEPLOY / "nats" / "server.conf"
    variables = dict.fromkeys(re.findall(r"\$(NATS_[A-Z_]+)", configuration.read_text()), "x")
    command = [str(tool("nats-server")), "-t", "-c", str(configuration)]
    if subprocess.run(command, env={**os.environ, **variables}, check=False).returncode != 0:
        raise SystemExit(f"{configuration} is not valid")


if __name__ == "__main__":
    assert sys.argv[1:] == ["check"], "usage: python -m tools.deploy check"
    check()
