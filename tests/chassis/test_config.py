"""Settings: the part's own before the shared, all faults named."""

from typing import ClassVar

import pytest
from pydantic import SecretStr, ValidationError

from chassis.config import PartSettings, ServiceSettings
from chassis.graphql.app import verifier


class _Part(PartSettings):
    part: ClassVar[str] = "probe"
    secret: SecretStr | None = None


class _Service(ServiceSettings):
    part: ClassVar[str] = "probe"


def test_a_parts_own_setting_wins_over_the_shared_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANT_PORT", "1")
    monkeypatch.setenv("LIANT_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LIANT_PROBE_PORT", "2")
    settings = _Part.load()
    assert (settings.port, settings.log_level) == (2, "DEBUG")


def test_another_parts_setting_is_nothing_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANT_OTHER_PORT", "2")
    assert _Part.load().port == 0


def test_every_setting_that_is_wrong_or_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANT_PROBE_PORT", "70000")
    monkeypatch.setenv("LIANT_PROBE_DATABASE_URL", "mysql://x")
    with pytest.raises(ValidationError) as fault:
        _Service.load()
    told = str(fault.value)
    assert all(name in told for name in ("port", "database_url", "database_system_url"))


def test_settings_do_not_change_and_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANT_PROBE_SECRET", "hunter2")
    settings = _Part.load()
    assert "hunter2" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.port = 5  # type: ignore[misc]  # what the test is about


def test_a_subgraph_trusts_the_gateway_for_its_own_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "DATABASE_SYSTEM_URL"):
        monkeypatch.setenv(f"LIANT_PROBE_{name}", "postgresql://u:p@h/d")
    [issuer] = verifier(_Service.load())._issuers.values()
    assert (issuer.name, issuer.audience) == ("liant-gateway", "probe")
