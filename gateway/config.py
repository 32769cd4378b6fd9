"""The gateway's settings: `LIANT_GATEWAY_<NAME>` in the environment, read once by main."""

import os
import re
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chassis.config import BrokerSettings, PartSettings

PREFIX = "LIANT_GATEWAY_"


class Limits(PartSettings):
    """What a request may ask for. Zero switches a limit off. Kept by `gateway.pipeline.limits`."""

    part = "gateway"

    max_body_bytes: int = Field(default=1_000_000, ge=0, description="of a POST, before it is read as JSON")
    max_document_bytes: int = Field(default=100_000, ge=0, description="of one GraphQL document")
    max_tokens: int = Field(default=4_000, ge=0, description="of one GraphQL document")
    max_depth: int = Field(default=25, ge=0, description="of nested fields, fragments followed")
    max_aliases: int = Field(default=50, ge=0, description="in one operation, fragments followed")
    max_root_fields: int = Field(default=30, ge=0)
    max_directives: int = Field(default=100, ge=0, description="in one operation, fragments followed")
    max_overlap: int = Field(default=50_000, ge=0, description="sum over response keys of (occurrences squared)")
    max_list_size: int = Field(default=1_000, ge=0, description="of `first`, `last`, `limit` and `pageSize` arguments")
    max_cost: int = Field(default=50_000, ge=0, description="estimated objects in the answer; see assumed_list_size")
    assumed_list_size: int = Field(default=10, ge=1, description="of a list whose field takes no size argument")
    max_batch: int = Field(default=10, ge=0, description="operations in one batch, where batching is on")
    max_rate: float = Field(default=1_000, ge=0, description="requests per second of one actor; twice as many at once")
    max_address_rate: float = Field(default=0, ge=0, description="the same for callers without a token, by address")
    max_subscriptions: int = Field(default=100, ge=0, description="open at once on one connection")


class Upstream(PartSettings):
    """How subgraphs are reached; times in seconds."""

    part = "gateway"

    subgraph_urls: dict[str, str] = Field(
        default_factory=dict,
        description="instead of those in the supergraph; LIANT_GATEWAY_SUBGRAPH_URL_<NAME> sets a single one",
    )
    subgraph_timeout: float = Field(default=10.0, gt=0)
    subgraph_timeouts: dict[str, float] = Field(default_factory=dict, description="by subgraph")
    subgraph_connect_timeout: float = Field(default=2.0, gt=0)
    subgraph_connections: int = Field(default=100, ge=1, description="open at once to one subgraph")
    subgraph_idle_seconds: float = Field(default=15.0, gt=0, description="less than the subgraph's own keep-alive")
    subgraph_response_bytes: int = Field(default=10_000_000, gt=0)
    share_reads: bool = Field(default=False, description="one answer for identical subgraph reads under way together")
    forward_headers: tuple[str, ...] = Field(default=(), description="handed to every subgraph as they came")
    subscription_protocol: Literal["ws", "sse"] = Field(default="ws", description="graphql-transport-ws or graphql-sse")
    subscription_protocols: dict[str, Literal["ws", "sse"]] = Field(default_factory=dict, description="by subgraph")
    subscription_urls: dict[str, str] = Field(default_factory=dict, description="by subgraph, where not its own URL")
    breaker_volume: int = Field(default=20, ge=1, description="exchanges in a window before the breaker may open")
    breaker_ratio: float = Field(default=0.5, gt=0, le=1, description="share of failures that opens it")
    breaker_window: float = Field(default=10.0, gt=0)
    breaker_rest: float = Field(default=5.0, gt=0, description="how long an open breaker leaves a subgraph alone")

    @model_validator(mode="before")
    @classmethod
    def _urls_given_one_by_one(cls, data: dict[str, object]) -> dict[str, object]:
        prefix = f"{PREFIX}SUBGRAPH_URL_"
        single = {name.removeprefix(prefix): url for name, url in os.environ.items() if name.startswith(prefix)}
        given = data.get("subgraph_urls") or {}
        return {**data, "subgraph_urls": {**single, **given}} if isinstance(given, dict) else data

    def url_of(self, name: str, declared: str) -> str:
        """Where to reach a subgraph: the setting for it (under its name or NAME_IN_CAPITALS), else as declared."""
        variable = re.sub(r"[^A-Z0-9]", "_", name.upper())
        return self.subgraph_urls.get(name) or self.subgraph_urls.get(variable) or declared

    def timeout_of(self, name: str) -> float:
        """How long an answer of this subgraph may take, in seconds."""
        return self.subgraph_timeouts.get(name, self.subgraph_timeout)


