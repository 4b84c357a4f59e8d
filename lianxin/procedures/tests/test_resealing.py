"""When keys rotate, sealed answers and findings are taken along and stay readable."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from lianxin.members.testing import Federation, federation
from lianxin.procedures.selectors.values import (
    findings_of,
    latest_answers,
    place_of_value,
    values_of,
)
from lianxin.procedures.testing import live_task, submitted
from lianxin.vault.api import seal_text


@pytest.fixture
def people(db, settings, tmp_path) -> Federation:
    settings.VAULT_KEYS = tmp_path / "keys"
    return federation()


def _sealed(row, code: str, value: object) -> dict[str, str]:
    return {code: seal_text(json.dumps(value), bound_to=place_of_value(row, code))}


def test_answers_and_findings_are_sealed_again_with_the_new_key(people):
    dossier = submitted(people)
    answers, task = latest_answers(dossier), live_task(dossier)
    answers.sealed = _sealed(answers, "illness", ["肝炎"])
    answers.save()
    task.sealed_findings = _sealed(task, "seen", {"rooms": 2})
    task.save()
    call_command("keys_rotate", stdout=StringIO())
    answers.refresh_from_db()
    task.refresh_from_db()
    assert answers.sealed["illness"].startswith("v2.aes.0002.")
    assert task.sealed_findings["seen"].startswith("v2.aes.0002.")
    assert values_of(answers)["illness"] == ["肝炎"]
    assert findings_of(task)["seen"] == {"rooms": 2}
    call_command("keys_retire", "data", "0001", "--at-once", stdout=StringIO())
    assert values_of(answers)["illness"] == ["肝炎"]
