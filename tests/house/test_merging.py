"""Every table keyed to a member says what becomes of its rows when two entries are one person."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from lianxin.members.api import member_merge


def _is_keyed_to_a_member(model: type[models.Model]) -> bool:
    fields = model._meta.concrete_fields
    names = {field.name for field in fields}
    return (
        any(f.is_relation and f.related_model._meta.label == "members.Member" for f in fields)
        or "member_id" in names
        or {"subject_kind", "subject_id"} <= names
    )


TABLES = sorted(
    model._meta.label
    for model in apps.get_models()
    if model.__module__.startswith("lianxin.") and _is_keyed_to_a_member(model)
)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_keyed_to_a_member_takes_part_in_a_merge(table: str) -> None:
    named = {name for part in member_merge for name in part.tables}
    app = table.split(".", maxsplit=1)[0]
    assert table in named, f"{app}/slots.py: fill members.api.member_merge for {table}"


def test_no_part_speaks_for_a_table_that_is_not_keyed_to_a_member() -> None:
    assert {name for part in member_merge for name in part.tables} <= set(TABLES)
