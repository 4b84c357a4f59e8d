"""The vault: what is sealed opens in its own place alone, and every look leaves a trace."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from lianxin.audit.api import openings_of
from lianxin.kit.ids import new_id
from lianxin.vault.api import (
    BrokenSealError,
    Sealed,
    SealedField,
    blind_index,
    note_opening,
    open_bytes,
    open_sealed,
    open_text,
    place_of,
    reveal,
    seal_bytes,
    seal_text,
)

LIN, WANG = uuid.uuid4(), uuid.uuid4()
TEXT = st.text(max_size=200)


@isolate_apps("lianxin.vault")
def _secret() -> Any:
    class Secret(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        words = SealedField()
        other = SealedField()

        class Meta:
            app_label = "vault"

        def __str__(self) -> str:
            return str(self.pk)

    return Secret


Secret = _secret()


@pytest.fixture
def table(db):
    with connection.cursor() as cursor:
        kind = "uuid" if connection.vendor == "postgresql" else "char(32)"
        cursor.execute(f"CREATE TABLE vault_secret (id {kind} PRIMARY KEY, words text, other text)")


@pytest.fixture
def keys(tmp_path, settings) -> Path:
    """An empty folder of keys, only for this test."""
    folder: Path = tmp_path / "keys"
    settings.VAULT_KEYS = folder
    return folder


def _spoilt(token: str, at: int) -> str:
    other = "A" if token[at] != "A" else "B"
    return token[:at] + other + token[at + 1 :]


@given(TEXT, st.text(min_size=1, max_size=60))
def test_what_is_sealed_opens_in_its_place(text, place):
    assert open_text(seal_text(text, bound_to=place), bound_to=place) == text


@given(st.binary(max_size=500))
def test_bytes_are_sealed_as_they_are(data):
    assert open_bytes(seal_bytes(data, bound_to="x"), bound_to="x") == data


@given(TEXT, st.text(max_size=20), st.text(max_size=20))
def test_moved_to_another_place_it_does_not_open(text, here, there):
    token = seal_text(text, bound_to=here)
    if here != there:
        with pytest.raises(BrokenSealError):
            open_text(token, bound_to=there)


@given(TEXT, st.data())
def test_with_one_character_changed_it_does_not_open(text, data):
    token = seal_text(text, bound_to="here")
    at = data.draw(st.integers(0, len(token) - 5))
    with pytest.raises(BrokenSealError):
        open_text(_spoilt(token, at), bound_to="here")


@given(st.one_of(st.text(max_size=60), st.just("v1.0001."), st.just("v1.9999.AAAA")))
def test_what_was_never_sealed_does_not_open(token):
    with pytest.raises(BrokenSealError):
        open_text(token, bound_to="here")


def test_the_same_text_is_never_sealed_the_same_way():
    assert seal_text("林", bound_to="a") != seal_text("林", bound_to="a")


def test_a_sealed_column_shows_nothing_and_opens_in_its_row(table):
    row = Secret.objects.create(words="身份证 110105", other="")
    found = Secret.objects.get()
    assert found.words == row.words
    assert isinstance(found.words, Sealed)
    assert "110105" not in f"{found.words} {found.words!r} {found.words!s:>20} {vars(found)}"
    assert found.other is None
    assert reveal(found, "words") == "身份证 110105"
    assert reveal(found, "other") == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM vault_secret")
        assert "110105" not in cursor.fetchone()[0]


def test_a_token_moved_to_another_row_or_column_does_not_open(table):
    first, second = Secret.objects.create(words="一"), Secret.objects.create(words="二")
    Secret.objects.filter(pk=second.pk).update(words=first.words)
    with pytest.raises(BrokenSealError):
        reveal(Secret.objects.get(pk=second.pk), "words")
    Secret.objects.filter(pk=first.pk).update(other=first.words)
    with pytest.raises(BrokenSealError):
        reveal(Secret.objects.get(pk=first.pk), "other")
    assert place_of(first, "words") != place_of(first, "other") != place_of(second, "other")


def test_plain_text_is_never_compared_with_a_sealed_column(table):
    with pytest.raises(TypeError):
        list(Secret.objects.filter(words="一"))


def test_a_look_is_traced_and_ones_own_is_not(table):
    row = Secret.objects.create(words="一")
    assert open_sealed(row, "words", actor_id=WANG, purpose="help", subject_id=LIN) == "一"
    (trace,) = openings_of(LIN)
    assert (trace.actor_id, trace.purpose, trace.detail) == (WANG, "help", {"fields": ["words"]})
    assert open_sealed(row, "words", actor_id=LIN, purpose="own", subject_id=LIN) == "一"
    assert openings_of(LIN).count() == 1


def test_a_look_outside_a_transaction_cannot_go_untraced(db):
    with pytest.raises(RuntimeError):
        note_opening(
            actor_id=WANG,
            kind="vault.Secret",
            object_id=1,
            fields=["words"],
            purpose="help",
            subject_id=LIN,
        )


def test_what_does_not_open_is_not_noted_as_opened(table):
    row = Secret.objects.create(words="一")
    row.words = Sealed(_spoilt(row.words.token, 30))
    with pytest.raises(BrokenSealError):
        open_sealed(row, "words", actor_id=WANG, purpose="help", subject_id=LIN)
    assert not openings_of(LIN).exists()


@given(st.text(min_size=1), st.text(min_size=1))
def test_equal_values_share_an_index_and_others_do_not(one, two):
    first, second = blind_index(one, purpose="phone"), blind_index(two, purpose="phone")
    assert (first == second) == (one == two)
    assert one not in first or len(one) < 4
    assert blind_index(one, purpose="id_number") != first


def test_nothing_has_no_index():
    assert blind_index("", purpose="phone") == ""


def test_a_key_that_is_gone_opens_nothing(keys, tmp_path, settings):
    token = seal_text("林", bound_to="here")
    settings.VAULT_KEYS = tmp_path / "other"
    with pytest.raises(BrokenSealError):
        open_text(token, bound_to="here")
    settings.VAULT_KEYS = keys
    assert open_text(token, bound_to="here") == "林"


def test_keys_are_made_for_their_owner_alone(keys):
    seal_text("林", bound_to="here")
    made = [path for path in keys.iterdir() if path.is_file()]
    assert made
    assert keys.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in made)


def test_a_key_others_may_read_is_refused(keys, tmp_path, settings):
    seal_text("林", bound_to="here")
    copy = tmp_path / "copy"
    copy.mkdir(mode=0o700)
    for path in (path for path in keys.iterdir() if path.is_file()):
        target = copy / path.name
        target.write_bytes(path.read_bytes())
        os.chmod(target, 0o644)  # noqa: PTH101  (what a careless operator does)
    settings.VAULT_KEYS = copy
    with pytest.raises(ImproperlyConfigured):
        seal_text("林", bound_to="here")


def test_an_index_made_with_another_key_is_another_index(keys, tmp_path, settings):
    first = blind_index("+8619900000001", purpose="phone")
    settings.VAULT_KEYS = tmp_path / "other"
    assert blind_index("+8619900000001", purpose="phone") != first
