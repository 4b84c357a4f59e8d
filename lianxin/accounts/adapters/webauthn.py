"""Passkeys by Yubico's fido2, which is heavy: this module is loaded when the first one is used."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)

Json = dict[str, Any]
# What fido2 raises over an answer it cannot read or does not believe.
BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class PasskeyError(Exception):
    """An answer that is none, or not for us."""


@dataclass(frozen=True)
class Shown:
    """What a passkey showed: which key, and how often it was used."""

    key: bytes
    counter: int


def creation(
    domain: str, name: str, *, user_id: uuid.UUID, user_name: str, held: Iterable[Json]
) -> tuple[Json, Json]:
    """Return the options for a new passkey, and the state its answer is compared with."""
    options, state = _server(domain, name).register_begin(
        {"id": user_id.bytes, "name": user_name, "displayName": user_name},  # type: ignore[arg-type]  # a mapping will do
        credentials=[_credential(one) for one in held],
        resident_key_requirement="preferred",  # type: ignore[arg-type]  # its own words will do
        user_verification="preferred",  # type: ignore[arg-type]
        extensions={"credProps": True},
    )
    return dict(options), state


def request(domain: str, name: str, *, held: Iterable[Json] | None) -> tuple[Json, Json]:
    """Return the options for showing a passkey; of anybody and with finger or PIN if `held` is None."""
    options, state = _server(domain, name).authenticate_begin(
        credentials=None if held is None else [_credential(one) for one in held],
        user_verification="required" if held is None else "preferred",  # type: ignore[arg-type]
    )
    return dict(options), state


def created(domain: str, origin: str, *, state: Json, answer: Json) -> Shown:
    """Check the answer to `creation`; raises PasskeyError."""
    try:
        data = _server(domain, domain, origin).register_complete(state, answer)
        if data.credential_data is None:
            raise PasskeyError("no key")
        return Shown(data.credential_data.credential_id, data.counter)
    except BROKEN as error:
        raise PasskeyError(str(error)) from error


def shown(domain: str, origin: str, *, state: Json, answer: Json, held: Iterable[Json]) -> Shown:
    """Check the answer to `request` against the passkeys of one account; raises PasskeyError."""
    try:
        server = _server(domain, domain, origin)
        used = server.authenticate_complete(state, [_credential(one) for one in held], answer)
        data = AuthenticationResponse.from_dict(answer).response.authenticator_data
        return Shown(used.credential_id, data.counter)
    except BROKEN as error:
        raise PasskeyError(str(error)) from error


def key_of(kept: Json) -> bytes:
    """Return the key's name of a passkey kept."""
    return bytes(_credential(kept).credential_id)


def owner_of(answer: Json) -> uuid.UUID | None:
    """Return whose a passkey says it is."""
    try:
        return uuid.UUID(bytes=websafe_decode(answer["response"]["userHandle"]))
    except BROKEN:
        return None


def _server(domain: str, name: str, origin: str = "") -> Fido2Server:
    place = PublicKeyCredentialRpEntity(id=domain, name=name)
    # Exactly our own origin: the library by itself would let every neighbour under the domain ask.
    return Fido2Server(place, verify_origin=lambda asked: bool(origin) and asked == origin)


def _credential(kept: Json) -> AttestedCredentialData:
    found = RegistrationResponse.from_dict(kept).response.attestation_object.auth_data
    if found.credential_data is None:
        raise PasskeyError("no key")
    return found.credential_data
