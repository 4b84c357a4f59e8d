"""A new index key: what is written meets what stands, guards refuse old digests, nothing is forgotten."""

from __future__ import annotations

import ast
import threading
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

import lianxin
from lianxin.audit.api import AuditRow
from lianxin.kit.transactions import atomic, probe
from lianxin.vault import services
from lianxin.vault.adapters import keyring
from lianxin.vault.api import Sealer, blind_index, blind_indexes
from lianxin.vault.models import IndexRotation
from lianxin.vault.services import guarding, indexing

NUMBERS = [f"+86199{n:08}" for n in range(30)]


@pytest.fixture
def numbers(own_keys, accounts):
    for number in NUMBERS:
        accounts.create(phone_index=blind_index(number, purpose="phone"))
    yield accounts
    guarding.take_down()


@pytest.fixture
def accounts():
    [column] = [one for one in indexing.columns() if one.label == "accounts.User.phone_index"]
    return column.model.objects


def held(accounts):
    return set(accounts.exclude(phone_index="").values_list("phone_index", flat=True))


def rotate(**options):
    return services.index_key_rotate(settle=0, **options)


@pytest.mark.django_db(transaction=True)
def test_every_digest_is_changed_and_found(numbers):
    old = held(numbers)
    done = rotate(batch=7)
    assert (done.is_finished, done.resealed) == (True, len(NUMBERS))
    assert all(one.startswith("0002:") for one in held(numbers))
    for number in NUMBERS:
        assert numbers.filter(phone_index__in=blind_indexes(number, purpose="phone")).count() == 1
        assert numbers.filter(phone_index=blind_index(number, purpose="phone")).count() == 1
    actions = AuditRow.objects.values_list("action", flat=True)
    assert {"vault.index_rotation_started", "vault.index_rotation_finished"} <= set(actions)
    assert rotate().key_id == "0003"
    assert len(held(numbers)) == len(old)
    assert Sealer().index(NUMBERS[0], purpose="phone") in held(numbers)


def test_the_guards_of_a_long_name_are_two():
    known = indexing.columns()[0]
    column = replace(known, name="a_column_of_digests_with_a_very_long_name_" * 2)
    names = guarding.guard_names(column)
    assert len(set(names)) == 2
    assert all(len(name) <= 63 for name in names)


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_meanwhile_is_changed_first(numbers):
    key_id = keyring.create("index")
    guarding.begin(key_id, ["0001"])
    assert not [one for one in held(numbers) if one.startswith("0002:")]
    fresh = blind_index(NUMBERS[3], purpose="phone")
    assert numbers.get(phone_index=fresh)
    with pytest.raises(DatabaseError), atomic():
        numbers.create(phone_index=fresh)  # the constraint knows her by her new digest
    assert Sealer().index(NUMBERS[4], purpose="phone") in held(numbers)
    assert len(held(numbers)) == len(NUMBERS)
    assert rotate().resealed == len(NUMBERS) - 2


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_digests_of_a_key_before(numbers):
    [stale, other] = [blind_index(one, purpose="phone") for one in ("+8619000000001", NUMBERS[0])]
    rotate()
    with pytest.raises(DatabaseError, match="index key of before"), atomic():
        numbers.create(phone_index=stale)
    row = numbers.exclude(phone_index="").first()
    with pytest.raises(DatabaseError, match="index key of before"), atomic():
        numbers.filter(pk=row.pk).update(phone_index=other)
    with pytest.raises(CommandError, match="in an hour"):
        call_command("keys_retire", "index", "0001")
    said = StringIO()
    call_command("keys_retire", "index", "0001", at_once=True, stdout=said)
    assert "Its file stays" in said.getvalue()
    with atomic():
        numbers.create(phone_index=stale)
    with pytest.raises(CommandError, match=r"User.phone_index: 1"):
        call_command("keys_retire", "index", "0001", at_once=True)
    for wrong in ("0002", "0009"):
        with pytest.raises(CommandError):
            call_command("keys_retire", "index", wrong, at_once=True)


