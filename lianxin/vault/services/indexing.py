"""Blind indexes: keyed digests by which equal values are found, under every index key there is.

The first key digests the value. A later one digests the digest of the key before it, so that a
rotation (`index_rotating`) needs no value, and reaches digests whose value is kept nowhere. While
one runs, a digest that is made anew is first changed wherever it stands: what is written next
meets it in every unique constraint, and what is looked for is found.

Only what an `IndexField` names is rotated. Other digests are made of random values or live for
minutes, and some are what a code was made from that somebody holds in her hand; they stay with the
first key (`STANDING`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from lianxin.vault import rules
from lianxin.vault.adapters import keyring as keys
from lianxin.vault.fields import IndexField
from lianxin.vault.models import IndexRotation

STANDING = {
    "dossier_code": "six digits that hold for an hour, bound to a random id",
    "notice_receipt": "people hold codes made from it",
    "notice_receipt_typed": "of a code that nobody can guess",
    "place_subject": "of the child a case is for, compared while places of one kind are given",
    "recovery_code": "of a random code, bound to a random id",
    "rest_secret": "of a random secret",
    "sign_in_code": "six digits that hold for minutes",
    "sms_key": "keeps a message from going out twice, for minutes",
    "station_key": "of a random key",
    "voice_follow": "of a code that nobody can guess",
    "voice_key": "people hold codes made from it",
}
FIRST = "0001"
_settled: dict[tuple[str, str], Keys] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of digests."""

    model: type[models.Model]
    name: str
    purposes: frozenset[str]
    length: int
    is_shared: bool

    @property
    def table(self) -> str:
        """Return the name of its table."""
        return self.model._meta.db_table

    @property
    def label(self) -> str:
        """Return what operators call it."""
        return f"{self.model._meta.label}.{self.name}"


@dataclass(frozen=True, slots=True)
class Keys:
    """The index keys, oldest first, and which of them is written with."""

    held: list[tuple[str, bytes]]
    at: int
    is_rotating: bool


def columns() -> list[Column]:
    """List every column of digests there is, in the order in which all lock them."""
    found = [
        Column(
            model, field.attname, frozenset(field.purposes), field.max_length or 0, field.is_shared
        )
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, IndexField)
    ]
    return sorted(found, key=lambda column: column.label)


def index_keys() -> Keys:
    """Return the keys of this moment; asks the database only where there are several."""
    newest, key = keys.current(keys.INDEX)  # makes the first one where there is none
    if newest == FIRST:
        return Keys([(newest, key)], 0, is_rotating=False)
    place = (str(settings.VAULT_KEYS), newest)
    if place in _settled:
        return _settled[place]
    held = [(one, keys.by_id(keys.INDEX, one)) for one in keys.ids(keys.INDEX)]
    rows = dict(IndexRotation.objects.values_list("key_id", "finished_at"))
    at = max((n for n, (one, _key) in enumerate(held) if one in rows), default=0)
    is_rotating = at > 0 and rows[held[at][0]] is None
    now = Keys(held, at, is_rotating)
    if held[at][0] == newest and not is_rotating:
        _settled[place] = now
    return now


def blind_index(value: str, *, purpose: str) -> str:
    """Return a keyed digest of an already normalised value; "" stays "".

    It begins with the id of its key. To look a value up use `blind_indexes`.
    """
    if not value:
        return ""
    now = index_keys()
    forms = forms_of(value, purpose, now.held)
    if len(forms) == 1:
        return forms[0]
    if now.is_rotating:
        bring(purpose, forms[: now.at], forms[now.at])
    return forms[now.at]


def blind_indexes(value: str, *, purpose: str) -> list[str]:
    """Return the digests of a value under every index key there is, the one to store first.

    A lookup `column__in=blind_indexes(…)` finds a row whichever key its digest was made with;
    "" finds nothing.
    """
    if not value:
        return []
    now = index_keys()
    return in_order(forms_of(value, purpose, now.held), now.at)


def in_order(forms: list[str], at: int) -> list[str]:
    """Put the digest to store first, then the others, newest first."""
    if len(forms) == 1:
        return forms
    return [forms[at], *(forms[n] for n in reversed(range(len(forms))) if n != at)]


def forms_of(value: str, purpose: str, held: Sequence[tuple[str, bytes]]) -> list[str]:
    """Return the digest of a value under each key, the first key's first."""
    forms = [rules.blind_index(value, key_id=held[0][0], key=held[0][1], purpose=purpose)]
    if len(held) > 1 and (length := _lengths().get(purpose)):
        for key_id, key in held[1:]:
            forms.append(rules.index_over(forms[-1][:length], key_id=key_id, key=key))
    return forms


def bring(purpose: str, olds: Sequence[str], new: str) -> None:
    """Change the digests of one value to their new form, wherever they stand."""
    with connection.cursor() as cursor:
        for column in columns():
            if purpose not in column.purposes or column.is_shared:
                continue
            name, places = _quoted(column.name), ", ".join(["%s"] * len(olds))
            cursor.execute(
                f"UPDATE {_quoted(column.table)} SET {name} = %s WHERE {name} IN ({places})",  # noqa: S608  (our own columns)
                [new[: column.length], *(old[: column.length] for old in olds)],
            )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@lru_cache(maxsize=1)
def _lengths() -> dict[str, int]:
    """Return by purpose that rotates how much of a digest is kept: as much in every column."""
    found: dict[str, int] = {}
    for column in columns():
        for purpose in column.purposes:
            if found.setdefault(purpose, column.length) != column.length:
                raise TypeError(f"{column.label}: digests of {purpose} are kept at another length")
    return found
