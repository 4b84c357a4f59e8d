"""The audit trail: whatever is done to its rows is found, and nothing is lost or invented."""

from __future__ import annotations

import datetime as dt
import uuid
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lianxin.audit import rules
from lianxin.audit.api import AuditRow, breaches, history_of, openings_of, record
from lianxin.audit.models import AuditHead
from lianxin.kit import clock
from lianxin.kit.transactions import atomic

JSON = st.dictionaries(
    st.text(max_size=8), st.one_of(st.integers(), st.text(), st.booleans()), max_size=4
)


def _note(number: int = 0, **more: object) -> None:
    fields: dict[str, object] = {"actor_id": None, "action": "test.done", "kind": "test.Thing", "object_id": number}  # fmt: skip
    with atomic():
        record(**(fields | more))  # type: ignore[arg-type]  # plain fields of a test


@pytest.fixture
def trail(db) -> list[AuditRow]:
    for number in range(6):
        _note(number, actor_id=uuid.UUID(int=number), detail={"名": "值", "n": number})
    return list(AuditRow.objects.order_by("position"))


def _verify() -> str:
    out = StringIO()
    call_command("audit_verify", stdout=out, stderr=out)
    return out.getvalue()


def test_a_whole_trail_is_in_order(trail):
    assert breaches() == []
    assert "6" in _verify()


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.undone"},
        {"actor_id": uuid.UUID(int=99)},
        {"actor_id": None},
        {"subject_id": uuid.UUID(int=99)},
        {"object_id": "other"},
        {"purpose": "other"},
        {"kind": "test.Other"},
        {"detail": {"n": 99}},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"digest": "0" * 64},
    ],
    ids=str,
)
def test_an_edited_row_is_found_wherever_it_was_edited(trail, change):
    AuditRow.objects.filter(pk=trail[3].pk).update(**change)
    (breach,) = breaches()
    assert breach.position == trail[3].position
    with pytest.raises(CommandError):
        _verify()


@pytest.mark.parametrize("at", [0, 3, 5])
def test_a_removed_row_is_found_the_last_one_too(trail, at):
    trail[at].delete()
    (breach,) = breaches()
    assert breach.position == trail[at].position
    with pytest.raises(CommandError):
        _verify()


def test_an_emptied_shard_is_found(trail):
    AuditRow.objects.all().delete()
    assert len(breaches()) == 1


def test_a_row_smuggled_in_is_found(trail):
    last = trail[-1]
    last.pk, last.position = None, last.position + 1
    last.digest = rules.digest(trail[-2].digest, {"forged": True})
    last.save(force_insert=True)
    assert len(breaches()) == 1


def test_two_rows_changed_over_are_found(trail):
    first, second = trail[2], trail[3]
    AuditRow.objects.filter(pk=first.pk).update(position=999)
    AuditRow.objects.filter(pk=second.pk).update(position=first.position)
    AuditRow.objects.filter(pk=first.pk).update(position=second.position)
    assert len(breaches()) == 1


def test_a_removed_end_is_not_hidden_by_a_shortened_head_alone(trail):
    trail[-1].delete()
    AuditHead.objects.filter(shard=trail[0].shard).update(length=5)
    assert len(breaches()) == 1, "the head's digest still names the row that is gone"


def _fail(action: str) -> None:
    with atomic():
        record(actor_id=None, action=action, kind="test.Thing", object_id=1)
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(trail):
    with pytest.raises(ZeroDivisionError):
        _fail("test.lost")
    with atomic():
        record(actor_id=None, action="test.kept", kind="test.Thing", object_id=1)
        with pytest.raises(ZeroDivisionError):
            _fail("test.lost")
    actions = set(AuditRow.objects.values_list("action", flat=True))
    assert actions == {"test.done", "test.kept"}
    assert breaches() == []


def test_outside_a_transaction_nothing_is_noted(db):
    with pytest.raises(RuntimeError):
        record(actor_id=None, action="test.done", kind="test.Thing", object_id=1)
    assert not AuditRow.objects.exists()


def test_a_person_finds_what_was_opened_of_hers_and_of_nobody_else(db):
    lin, zhao = uuid.uuid4(), uuid.uuid4()
    _note(1, action="vault.opened", subject_id=lin)
    _note(2, action="vault.opened", subject_id=zhao)
    _note(3, action="vault.opened", subject_id=lin)
    _note(4, action="test.done", subject_id=lin)
    assert [row.object_id for row in openings_of(lin)] == ["3", "1"]


def test_the_history_of_an_object_is_told_in_order(db):
    for action in ("test.made", "test.changed", "test.closed"):
        _note(7, action=action)
    _note(8)
    assert [row.action for row in history_of("test.Thing", "7")] == ["test.made", "test.changed", "test.closed"]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_lose_nothing():
    def write() -> None:
        try:
            for number in range(12):
                _note(number)
        finally:
            connection.close()

    writers = [Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert AuditRow.objects.count() == 72
    assert breaches() == []


@given(JSON, JSON, st.text(max_size=20), st.text(max_size=20))
def test_equal_content_has_one_digest_and_different_content_has_another(one, two, before, after):
    assert rules.digest(before, one) == rules.digest(before, dict(reversed(one.items())))
    if one != two:
        assert rules.digest(before, one) != rules.digest(before, two)
    if before != after:
        assert rules.digest(before, one) != rules.digest(after, one)


@given(st.datetimes(timezones=st.just(dt.UTC)).filter(lambda moment: 1970 < moment.year < 2200))
def test_a_moment_reads_the_same_in_every_zone(moment):
    shanghai = moment.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert rules.moment(moment) == rules.moment(shanghai)


def test_a_stored_moment_is_the_moment_that_was_sealed(trail):
    (row,) = AuditRow.objects.filter(pk=trail[0].pk)
    assert row.at <= clock.now()
    assert breaches() == []
