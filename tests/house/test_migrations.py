"""Migrations are named by people, and none is missing."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import call_command

from tests.house import ROOT, tracked


def test_every_migration_has_a_name_somebody_chose() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked("lianxin/*/migrations/*.py")
        if path.stem != "__init__"
        and not re.fullmatch(r"\d{4}_(?!auto_|initial$)(?!.*_and_more)[a-z0-9_]+", path.stem)
    ]
    assert not wrong


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())
