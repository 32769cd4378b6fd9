"""Settings from the environment: built once, in a part's main, never at import."""

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, PostgresDsn, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict


class PartSettings(BaseSettings):
    """Settings of one part: `LIANT_<PART>_<NAME>` wins over `LIANT_<NAME>`, which every part shares."""

    part: ClassVar[str] = ""
    model_config = SettingsConfigDict(env_prefix="LIANT_", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535, description="0 takes a free port")
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    otlp_endpoint: str | None = Field(default=None, description="OTLP over HTTP; no traces are sent without it")
    shutdown_seconds: float = Field(default=20.0, gt=0, description="how long a part may finish what it began")

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Raises pydantic.ValidationError naming each setting that is wrong or missing."""
        return cls()

    @classmethod
    def load_or_exit(cls) -> Self:
        """Read the environment; end the process with a line for each setting that is wrong or missing."""
        try:
            return cls.load()
        except ValidationError as error:
            faults = error.errors(include_input=False, include_url=False)
            lines = [f"LIANT_{cls.part}_{fault['loc'][0]}".upper() + f": {fault['msg']}" for fault in faults]
            raise SystemExit("\n".join(lines)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        own = EnvSettingsSource(settings_cls, env_prefix=f"LIANT_{cls.part}_".upper())
        return init_settings, own, env_settings


class BrokerSettings(PartSettings):
    """How to reach NATS."""

    nats_url: str = "nats://127.0.0.1:4222"
    nats_user: str | None = None
    nats_password: SecretStr | None = None


class ServiceSettings(BrokerSettings):
    """What a service needs to reach its database, the broker and the gateway's keys."""

    database_url: PostgresDsn = Field(description="the application's role: row-level security holds")
    database_system_url: PostgresDsn = Field(description="the role of relay, consumers' claims and sweeps")
    database_owner_url: PostgresDsn | None = Field(default=None, description="owner of the tables; migrate only")
    database_pool_size: int = Field(default=5, ge=1)
    nats_streams_file: Path = Path(__file__).parent.parent / "deploy" / "nats" / "streams.json"
    gateway_jwks_file: Path | None = Field(default=None, description="public keys of the gateway's internal tokens")
    gateway_jwks_url: str | None = None

    max_page: int = Field(default=200, ge=1, description="nodes of a page")
    max_batch: int = Field(default=100, ge=1, description="items of a batch mutation")
    max_filter_depth: int = Field(default=5, ge=1, description="filters within filters")
    max_filter_conditions: int = Field(default=100, ge=1, description="conditions of a filter, nested ones included")
    max_filter_values: int = Field(default=200, ge=1, description="values of a list in a filter")
    max_order_terms: int = Field(default=5, ge=1, description="terms of an order")
    max_group_terms: int = Field(default=3, ge=1, description="what an aggregate is grouped by at once")
    max_groups: int = Field(default=1000, ge=1, description="groups of an aggregate")