class Issuer(BaseModel):
    """Somebody whose tokens are accepted: EdDSA or RS256, keys by exactly one of the three."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="`iss` of its tokens")
    audience: str = Field(description="`aud` of its tokens")
    jwks_file: Path | None = None
    jwks_url: str | None = None
    public_key_file: Path | None = Field(default=None, description="PEM")

    @model_validator(mode="after")
    def _one_source_of_keys(self) -> Self:
        if sum(source is not None for source in (self.jwks_file, self.jwks_url, self.public_key_file)) != 1:
            raise ValueError(f"issuer {self.name} needs exactly one of jwks_file, jwks_url, public_key_file")
        return self


class Identity(PartSettings):
    """Whose tokens are accepted, and with which key the gateway signs its own. Without an issuer, nobody is asked."""

    part = "gateway"

    issuer: str | None = Field(default=None, description="`iss` of accepted tokens; for several: issuers")
    audience: str = Field(default="liant", description="`aud` of accepted tokens")
    jwks_file: Path | None = None
    jwks_url: str | None = None
    public_key_file: Path | None = Field(default=None, description="PEM, instead of a JWKS")
    issuers: tuple[Issuer, ...] = Field(default=(), description="JSON: more of them")
    signing_key_file: Path | None = Field(default=None, description="PEM; signs the tokens that subgraphs see")
    allow_anonymous: bool = Field(default=False, description="let requests without any token through")

    def all_issuers(self) -> tuple[Issuer, ...]:
        """Every issuer whose tokens are accepted. Raises pydantic.ValidationError for one without keys."""
        if self.issuer is None:
            return self.issuers
        single = Issuer(
            name=self.issuer,
            audience=self.audience,
            jwks_file=self.jwks_file,
            jwks_url=self.jwks_url,
            public_key_file=self.public_key_file,
        )
        return (single, *self.issuers)


class GatewaySettings(BrokerSettings):
    """Everything else."""

    part = "gateway"

    port: int = Field(default=4000, ge=0, le=65535, description="0 takes a free port")
    supergraph: Path = Field(description="the composed supergraph SDL")
    readiness: Literal["supergraph", "subgraphs"] = Field(
        default="supergraph", description="whether /readyz also asks every subgraph"
    )
    path: str = Field(default="/graphql", pattern="^/")
    timeout: float = Field(default=30.0, gt=0, description="of a whole request, in seconds")
    reload_seconds: float = Field(default=2.0, ge=0, description="between two looks at the file; 0 leaves only SIGHUP")
    plan_cache: int = Field(default=1_000, ge=1, description="documents kept parsed, validated and planned")

    introspection: bool = True
    suggestions: bool = Field(default=True, description="'Did you mean' in validation errors")
    graphiql: bool = True
    query_plan: Literal["never", "always", "claim"] = Field(
        default="never", description="who gets extensions.queryPlan on asking; `claim`: tokens with query_plan=true"
    )
    expose_subgraph_errors: bool = Field(default=True, description="show the messages of subgraphs' errors")
    batching: bool = False
    csrf_on_get: bool = Field(default=False, description="ask for a preflight header on GET as well")

    persisted_manifest: Path | None = Field(default=None, description="JSON: {sha256: document}")
    persisted_only: bool = Field(default=False, description="refuse documents that are not in the manifest")
    automatic_persisted_queries: bool = True
    automatic_persisted_entries: int = Field(default=1_000, ge=1)
    cache_max_age: int = Field(default=0, ge=0, description="seconds, for GET of persisted queries")

    compress_above: int = Field(default=2_048, ge=0, description="bytes; 0 never compresses")
    cors_origins: tuple[str, ...] = Field(default=(), description="exact origins, or '*'")

    subscriptions_file: Path | None = Field(default=None, description="JSON: which fields NATS feeds; see the guide")

    limits: Limits = Field(default_factory=Limits.load)
    upstream: Upstream = Field(default_factory=Upstream.load)
    identity: Identity = Field(default_factory=Identity.load)

    @model_validator(mode="after")
    def _persisted_only_needs_a_manifest(self) -> Self:
        if self.persisted_only and self.persisted_manifest is None:
            raise ValueError("LIANT_GATEWAY_PERSISTED_ONLY needs LIANT_GATEWAY_PERSISTED_MANIFEST")
        return self
