"""What an attacker sends, and what it did: fitting words for every form there is, and every row it touched."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.apps import apps
from django.db import connection, models, transaction

from lianxin.kit import clock
from tests.walk.world import World

Rows = dict[str, tuple[Any, ...]]
WRITES = re.compile(
    r'\s*(?P<verb>INSERT|UPDATE|DELETE)(?: INTO| FROM)?\s+"(?P<table>\w+)"', re.IGNORECASE
)
# Sessions and the signing-in itself belong to whoever calls.
OWN = {"django_session", "axes_accessattempt"}
# Read by views beside their forms.
LOOSE = {
    "act": "publish", "amount": "1", "answer": "yes", "asked": "yes", "deed": "stop", "drop": "1",
    "fact": "household_size", "guardian_name": "x", "kept": "1", "kind": "locked", "language": "en",
    "look": "yes", "name": "x", "next": "/", "purpose": "check", "reason": "x", "rule": "1",
    "seen": "1", "size": "large", "step": "publish", "theme": "dark", "verb": "approve",
    "version": "1", "wants": "yes", "with": "x",
}  # fmt: skip


def body_of(world: World) -> dict[str, Any]:
    """Return one body in which any form of the house finds what it asks for, aimed at Lin's rows."""
    body: dict[str, Any] = {}
    for form in _forms(forms.BaseForm):
        for name, one in form.base_fields.items():
            body.setdefault(name, _typed(one))
    aimed = {
        "organisation": world.fed.organisation("yangtze").code, "union": str(world.fed.organisation("yangtze").pk),
        "to_union": "JZ-JL-BC-001", "member": str(world.fed.member_id("lin")), "person": "lin",
        "account": str(world.fed.account_id("lin")), "key": uuid.uuid4().hex,
        "dossier": [str(row.pk) for row in world.hidden["dossier"]],
        "payment": [str(row.payments.first().pk) for row in world.hidden["dossier"] if row.payments.exists()],
    }  # fmt: skip
    return LOOSE | {name: value for name, value in body.items() if value is not None} | aimed


def _forms(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("lianxin."):
            yield one
        yield from _forms(one)


def _typed(one: forms.Field) -> Any:
    soon = clock.now() + dt.timedelta(days=20)
    fitting: list[tuple[type[forms.Field], Any]] = [
        (forms.FileField, None),
        (forms.DateTimeField, soon.strftime("%Y-%m-%dT%H:%M")),
        (forms.DateField, soon.date().isoformat()),
        (forms.TimeField, "09:00"),
        (forms.BooleanField, "on"),
        (forms.UUIDField, str(uuid.uuid4())),
    ]
    if isinstance(one, forms.ChoiceField):
        offered: Any = one.choices
        return next((str(value) for value, _label in offered if value not in {"", None}), "")
    return next((value for kind, value in fitting if isinstance(one, kind)), "1")


def everything() -> dict[str, Rows]:
    """Read every row of every table, so that a change shows."""
    return {model._meta.db_table: rows_of(model) for model in _tables().values()}


def _tables() -> dict[str, type[models.Model]]:
    return {one._meta.db_table: one for one in apps.get_models(include_auto_created=True)}


def rows_of(model: type[models.Model]) -> Rows:
    return {
        str(row[0]): row
        for row in model._base_manager.values_list(
            "pk", *(one.attname for one in model._meta.concrete_fields)
        )
    }


@contextmanager
def undone() -> Iterator[Callable[[], set[str]]]:
    """Do something, tell which tables it wrote to, and take it back."""
    touched: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        found = WRITES.match(sql)
        # What an INSERT returns is not read yet here, and SQLite counts it only then.
        if found and (found["verb"].upper() == "INSERT" or context["cursor"].rowcount != 0):
            touched.add(found["table"])
        return result

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield lambda: touched - OWN
        transaction.set_rollback(True)


def changed(tables: set[str], before: dict[str, Rows], theirs: frozenset[str]) -> list[str]:
    """Name each row of these tables that is new, different or gone and speaks of somebody else."""
    found = []
    known = _tables()
    for table in sorted(tables & set(known)):
        now = rows_of(known[table])
        was = before[table]
        for key in {*now, *was}:
            if now.get(key) == was.get(key):
                continue
            told = repr((was.get(key), now.get(key)))
            if any(one in told for one in theirs):
                found.append(f"{table} {key}")
    return found
