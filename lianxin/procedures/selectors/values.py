"""Reading answers and findings back: plain ones as they are, sealed ones opened for the machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.orgs.api import Organisation
from lianxin.procedures.models import AnswerSet, Dossier, Task
from lianxin.procedures.rules.definition import Definition
from lianxin.procedures.rules.income import IncomeSheet, income_sheet
from lianxin.procedures.selectors.registry import parameter_of
from lianxin.vault import api as vault


def sheet_of(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    organisation: Organisation | None,
    sources: Mapping[str, str] | None = None,
    on: datetime | None = None,
) -> IncomeSheet | None:
    """Add up the family's income with the standard of the place and day (today, or `on`)."""
    if definition.income is None:
        return None
    standard = None
    day = on.astimezone(SHANGHAI).date() if on else clock.today()
    if organisation is not None:
        standard = parameter_of(definition.income.standard, organisation, day)
    return income_sheet(definition, values, standard_fen=standard, sources=sources)


def latest_answers(dossier: Dossier) -> AnswerSet | None:
    """Return the newest revision."""
    return AnswerSet.objects.filter(dossier=dossier).order_by("-revision").first()


def values_of(row: AnswerSet | None) -> dict[str, Any]:
    """Open a whole revision for the machine's own use, or for the person herself."""
    if row is None:
        return {}
    return dict(row.plain) | {code: _unseal(row, code, token) for code, token in row.sealed.items()}


def findings_of(task: Task) -> dict[str, Any]:
    """Open what was written down at a step, for the machine or after `note_opening`."""
    opened = {code: _unseal(task, code, token) for code, token in task.sealed_findings.items()}
    return dict(task.findings) | opened


def place_of_value(row: AnswerSet | Task, code: str) -> str:
    """Name the place a sealed answer or finding is bound to."""
    return f"{row._meta.label}.{code}:{row.pk}"


def _unseal(row: AnswerSet | Task, code: str, token: str) -> Any:
    return json.loads(vault.open_text(token, bound_to=place_of_value(row, code)))
