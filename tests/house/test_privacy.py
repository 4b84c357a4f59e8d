"""Every table that holds something about a person has somebody who exports and erases it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from lianxin.members.api import privacy_erase, privacy_export

# Columns that name the person a row is about (not the officer who did something to it).
ABOUT = {
    "account",
    "member",
    "person",
    "applicant",
    "account_id",
    "member_id",
    "subject_id",
    "owner_id",
}
PEOPLE = {"accounts.User", "members.Member"}


def _is_about_a_person(model: type[models.Model]) -> bool:
    return any(
        field.name in ABOUT and (not field.is_relation or field.related_model._meta.label in PEOPLE)
        for field in model._meta.concrete_fields
    )


TABLES = sorted(
    model._meta.label
    for model in apps.get_models()
    if model.__module__.startswith("lianxin.") and _is_about_a_person(model)
)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_about_people_can_be_copied_and_erased(table: str) -> None:
    exported = {name for part in privacy_export for name in part.tables}
    erased = {name for part in privacy_erase for name in part.tables}
    app = table.split(".", maxsplit=1)[0]
    assert table in exported, f"{app}/slots.py: fill members.api.privacy_export for {table}"
    assert table in erased, f"{app}/slots.py: fill members.api.privacy_erase for {table}"


def test_no_part_speaks_for_a_table_that_is_not_there() -> None:
    known = {model._meta.label for model in apps.get_models()}
    named = {
        name for slot in (privacy_export, privacy_erase) for part in slot for name in part.tables
    }
    assert named <= known
