import json
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from chassis.auth import INTERNAL_ISSUER, TokenVerifier, TrustedIssuer
from tests.gateway.front.tokens import ISSUER, Issuer, rs256, rsa_key
from tests.gateway.front.world import world

WHO = "{ whoami }"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_nobody_is_asked_who_they_are_without_an_issuer() -> None:
    async with world() as w:
        assert (await w.ask(WHO)).json() == {"data": {"whoami": None}}


async def test_a_token_that_is_missing_expired_or_foreign_is_refused_with_a_code(tmp_path: Path) -> None:
    issuer, stranger = Issuer(tmp_path), Issuer(tmp_path, "stranger")
    async with world(identity=issuer.trusted()) as w:
        assert code(await w.ask(WHO)) == (401, "TOKEN_MISSING")
        assert code(await w.ask(WHO, issuer.headers(seconds=-60))) == (401, "TOKEN_EXPIRED")
        assert code(await w.ask(WHO, stranger.headers())) == (401, "TOKEN_INVALID")
        assert code(await w.ask(WHO, issuer.headers(audience="other"))) == (401, "TOKEN_INVALID")
        assert code(await w.ask(WHO, {"authorization": "Bearer x.y.z"})) == (401, "TOKEN_INVALID")
        assert code(await w.ask(WHO, {"authorization": "Basic eDp5"})) == (401, "TOKEN_INVALID")
        unsigned = jwt.encode({"iss": ISSUER, "sub": "ada", "aud": "liant", "exp": 9e9}, "", algorithm="none")
        assert code(await w.ask(WHO, {"authorization": f"Bearer {unsigned}"})) == (401, "TOKEN_INVALID")
        refused = await w.client.post("/graphql", json={"query": WHO})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert w.shelf.seen == []


async def test_a_subgraph_gets_a_minutes_token_made_out_to_it(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted()) as w:
        jwks = (await w.client.get("/.well-known/jwks.json")).json()
        keys = tmp_path / "gateway.json"
        keys.write_text(json.dumps(jwks))
        await w.ask("{ books { reviews { stars } } }", issuer.headers(role="READER"))
        for seen, name in zip(w.shelf.seen, ("books", "reviews"), strict=True):
            token = seen["authorization"].removeprefix("Bearer ")
            verifier = TokenVerifier([TrustedIssuer(INTERNAL_ISSUER, audience=name, jwks_file=keys)])
            claims = await verifier.verify(token)
            assert (claims["sub"], claims["org"], claims["role"]) == ("ada", "acme", "READER")
            assert claims["exp"] - claims["iat"] == 60


async def test_the_callers_own_token_never_reaches_a_subgraph(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted()) as w:
        headers = issuer.headers()
        seen = (await w.ask(WHO, headers)).json()["data"]["whoami"]
        assert seen != headers["authorization"]


async def test_rs256_and_pinned_public_keys_are_accepted(tmp_path: Path) -> None:
    key, jwks = rsa_key()
    jwks_file, pem_file = tmp_path / "rsa.json", tmp_path / "rsa.pem"
    jwks_file.write_text(json.dumps(jwks))
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    pem_file.write_bytes(pem)
    issuer = Issuer(tmp_path)
    for keys in ({"jwks_file": jwks_file}, {"jwks_file": None, "public_key_file": pem_file}):
        async with world(identity=issuer.trusted(**keys)) as w:
            assert (await w.ask(WHO, {"authorization": f"Bearer {rs256(key)}"})).status_code == 200
            assert code(await w.ask(WHO, issuer.headers())) == (401, "TOKEN_INVALID")


async def test_keys_are_fetched_from_the_issuer(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world() as other:  # any HTTP server will do: this one serves GraphiQL's folder, not keys
        refused = issuer.trusted(jwks_file=None, jwks_url=f"{other.url}/schema.graphql")
        async with world(identity=refused) as w:
            assert code(await w.ask(WHO, issuer.headers())) == (401, "KEYS_UNAVAILABLE")
    async with world(identity=issuer.trusted()) as keys:
        trusted = issuer.trusted(jwks_file=None, jwks_url=f"{keys.url}/.well-known/jwks.json")
        async with world(identity=trusted) as w:
            assert (await w.ask(WHO, issuer.headers())).status_code == 200


async def test_anonymous_requests_pass_where_allowed_and_bad_tokens_do_not(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted(allow_anonymous=True)) as w:
        assert (await w.ask(WHO)).json() == {"data": {"whoami": None}}
        assert code(await w.ask(WHO, issuer.headers(seconds=-60))) == (401, "TOKEN_EXPIRED")


async def test_a_verified_token_is_refused_once_it_expires(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted()) as w:
        headers = issuer.headers(seconds=100)
        assert (await w.ask(WHO, headers)).status_code == 200
        import time

        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 200)
        assert code(await w.ask(WHO, headers)) == (401, "TOKEN_EXPIRED")


async def test_headers_are_forwarded_only_where_named() -> None:
    async with world(upstream={"forward_headers": ("x-tenant",)}) as w:
        await w.ask(WHO, {"x-tenant": "acme", "x-other": "no"})
        assert w.shelf.seen[-1]["x-tenant"] == "acme"
        assert "x-other" not in w.shelf.seen[-1]


async def test_the_plan_is_shown_to_tokens_with_the_claim(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted(), query_plan="claim") as w:
        wish = {"queryPlan": True}
        assert "extensions" not in (await w.ask(WHO, issuer.headers(), extensions=wish)).json()
        shown = await w.ask(WHO, issuer.headers(query_plan=True), extensions=wish)
        assert shown.json()["extensions"]["queryPlan"]
