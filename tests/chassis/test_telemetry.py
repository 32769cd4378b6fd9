"""What logs say, and what they must not."""

import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog
from opentelemetry import trace

from chassis import telemetry
from chassis.config import PartSettings

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The process's logging is put back afterwards."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _configure(log_format: Literal["json", "console"] = "json") -> None:
    telemetry.configure(PartSettings(log_format=log_format), "probe")


def _lines(capsys: Capture) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in told if "TracerProvider" not in line["event"]]


def test_a_line_names_its_part_and_its_trace(capsys: Capture) -> None:
    _configure()
    with trace.get_tracer(__name__).start_as_current_span("work"):
        structlog.get_logger("probe").info("done", organization="o")
    [line] = _lines(capsys)
    assert (line["event"], line["part"], line["organization"], line["level"]) == ("done", "probe", "o", "info")
    assert len(line["trace_id"]) == 32


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_secrets_are_hidden(capsys: Capture, log_format: Literal["json", "console"]) -> None:
    _configure(log_format)
    log = structlog.get_logger("probe")
    log.info("x", **dict.fromkeys(("password", "api_token", "Authorization", "iban", "set_cookie"), "hunter2"))
    log.info("connecting", url="postgresql://liant:hunter2@db:5432/x")
    logging.getLogger("library").error("cannot reach nats://liant:hunter2@broker")
    told = capsys.readouterr().err
    assert "hunter2" not in told
    assert "postgresql://liant:***@db:5432/x" in told


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_shows_no_local_variables(capsys: Capture, log_format: Literal["json", "console"]) -> None:
    _configure(log_format)
    secret = "hunter" + str(2)
    try:
        raise ValueError(len(secret))
    except ValueError:
        structlog.get_logger("probe").exception("failed")
    told = capsys.readouterr().err
    assert "ValueError: 7" in told
    assert "hunter2" not in told


def test_libraries_log_in_the_same_form(capsys: Capture) -> None:
    _configure()
    logging.getLogger("library").warning("odd")
    logging.getLogger("library").info("chatter")
    assert [(line["event"], line["level"]) for line in _lines(capsys)] == [("odd", "warning")]
