"""Rotation: a new data key, and everything sealed again with it while the service goes on.

The new key is the current one from the moment it lies in the folder; what is written from then on
is sealed with it, by every process. What was written before is sealed again store by store, batch
by batch, and can be read throughout, since a token names its key and the old key stays. How far a
store is gets written down after each batch: a killed rotation goes on where it was.

A process may still write back a token it read before. Therefore the rounds repeat until one finds
nothing left to do, and the old key stays until `keys_retire` finds no value sealed with it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.vault import conf, rules
from lianxin.vault.adapters import keyring as keys
from lianxin.vault.adapters.kms import kms
from lianxin.vault.adapters.sealing import open_bytes
from lianxin.vault.models import Rotation, RotationStore
from lianxin.vault.services.stores import Again, Batch, SealedStore, stores

MOST_ROUNDS = 10
BATCH = 500
Told = Callable[[str, int, int], None]


@dataclass
class Rotated:
    """What a rotation did, from its start or since it was taken up again."""

    key_id: str
    is_finished: bool = False
    rows: int = 0
    resealed: int = 0
    rounds: int = 0
    broken: list[str] = field(default_factory=list)


def data_key_rotate(*, batch: int = BATCH, pause: float = 0.0, told: Told | None = None) -> Rotated:
    """Make a new data key, or take up the unfinished rotation, and seal everything again.

    `told(store, rows, resealed)` hears how far it is, after each batch. `pause` seconds of rest
    between batches leave more of a busy machine to others.

    Raises:
        BusyError: another process rotates or retires keys.
    """
    with keys.exclusive():
        rotation = _begun()
        done = Rotated(rotation.key_id)
        again = _again(rotation.key_id)
        while done.rounds < MOST_ROUNDS and not done.is_finished:
            done.rounds += 1
            left = sum(
                _store_turn(rotation, store, again, done, batch=batch, pause=pause, told=told)
                for store in stores()
            )
            done.is_finished = left == 0
            if left:
                rotation.stores.all().delete()
        if done.is_finished:
            _finish(rotation, done)
    return done


def master_key_rotate() -> tuple[str, int]:
    """Make a new master key and wrap every key with it; return its id and how many were wrapped."""
    with keys.exclusive():
        master = kms().create().id
        count = keys.rewrap()
        note_key("vault.master_rotated", master, keys=count)
    return master, count


def key_usage(*, batch: int = 5000) -> Counter[tuple[str, str]]:
    """Count the sealed values by (store, head of the token); reads everything."""
    usage: Counter[tuple[str, str]] = Counter()
    for store in stores():
        for token in store.heads(size=batch):
            try:
                head = str(rules.head_of(token.encode()))
            except rules.BrokenSealError:
                head = "unreadable"
            usage[store.name, head] += 1
    return usage


def _begun() -> Rotation:
    key_id, _key = keys.current(keys.DATA)
    rotation = Rotation.objects.filter(key_id=key_id).first()
    if rotation is None and len(keys.ids(keys.DATA)) > 1:
        # The process died between making the key and writing it down.
        rotation = Rotation.objects.create(key_id=key_id)
    if rotation is None or rotation.finished_at:
        key_id = keys.create(keys.DATA)
        with atomic():
            rotation = Rotation.objects.create(key_id=key_id)
            note_key("vault.rotation_started", key_id)
    return rotation


def _finish(rotation: Rotation, done: Rotated) -> None:
    with atomic():
        rotation.finished_at = clock.now()
        rotation.save(update_fields=["finished_at"])
        note_key(
            "vault.rotation_finished",
            rotation.key_id,
            rows=done.rows,
            resealed=done.resealed,
            broken=len(done.broken),
        )


def _store_turn(
    rotation: Rotation,
    store: SealedStore,
    again: Again,
    done: Rotated,
    *,
    batch: int,
    pause: float,
    told: Told | None,
) -> int:
    """Walk one store from where it was; return how many values were not up to date."""
    kept, _made = RotationStore.objects.get_or_create(rotation=rotation, store=store.name)
    if kept.is_walked:
        return kept.resealed + kept.passed_over
    while (taken := store.reseal(after=kept.cursor, size=batch, again=again)) is not None:
        _keep(kept, taken)
        done.rows += taken.rows
        done.resealed += taken.resealed
        done.broken += [
            f"{store.name}:{pk}" for pk in taken.broken if f"{store.name}:{pk}" not in done.broken
        ]
        if told:
            told(store.name, kept.rows, kept.resealed)
        if pause:
            time.sleep(pause)
    kept.is_walked = True
    kept.save(update_fields=["is_walked"])
    return kept.resealed + kept.passed_over


def _keep(kept: RotationStore, taken: Batch) -> None:
    kept.cursor = taken.last
    kept.rows += taken.rows
    kept.resealed += taken.resealed
    kept.passed_over += taken.passed_over
    kept.save(update_fields=["cursor", "rows", "resealed", "passed_over"])


def _again(key_id: str) -> Again:
    cipher = conf.cipher()
    key = keys.by_id(keys.DATA, key_id)
    fresh = f"{rules.Head('v2', cipher, key_id)}."

    def again(token: str, *, bound_to: str) -> str:
        if token.startswith(fresh):
            return token
        data = open_bytes(token.encode(), bound_to=bound_to)
        sealed = rules.seal(data, key_id=key_id, key=key, bound_to=bound_to, cipher=cipher)
        return sealed.decode()

    return again


def note_key(action: str, object_id: str, **detail: int) -> None:
    """Leave a line in the audit trail about a key."""
    with atomic():
        audit.record(
            actor_id=None, action=action, kind="vault.Key", object_id=object_id, detail=detail
        )
