"""Rotation of the index key: every digest changed to a new key while the service goes on.

In one moment (`guarding.begin`) everybody starts to write with the new key, and the database
refuses digests of the old. From then on equal digests change together, in all columns by one
transaction: whoever compares two tables finds them equal before and after. What somebody asks for
meanwhile is changed for her first (`indexing.bring`). So no person gets in twice at any moment,
and a rotation killed anywhere goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection

from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.vault import conf, rules
from lianxin.vault.adapters import keyring as keys
from lianxin.vault.models import IndexRotation
from lianxin.vault.services import guarding
from lianxin.vault.services.indexing import Column, columns, index_keys
from lianxin.vault.services.rotating import Rotated, Told, note_key

INDEX_BATCH = 2000
_ROUNDS = 10


@dataclass(slots=True)
class _Going:
    """A rotation at work."""

    rotation: IndexRotation
    done: Rotated
    ids: list[str]  # of the keys, up to the one that is rotated to
    batch: int
    pause: float
    told: Told | None
    left: int = 0


def index_key_rotate(
    *,
    batch: int = INDEX_BATCH,
    pause: float = 0.0,
    settle: float = 1.0,
    told: Told | None = None,
) -> Rotated:
    """Make a new index key, or take up the unfinished rotation, and change every digest to it.

    `told(column, rows, changed)` hears how far it is, after each batch. For `settle` seconds a new
    key lies in the folder before anybody writes with it: whoever looks for somebody knows it by then.

    Raises:
        BusyError: another process rotates or retires keys.
        OperationalError: the moment of the change did not come, since tables were held each time.
    """
    with keys.exclusive():
        rotation = _begun(settle)
        ids = keys.ids(keys.INDEX)
        going = _Going(
            rotation, Rotated(rotation.key_id), ids[: ids.index(rotation.key_id) + 1], batch, pause, told
        )  # fmt: skip
        while going.done.rounds < _ROUNDS and not going.done.is_finished:
            going.done.rounds += 1
            going.left = 0
            is_whole = not rotation.places  # not the rest of a round that was cut off
            for column in columns():
                _walk(going, column)
            going.done.is_finished = is_whole and going.left == 0
            _keep(rotation, places={})
        if going.done.is_finished:
            _finish(going)
    return going.done


def index_retire(key_id: str, *, at_once: bool) -> None:
    """Take the guards of a finished rotation down; the key stays, since newer digests stand on it.

    Raises:
        RefusedError: it is unknown or written with, or somebody may still write with it.
    """
    now = index_keys()
    ids = [one for one, _key in now.held]
    if key_id not in ids:
        raise RefusedError(f"There is no index key {key_id}.")
    if ids.index(key_id) >= now.at or now.is_rotating:
        raise RefusedError("The rotation is not finished. Run keys_rotate index until it is.")
    rotation = IndexRotation.objects.get(key_id=ids[now.at])
    if not at_once and clock.now() < rotation.started_at + conf.RETIRE_AFTER:
        raise RefusedError("Processes may still write with this key. Try again in an hour.")
    left = {
        column.label: count
        for column in columns()
        if (count := column.model._base_manager.filter(**{f"{column.name}__startswith": f"{key_id}:"}).count())
    }  # fmt: skip
    if left:
        places = ", ".join(f"{label}: {count}" for label, count in left.items())
        raise RefusedError(f"Digests are still made with key {key_id}: {places}. Rotate again.")
    guarding.take_down()


def _begun(settle: float) -> IndexRotation:
    now = index_keys()
    if now.is_rotating:
        return IndexRotation.objects.get(key_id=now.held[now.at][0])
    # A process may have died between making the key and the moment of the change.
    is_waiting = now.at < len(now.held) - 1
    key_id = now.held[-1][0] if is_waiting else keys.create(keys.INDEX)
    ids = keys.ids(keys.INDEX)
    time.sleep(settle)
    rotation = guarding.begin(key_id, ids[: ids.index(key_id)])
    note_key("vault.index_rotation_started", key_id)
    return rotation


def _walk(going: _Going, column: Column) -> None:
    """Walk a column from where it was, and change what is old in it and wherever else it stands."""
    rows = column.model._base_manager.order_by("pk").values_list("pk", column.name)
    while True:
        after = going.rotation.places.get(column.label, "")
        held = list((rows.filter(pk__gt=after) if after else rows)[: going.batch])
        if not held:
            return
        _change(going, column, {digest for _pk, digest in held}, str(held[-1][0]))
        going.done.rows += len(held)
        if going.told:
            going.told(column.label, going.done.rows, going.done.resealed)
        if going.pause:
            time.sleep(going.pause)


def _change(going: _Going, column: Column, digests: Iterable[str], last: str) -> None:
    wanted = {one: new for one in digests if (new := _new(one, column.length, going.ids)) != one}
    places = going.rotation.places | {column.label: last}
    try:
        changed = _changed(going, column, wanted, places)
    except (
        OperationalError
    ):  # somebody holds one of them: the others first, then it, or the next round
        changed = sum(_one(going, column, {old: new}) for old, new in _alone(column, wanted))
        _keep(going.rotation, places=places)
    going.left += len(wanted)
    going.done.resealed += changed


def _alone(column: Column, wanted: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return () if column.is_shared else wanted.items()


def _one(going: _Going, column: Column, wanted: Mapping[str, str]) -> int:
    try:
        return _changed(going, column, wanted, going.rotation.places)
    except OperationalError:
        return 0


def _changed(
    going: _Going, column: Column, wanted: Mapping[str, str], places: Mapping[str, str]
) -> int:
    """Change digests in every column that may hold them, and keep how far it is, or neither."""
    count = 0
    with atomic():
        if wanted:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '300ms'")
            if column.is_shared:
                count += _update(column, wanted, going.rotation.places.get(column.label), places)
            else:
                count += sum(
                    _update(each, wanted)
                    for each in columns()
                    if each.purposes & column.purposes and not each.is_shared
                )
        _keep(going.rotation, places=places, more=count)
    return count


def _update(
    column: Column,
    wanted: Mapping[str, str],
    after: str | None = None,
    places: Mapping[str, str] | None = None,
) -> int:
    """Change digests in a whole column, or between two of its rows."""
    table, name = map(connection.ops.quote_name, (column.table, column.name))
    pairs = ", ".join(["(%s, %s)"] * len(wanted))
    given: list[Any] = [part for pair in wanted.items() for part in pair]
    between = ""
    if places is not None:
        key = column.model._meta.pk
        for sign, edge in ((">", after), ("<=", places.get(column.label))):
            if edge:
                between += f" AND {table}.{connection.ops.quote_name(key.attname)} {sign} %s"
                given.append(key.get_db_prep_value(key.to_python(edge), connection))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = new.column2 FROM (VALUES {pairs}) AS new"  # noqa: S608  (our own columns)
            f" WHERE {table}.{name} = new.column1{between}",
            given,
        )
        return int(cursor.rowcount)


def _new(digest: str, length: int, ids: Sequence[str]) -> str:
    """Return what a digest of any earlier key becomes; what is none stays as it is."""
    key_id = digest.partition(":")[0]
    if key_id not in ids[:-1]:
        return digest
    for later in ids[ids.index(key_id) + 1 :]:
        key = keys.by_id(keys.INDEX, later)
        digest = rules.index_over(digest, key_id=later, key=key)[:length]
    return digest


def _keep(rotation: IndexRotation, *, places: Mapping[str, str], more: int = 0) -> None:
    rotation.places, rotation.changed = dict(places), rotation.changed + more
    rotation.save(update_fields=["places", "changed"])


def _finish(going: _Going) -> None:
    with atomic():
        IndexRotation.objects.filter(pk=going.rotation.pk).update(finished_at=clock.now())
        note_key(
            "vault.index_rotation_finished", going.rotation.key_id,
            rows=going.done.rows, changed=going.rotation.changed,
        )  # fmt: skip
