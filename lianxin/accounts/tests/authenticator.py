"""A security key in software: it makes and shows passkeys as a browser would hand them on."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Key:
    """One passkey of one site, in the hand of its owner."""

    origin: str = "http://testserver"
    domain: str = "testserver"
    verifies: bool = True
    counter: int = 1
    mark: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    owner: str = ""

    def made(self, options: dict[str, Any]) -> str:
        """Answer `navigator.credentials.create`."""
        given = options["publicKey"]
        self.owner = given["user"]["id"]
        cose = cbor.encode(dict(ES256.from_cryptography_key(self.secret.public_key())))
        data = self._data(ATTESTED) + bytes(16) + len(self.mark).to_bytes(2, "big") + self.mark
        held = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data + cose})
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._client("webauthn.create", given)),
                "attestationObject": websafe_encode(held),
            }
        )

    def shown(self, options: dict[str, Any], **changed: Any) -> str:
        """Answer `navigator.credentials.get`; `changed` replaces parts, as a liar would."""
        given = options["publicKey"]
        self.counter += 1
        data, client = self._data(0), self._client("webauthn.get", given)
        signed = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signed),
                "userHandle": self.owner,
                **changed,
            }
        )

    def _data(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        place = hashlib.sha256(self.domain.encode()).digest()
        return place + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, given: dict[str, Any]) -> bytes:
        challenge = websafe_encode(websafe_decode(given["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        mark = websafe_encode(self.mark)
        return json.dumps(
            {"id": mark, "rawId": mark, "type": "public-key", "response": response,
             "clientExtensionResults": {"credProps": {"rk": True}}}
        )  # fmt: skip
