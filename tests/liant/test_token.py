"""`liant token`, as a person types it."""

from pathlib import Path

import jwt
import pytest
from typer.testing import CliRunner

from chassis.auth import TokenRefused, TokenVerifier, TrustedIssuer
from liant.cli import app
from liant.commands.token import NoCollaborator
from liant.system.folder import DataFolder, NoSystem
from liant.system.keys import AUDIENCE, ISSUER
from liant.system.layout import Layout
from liant.system.state import Founded, Member

ZOE = Member("collaborator_zoe", "Zoë Lefèvre", "zoe@cabinet.example", "READER", "organization_a")
AMELIE = Member("collaborator_amelie", "Amélie Roussel", "amelie@cabinet.example", "ADMIN", "organization_a")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with DataFolder(tmp_path / "data") as folder:
        Layout.choose(folder)
        Founded("organization_a", [AMELIE, ZOE]).save(folder)
    return tmp_path / "data"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["token", *arguments], catch_exceptions=False)
    return result.output.strip()


async def test_a_token_names_the_collaborator_and_is_accepted_by_the_gateways_keys(data: Path) -> None:
    verifier = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, jwks_file=data / "keys" / "issuer.jwks.json")])
    claims = await verifier.verify(run("ZOE@cabinet.example", "--data", str(data)))
    assert (claims["sub"], claims["org"], claims["role"]) == ("collaborator_zoe", "organization_a", "READER")


async def test_subgraphs_refuse_a_development_token(data: Path) -> None:
    verifier = TokenVerifier([TrustedIssuer(ISSUER, AUDIENCE, jwks_file=data / "keys" / "gateway.jwks.json")])
    with pytest.raises(TokenRefused, match="unknown key"):
        await verifier.verify(run("--data", str(data)))


def test_without_a_name_it_is_the_administrators_and_lives_as_asked(data: Path) -> None:
    claims = jwt.decode(run("--data", str(data), "--lifetime", "60"), options={"verify_signature": False})
    assert claims["sub"] == "collaborator_amelie"
    assert claims["exp"] - claims["iat"] == 60


def test_an_unknown_collaborator_is_told_who_there_is(data: Path) -> None:
    with pytest.raises(NoCollaborator, match=r"No collaborator bob@x\.example\. There are: amelie@"):
        run("bob@x.example", "--data", str(data))


def test_while_the_system_is_down_nobody_else_can_be_looked_up(data: Path) -> None:
    with pytest.raises(NoCollaborator, match="Others could not be looked up"):
        run("bob@x.example", "--data", str(data))


def test_a_folder_without_a_system_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NoSystem, match="liant up"):
        run("--data", str(tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()
