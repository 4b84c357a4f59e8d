"""A token opens in its place, as it was made, with its key; in no other way, under either cipher."""

from __future__ import annotations

import base64
import secrets

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from lianxin.vault import rules
from lianxin.vault.api import open_text, seal_text
from lianxin.vault.rules import BrokenSealError, Cipher

KEY = bytes(range(32))
PLACE = "test.Thing.words:1"
CIPHERS = st.sampled_from(list(Cipher))


def _seal(data: bytes, cipher: Cipher) -> bytes:
    return rules.seal(data, key_id="0001", key=KEY, bound_to=PLACE, cipher=cipher)


def _v1(data: bytes, place: str = PLACE) -> bytes:
    """The way tokens were made before they named their cipher."""
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(KEY).encrypt(nonce, data, f"v1\n0001\n{place}".encode())
    return b"v1.0001." + base64.urlsafe_b64encode(sealed)


@given(st.binary(max_size=300), CIPHERS)
def test_what_is_sealed_opens(data, cipher):
    token = _seal(data, cipher)
    assert rules.unseal(token, key=KEY, bound_to=PLACE) == data
    assert token.startswith(f"v2.{cipher}.0001.".encode())
    assert str(rules.head_of(token)) == f"v2.{cipher}.0001"


@given(st.binary(max_size=300))
def test_a_token_of_the_first_version_still_opens(data):
    token = _v1(data)
    assert str(rules.head_of(token)) == "v1.0001"
    assert rules.unseal(token, key=KEY, bound_to=PLACE) == data
    with pytest.raises(BrokenSealError):
        rules.unseal(token, key=KEY, bound_to=PLACE + "2")


@given(st.binary(max_size=60), CIPHERS, st.text(max_size=30))
def test_a_moved_token_never_opens(data, cipher, place):
    if place == PLACE:
        return
    with pytest.raises(BrokenSealError):
        rules.unseal(_seal(data, cipher), key=KEY, bound_to=place)


@given(st.binary(max_size=60), st.data(), st.sampled_from(["v1", *Cipher]))
def test_an_altered_token_never_opens(data, draw, kind):
    token = _v1(data) if kind == "v1" else _seal(data, Cipher(kind))
    at = draw.draw(st.integers(0, len(token) - 1))
    altered = bytearray(token)
    altered[at] = draw.draw(st.integers(0, 255).filter(lambda byte: byte != token[at]))
    with pytest.raises(BrokenSealError):
        rules.unseal(bytes(altered), key=KEY, bound_to=PLACE)


@given(st.binary(max_size=60), st.data(), CIPHERS)
def test_a_shortened_or_lengthened_token_never_opens(data, draw, cipher):
    token = _seal(data, cipher)
    cut = token[: draw.draw(st.integers(0, len(token) - 1))]
    more = token + draw.draw(st.binary(min_size=1, max_size=8))
    for wrong in (cut, more):
        with pytest.raises(BrokenSealError):
            rules.unseal(wrong, key=KEY, bound_to=PLACE)


@given(st.binary(max_size=60), CIPHERS)
def test_another_cipher_or_another_key_never_opens_it(data, cipher):
    token = _seal(data, cipher)
    other = Cipher.SM4 if cipher is Cipher.AES else Cipher.AES
    renamed = token.replace(f".{cipher}.".encode(), f".{other}.".encode(), 1)
    for wrong, key in (
        (renamed, KEY),
        (token, KEY[::-1]),
        (token.replace(b"0001", b"0002", 1), KEY),
    ):
        with pytest.raises(BrokenSealError):
            rules.unseal(wrong, key=key, bound_to=PLACE)


@given(st.binary(max_size=200))
def test_nonsense_is_no_token(data):
    if data.startswith((b"v1.", b"v2.")):
        return
    with pytest.raises(BrokenSealError):
        rules.head_of(data)


def test_sm4_is_chosen_by_a_setting_and_both_open_side_by_side(settings, own_keys):
    before = seal_text("张三", bound_to=PLACE)
    settings.VAULT_CIPHER = "sm4"
    after = seal_text("张三", bound_to=PLACE)
    assert (before[:6], after[:6]) == ("v2.aes", "v2.sm4")
    assert open_text(before, bound_to=PLACE) == open_text(after, bound_to=PLACE) == "张三"


def test_an_unknown_cipher_is_refused(settings, own_keys):
    settings.VAULT_CIPHER = "rot13"
    with pytest.raises(ImproperlyConfigured, match="LIANXIN_CIPHER"):
        seal_text("x", bound_to=PLACE)


def test_sm4_is_the_sm4_of_the_standard():
    """GB/T 32907-2016, A.1: one block, so that no other cipher hides behind the name."""
    from cryptography.hazmat.primitives.ciphers import Cipher as Block  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers import algorithms, modes  # noqa: PLC0415

    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    made = Block(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305  (the vector is one block)
    assert (made.update(block) + made.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"
