"""Rotation: everything sealed again, resumable, nobody's write lost, no key gone too early."""

from __future__ import annotations

import base64
import secrets
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import isolate_apps

from lianxin.audit.api import AuditRow
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.vault import services
from lianxin.vault.adapters import keyring
from lianxin.vault.api import DocumentStore, SealedField, open_text, resealers, reveal, seal_text
from lianxin.vault.conf import RETIRE_AFTER
from lianxin.vault.models import Rotation, RotationStore
from lianxin.vault.services.stores import ColumnStore


@isolate_apps("lianxin.vault")
def _thing() -> Any:
    class Thing(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        words = SealedField()
        papers = models.JSONField(default=dict)

        class Meta:
            app_label = "vault"

        def __str__(self) -> str:
            return str(self.pk)

    return Thing


Thing = _thing()


def _turn(pk, document, again):
    return {code: again(token, bound_to=f"{code}:{pk}") for code, token in document.items()}


WORDS = ColumnStore(Thing, "words")
PAPERS = DocumentStore(Thing, "papers", _turn)


@pytest.fixture
def things(db, own_keys, monkeypatch):
    uuid, json = ("uuid", "jsonb") if connection.vendor == "postgresql" else ("char(32)", "text")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE vault_thing (id {uuid} PRIMARY KEY, words text, papers {json})"
        )
    monkeypatch.setattr(resealers, "_filled", {})
    resealers.fill("words", WORDS)
    resealers.fill("papers", PAPERS)
    return [_thing_made(number) for number in range(25)]


def _thing_made(number: int) -> Any:
    made = Thing(words=f"words {number}" if number % 5 else "")
    made.papers = {"a": seal_text(f"paper {number}", bound_to=f"a:{made.pk}")}
    made.save()
    return made


def _all_readable() -> None:
    for row in Thing.objects.all():
        assert reveal(row, "words").startswith("words") or row.words is None
        assert open_text(row.papers["a"], bound_to=f"a:{row.pk}").startswith("paper")


def _heads() -> set[str]:
    return {head for (_store, head), _count in services.key_usage().items()}


def _run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def test_everything_is_sealed_with_the_new_key_and_opens(things):
    said = _run("keys_rotate", "--batch", "7")
    assert "45 values sealed again with data key 0002" in said
    assert _heads() == {"v2.aes.0002"}
    _all_readable()
    actions = AuditRow.objects.order_by("pk").values_list("action", flat=True)
    assert {"vault.rotation_started", "vault.rotation_finished"} <= set(actions)


def test_a_second_rotation_makes_a_third_key(things):
    _run("keys_rotate")
    _run("keys_rotate")
    assert _heads() == {"v2.aes.0003"}
    _all_readable()


def test_a_rotation_changes_the_cipher_as_well(things, settings):
    settings.VAULT_CIPHER = "sm4"
    _run("keys_rotate")
    assert _heads() == {"v2.sm4.0002"}
    _all_readable()


def test_tokens_of_the_first_version_are_taken_along(things):
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    row, nonce = things[1], secrets.token_bytes(12)
    bound = f"v1\n0001\n{WORDS.name}:{row.pk}".encode()
    sealed = nonce + AESGCM(keyring.by_id("data", "0001")).encrypt(nonce, b"words of old", bound)
    _raw(row.pk, "v1.0001." + base64.urlsafe_b64encode(sealed).decode())
    row.refresh_from_db()
    assert reveal(row, "words") == "words of old"
    _run("keys_rotate")
    row.refresh_from_db()
    assert row.words.token.startswith("v2.")
    assert reveal(row, "words") == "words of old"


def _raw(pk, token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Thing._meta.db_table} SET words = %s WHERE id = %s",  # noqa: S608
            [token, Thing._meta.pk.get_db_prep_value(pk, connection)],
        )


class _StoppedError(Exception):
    pass


