"""Keys and a token, made anew each run: our gateway verifies who asks, and signs tokens for the subgraphs."""

import json
from dataclasses import dataclass
from pathlib import Path

from chassis.auth import TokenSigner, new_key_file

ISSUER = "https://bench.invalid"
AUDIENCE = "liant"
TOKEN_SECONDS = 24 * 3600
CLAIMS = {
    "sub": "collaborator_01h455vb4pex5vsknk084sn02q",
    "org": "organization_01h455vb4pex5vsknk084sn02q",
    "role": "COLLABORATOR",
}


@dataclass(frozen=True)
class Identity:
    """What the gateway is given, and what clients send."""

    jwks_file: Path
    signing_key_file: Path
    token: str

    def settings(self) -> dict[str, str]:
        """For our gateway's environment."""
        return {
            "LIANT_GATEWAY_ISSUER": ISSUER,
            "LIANT_GATEWAY_AUDIENCE": AUDIENCE,
            "LIANT_GATEWAY_JWKS_FILE": str(self.jwks_file),
            "LIANT_GATEWAY_SIGNING_KEY_FILE": str(self.signing_key_file),
        }


def make(folder: Path) -> Identity:
    """Write the keys into a folder."""
    issuer, own, jwks = folder / "issuer.pem", folder / "gateway.pem", folder / "jwks.json"
    new_key_file(issuer)
    new_key_file(own)
    signer = TokenSigner.from_file(issuer, ISSUER)
    jwks.write_text(json.dumps(signer.jwks()))
    return Identity(jwks, own, signer.sign(CLAIMS, AUDIENCE, TOKEN_SECONDS))
