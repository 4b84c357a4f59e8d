"""ID tokens by joserfc, loaded when the first one comes."""

from __future__ import annotations

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


def said_in(token: str, published: dict[str, Any]) -> dict[str, Any] | None:
    """Return the claims of a token signed by one of the published keys, else None."""
    try:
        # Keys of secrets shared with us must never check a signature.
        kept = [key for key in published["keys"] if key.get("kty") in {"RSA", "EC", "OKP"}]
        keys = KeySet.import_key_set({"keys": kept})
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
