"""OpenID Connect: a government's identity, or any provider that speaks the standard.

Code flow with PKCE, state and nonce; the ID token is checked against the provider's published
keys: signature, issuer, audience, life, nonce. Where the operator names a claim for the identity
number and the assurance it needs, the number of an answer at that assurance counts as verified.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.core.cache import cache

from lianxin.accounts.adapters.outside.base import Claims, OutsideError, Provider, Visit, text_of
from lianxin.kit import clock

KEPT = 3600  # seconds that what a provider publishes is believed
LEEWAY = 60


class OpenID(Provider):
    """A provider found by its issuer."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(options)
        self.issuer = str(options["issuer"])
        self.web = self.web or self.issuer

    def address(self, visit: Visit) -> str:
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": visit.back,
            "scope": str(self.options.get("scope", "openid")),
            "state": visit.state,
            "nonce": visit.nonce,
            "code_challenge": visit.challenge,
            "code_challenge_method": "S256",
        }
        wanted = self._assurance().get("values")
        if wanted and self._assurance().get("claim", "acr") == "acr":
            query["acr_values"] = " ".join(wanted)
        return f"{self._published('authorization_endpoint')}?{urlencode(query)}"

    def claims(self, visit: Visit, answer: Mapping[str, str]) -> Claims:
        # RFC 9207: an answer that names another issuer was meant for somebody else.
        if answer.get("iss", self.issuer) != self.issuer:
            raise OutsideError("broken", "issuer of the answer")
        return super().claims(visit, answer)

    def ask(self, visit: Visit, code: str) -> Claims:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": visit.back,
            "code_verifier": visit.verifier,
            "client_id": self.client_id,
        }
        headers = {}
        if self.options.get("basic"):
            pair = f"{quote(self.client_id)}:{quote(self.client_secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        elif self.client_secret:
            form["client_secret"] = self.client_secret
        found = self.call(self._published("token_endpoint"), form=form, headers=headers)
        said = self._checked(str(found.get("id_token", "")), visit.nonce)
        uid = text_of(said, "sub")
        if not uid:
            raise OutsideError("broken", "no subject")
        return Claims(uid=uid, id_number=self._id_number(said))

    def _checked(self, token: str, nonce: str) -> Mapping[str, Any]:
        from lianxin.accounts.adapters.outside.tokens import said_in  # noqa: PLC0415  (heavy)

        said = said_in(token, self._keys())
        if said is None:
            # A provider changes its keys: look once more at what it publishes now.
            said = said_in(token, self._keys(is_fresh=True))
        if said is None:
            raise OutsideError("broken", "signature")
        now = clock.now().timestamp()
        audience = said.get("aud")
        to_us = audience if isinstance(audience, list) else [audience]
        fits = (
            said.get("iss") == self.issuer
            and self.client_id in to_us
            and (len(to_us) == 1 or said.get("azp") == self.client_id)
            and _number(said.get("exp")) > now - LEEWAY
            and _number(said.get("iat")) < now + LEEWAY
            and hmac.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode())
        )
        if not fits:
            raise OutsideError("broken", "claims")
        return said

    def _id_number(self, said: Mapping[str, Any]) -> str:
        wanted = self._assurance()
        values = wanted.get("values") or []
        level = said.get(str(wanted.get("claim", "acr")))
        name = str(self.options.get("id_number", ""))
        return text_of(said, name).strip().upper() if name and level in values else ""

    def _assurance(self) -> dict[str, Any]:
        return dict(self.options.get("assurance") or {})

    def _published(self, name: str) -> str:
        place = f"accounts.oidc:{self.issuer}"
        found = cache.get(place)
        if found is None:
            base = self.issuer.rstrip("/")
            found = self.call(f"{base}/.well-known/openid-configuration")
            if found.get("issuer") != self.issuer:
                raise OutsideError("broken", "issuer")
            cache.set(place, found, KEPT)
        return str(found.get(name, ""))

    def _keys(self, *, is_fresh: bool = False) -> dict[str, Any]:
        place = f"accounts.oidc.keys:{self.issuer}"
        found: dict[str, Any] | None = None if is_fresh else cache.get(place)
        if found is None:
            found = self.call(self._published("jwks_uri"))
            cache.set(place, found, KEPT)
        return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
