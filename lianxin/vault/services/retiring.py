"""Retiring keys: never one that something still needs."""

from __future__ import annotations

from collections import Counter

from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.vault import conf
from lianxin.vault.adapters import keyring as keys
from lianxin.vault.adapters.kms import kms
from lianxin.vault.models import Rotation
from lianxin.vault.services.index_rotating import index_retire
from lianxin.vault.services.rotating import key_usage, note_key


def key_retire(kind: str, key_id: str, *, at_once: bool = False) -> None:
    """Put away a data key that seals nothing, or a master key that wraps nothing, any more.

    An index key nothing is made with stays where it is, see `index_retire`.

    Raises:
        RefusedError: it is unknown, current, in use, or a process may still be writing with it.
        BusyError: another process rotates or retires keys.
    """
    with keys.exclusive():
        if kind == "master":
            _master_retire(key_id)
        elif kind == keys.DATA:
            _data_retire(key_id, at_once=at_once)
        elif kind == keys.INDEX:
            index_retire(key_id, at_once=at_once)
        else:
            raise RefusedError("Data keys, index keys and master keys can be retired.")
        note_key("vault.key_retired", f"{kind}-{key_id}")


def _data_retire(key_id: str, *, at_once: bool) -> None:
    newest = keys.current(keys.DATA)[0]
    if key_id not in keys.ids(keys.DATA):
        raise RefusedError(f"There is no data key {key_id}.")
    if key_id == newest:
        raise RefusedError("This is the current key. Rotate first.")
    rotation = Rotation.objects.filter(key_id=newest).first()
    if rotation is None or rotation.finished_at is None:
        raise RefusedError("The rotation is not finished. Run keys_rotate until it is.")
    if not at_once and clock.now() < rotation.started_at + conf.RETIRE_AFTER:
        raise RefusedError("Processes may still write with this key. Try again in an hour.")
    used = Counter[str]()
    for (store, head), count in key_usage().items():
        if head.rpartition(".")[2] in {key_id, "unreadable"}:
            used[store] += count
    if used:
        places = ", ".join(f"{store}: {count}" for store, count in sorted(used.items()))
        raise RefusedError(f"Values are still sealed with key {key_id}: {places}. Rotate again.")
    keys.retire(keys.DATA, key_id)


def _master_retire(key_id: str) -> None:
    if key_id == kms().current().id:
        raise RefusedError("This is the current master key. Rotate first.")
    used = [
        f"{kind}-{one}"
        for kind in keys.KINDS
        for one in keys.ids(kind)
        if keys.master_of(kind, one) == key_id
    ]
    if used:
        raise RefusedError(f"Master key {key_id} still wraps {', '.join(used)}.")
    kms().retire(key_id)
