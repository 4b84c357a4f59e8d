"""Keys that sign: one line a purpose, private halves sealed, old ones published while they matter."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.audit.api import AuditRow
from lianxin.kit import tokens
from lianxin.kit.testing import stopped_clock
from lianxin.vault import api
from lianxin.vault.models import SigningKey

LIFE = dt.timedelta(hours=12)
NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_what_is_signed_fits_the_published_key_and_nothing_else() -> None:
    signer = api.signer_of("ticket")
    signature = signer.sign(b"seat 7")
    [published] = api.signing_keys("ticket", life=LIFE)
    assert published.key_id == signer.key_id == published.as_jwk()["kid"]
    assert published.fits(signature, b"seat 7")
    assert not published.fits(signature, b"seat 8")
    assert api.signing_keys("card", life=LIFE) == []


@pytest.mark.django_db
def test_a_private_key_is_sealed_and_its_making_noted() -> None:
    api.signer_of("ticket")
    key = SigningKey.objects.get()
    assert "•" in str(key.private_key)
    assert AuditRow.objects.get(action="vault.signing_key_made").object_id == str(key.pk)


@pytest.mark.django_db
def test_a_key_that_is_changed_is_published_as_long_as_what_it_signed_may_hold() -> None:
    with stopped_clock(NOON) as clock:
        first = api.signer_of("ticket")
        second = api.signing_key_change("ticket", actor_id=uuid.uuid4())
        assert api.signer_of("ticket").key_id == second != first.key_id
        assert [key.key_id for key in api.signing_keys("ticket", life=LIFE)] == [
            first.key_id,
            second,
        ]
        clock.move(hours=13)
        assert [key.key_id for key in api.signing_keys("ticket", life=LIFE)] == [second]


@given(st.text(max_size=300))
def test_no_other_text_is_a_token(text: str) -> None:
    try:
        said, payload, _signature = tokens.opened(text)
    except ValueError:
        return
    assert tokens.encode(payload) == text.split(".", maxsplit=1)[0]
    assert isinstance(said, dict)


@given(st.uuids(), st.binary(max_size=80))
def test_ids_and_bytes_come_back_as_they_were(of: uuid.UUID, data: bytes) -> None:
    assert tokens.id_of(tokens.short_id(of)) == of
    assert tokens.decode(tokens.encode(data)) == data
    assert len(tokens.short_id(of)) == 22