def test_a_stopped_rotation_goes_on_where_it_was(things):
    calls = []

    def stop(store: str, rows: int, _resealed: int) -> None:
        calls.append((store, rows))
        if len(calls) == 3:
            raise _StoppedError

    with pytest.raises(_StoppedError):
        services.data_key_rotate(batch=5, told=stop)
    assert _heads() == {"v2.aes.0001", "v2.aes.0002"}
    _all_readable()
    kept = RotationStore.objects.order_by("pk").last()
    assert kept is not None
    assert kept.cursor
    seen: list[tuple[str, int]] = []
    done = services.data_key_rotate(
        batch=5, told=lambda store, rows, _n: seen.append((store, rows))
    )
    assert seen[0][1] == kept.rows + 5
    assert done.key_id == "0002"
    assert done.is_finished
    assert keyring.ids("data") == ["0001", "0002"]
    assert _heads() == {"v2.aes.0002"}


def test_a_key_made_by_a_process_that_died_at_once_is_used(things):
    keyring.create("data")
    assert services.data_key_rotate().key_id == "0002"
    assert _heads() == {"v2.aes.0002"}


@pytest.mark.parametrize("store", [WORDS, PAPERS], ids=["column", "document"])
def test_what_another_writes_in_between_is_never_overwritten(things, store):
    row = things[1]

    def again(token: str, *, bound_to: str) -> str:
        # Between reading and swapping somebody saves the row.
        fresh = Thing.objects.get(pk=row.pk)
        fresh.words = "words of somebody else"
        fresh.papers = {"a": seal_text("paper of somebody else", bound_to=f"a:{row.pk}")}
        fresh.save()
        return seal_text(open_text(token, bound_to=bound_to), bound_to=bound_to)

    batch = store.reseal(after=str(things[0].pk), size=1, again=again)
    assert (batch.rows, batch.resealed, batch.passed_over) == (1, 0, 1)
    fresh = Thing.objects.get(pk=row.pk)
    assert reveal(fresh, "words") == "words of somebody else"
    assert open_text(fresh.papers["a"], bound_to=f"a:{row.pk}") == "paper of somebody else"


def test_an_old_value_written_back_during_the_rotation_is_taken_in_the_next_round(things):
    row = Thing.objects.get(pk=things[1].pk)  # read before the rotation, saved in the middle
    told: list[int] = []

    def save(_store: str, _rows: int, _resealed: int) -> None:
        if not told:
            row.save()
        told.append(1)

    done = services.data_key_rotate(batch=30, told=save)
    assert done.is_finished
    assert _heads() == {"v2.aes.0002"}


def test_a_value_no_key_opens_is_named_left_alone_and_keeps_the_old_key(things):
    token = Thing.objects.get(pk=things[1].pk).words.token
    _raw(things[2].pk, token)
    said = _run("keys_rotate")
    assert f"{WORDS.name}:{things[2].pk}" in said
    assert Thing.objects.get(pk=things[2].pk).words.token == token
    with pytest.raises(CommandError, match=f"{WORDS.name}: 1"):
        _run("keys_retire", "data", "0001", "--at-once")


def test_a_key_is_retired_only_when_nothing_needs_it(things, monkeypatch):
    with pytest.raises(CommandError, match="current key"):
        _run("keys_retire", "data", "0001")
    with pytest.raises(CommandError, match="no data key"):
        _run("keys_retire", "data", "0009")
    keyring.create("data")
    with pytest.raises(CommandError, match="not finished"):
        _run("keys_retire", "data", "0001")
    _run("keys_rotate")
    with pytest.raises(CommandError, match="hour"):
        _run("keys_retire", "data", "0001")
    started = Rotation.objects.get().started_at
    monkeypatch.setattr(clock, "now", lambda: started + RETIRE_AFTER)
    stale = seal_text("x", bound_to="").replace("0002", "0001", 1)
    _raw(things[1].pk, stale)
    with pytest.raises(CommandError, match="still sealed with key 0001"):
        _run("keys_retire", "data", "0001")
    Thing.objects.filter(pk=things[1].pk).delete()
    _run("keys_retire", "data", "0001")
    assert keyring.ids("data") == ["0002"]
    _all_readable()


def test_every_sealed_column_is_found(db):
    names = {store.name for store in services.stores()}
    assert {"accounts.User.phone", "members.Member.id_number", "files.StoredFile.content"} <= names
    assert {"procedures.AnswerSet.sealed", "procedures.Task.sealed_findings"} <= names