class CutOffError(BaseException):
    """The process ended here."""


def cut_off(act, *, at, monkeypatch):
    """End an act at its nth commit point; say whether it came so far."""
    passed = []

    def ask(point):
        passed.append(point)
        if len(passed) == at:
            raise CutOffError

    monkeypatch.setattr(probe, "ask", ask)
    try:
        act()
    except CutOffError:
        return True
    finally:
        monkeypatch.setattr(probe, "ask", None)
    return False


@pytest.mark.django_db(transaction=True)
def test_cut_off_at_any_commit_it_goes_on_and_loses_nobody(numbers, monkeypatch):
    kept = held(numbers)

    crashes = 0
    while cut_off(lambda: rotate(batch=9), at=crashes + 1, monkeypatch=monkeypatch):
        crashes += 1
        assert len(held(numbers)) == len(kept)
        for number in NUMBERS[::7]:
            assert (
                numbers.filter(phone_index__in=blind_indexes(number, purpose="phone")).count() == 1
            )
    assert crashes >= 8
    assert IndexRotation.objects.filter(finished_at=None).count() == 0
    assert {one[:5] for one in held(numbers)} == {f"{keyring.ids('index')[-1]}:"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_row_somebody_holds_is_changed_in_a_later_round(numbers):
    row = numbers.exclude(phone_index="").first()
    holds, enough = threading.Event(), threading.Event()

    def hold():
        with atomic():
            numbers.select_for_update().get(pk=row.pk)
            holds.set()
            enough.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    holds.wait(20)
    turns = []

    def told(label, _rows, _changed):
        turns.extend([label] if label == "accounts.User.phone_index" else [])
        if len(turns) == 2:
            enough.set()

    done = rotate(told=told)
    holder.join()
    assert done.is_finished
    assert done.rounds > 2
    assert not [one for one in held(numbers) if one.startswith("0001:")]


def _purposes():
    """Find what purposes the code makes digests for; a name stands for a constant of the module."""
    for path in Path(lianxin.__file__).parent.rglob("*.py"):
        if {"tests", "migrations", "vault"} & set(path.parts) or path.name == "testing.py":
            continue
        tree = ast.parse(path.read_text())
        for call in ast.walk(tree):
            name = getattr(getattr(call, "func", None), "attr", "")
            if isinstance(call, ast.Call) and name in {
                "blind_index",
                "blind_indexes",
                "index",
                "indexes",
            }:
                for word in call.keywords:
                    if word.arg == "purpose":
                        yield path, word.value


def test_every_purpose_rotates_or_says_why_not():
    rotating = {purpose for column in indexing.columns() for purpose in column.purposes}
    made = list(_purposes())
    named = {node.value for _path, node in made if isinstance(node, ast.Constant)}
    assert len(named) > 12
    assert {str(node.id) for _path, node in made if isinstance(node, ast.Name)} <= {
        "SECRET_PURPOSE"
    }
    assert named - rotating - set(indexing.STANDING) == set()
    assert rotating - named == set()
    assert rotating & set(indexing.STANDING) == set()


@pytest.mark.django_db
def test_whatever_column_holds_digests_is_known(own_keys):
    """By their names: what is called an index and is as long as a digest is one of ours, or stands."""
    from django.apps import apps  # noqa: PLC0415

    known = {(one.model._meta.label, one.name) for one in indexing.columns()}
    looks = {
        (model._meta.label, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if getattr(field, "max_length", None) == 96
        and field.attname.endswith(("_index", "mark", "_digest"))
    }
    assert looks - known == {
        ("accounts.SignIn", "code_digest"), ("gateway.ClientSecret", "mark"), ("notices.NoticeLine", "receipt_index"),
        ("procedures.Dossier", "confirm_index"), ("stations.StationReport", "key_index"),
        ("voice.Suggestion", "key_index"), ("voice.Suggestion", "follow_index"),
    }  # fmt: skip
