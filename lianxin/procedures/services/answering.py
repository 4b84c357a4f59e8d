"""What the person answers and hands in: checked, parted into plain and sealed, kept by revision."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.files import api as files
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation, organisation_by_code
from lianxin.procedures.models import AnswerSet, Dossier, EvidencePaper, Task
from lianxin.procedures.rules import answers as rules
from lianxin.procedures.rules.definition import Definition, Field, FieldKind
from lianxin.procedures.rules.income import IncomeSheet
from lianxin.procedures.selectors.values import (
    latest_answers,
    place_of_value,
    sheet_of,
    values_of,
)
from lianxin.procedures.selectors.words import sentence_of
from lianxin.vault import api as vault

Papers = Mapping[str, Sequence[uuid.UUID]]


class AnswersError(RefusedError):
    """Some answers cannot be taken; `errors` has a sentence for each, by code of field or paper."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        first = next(iter(errors))
        super().__init__(errors[first], field=first)
        self.errors = dict(errors)


@dataclass(frozen=True)
class Checked:
    """What was read of a form, without writing anything."""

    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    income: IncomeSheet | None = None


def answers_check(
    definition: Definition,
    raw: Mapping[str, Any],
    *,
    papers: Papers | None = None,
    organisation: Organisation | None = None,
    sources: Mapping[str, str] | None = None,
    partial: bool = False,
) -> Checked:
    """Read typed answers, and papers if given; say in sentences what is missing or odd.

    With `organisation` (where the case would begin) the income sheet knows its dated standard.
    """
    parsed = rules.parse(definition.fields, raw, partial=partial)
    faults = dict(parsed.faults)
    if papers is not None:
        faults |= rules.parse_papers(definition.evidence, papers, partial=partial)
    known = {one.code: one for one in definition.fields}
    errors = {code: sentence_of(fault, known.get(code)) for code, fault in faults.items()}
    errors |= _unknown_organisations(definition.fields, parsed.values)
    sheet = sheet_of(definition, parsed.values, organisation=organisation, sources=sources)
    return Checked(parsed.values, errors, sheet)


def checked_or_raise(checked: Checked) -> dict[str, Any]:
    """Return the values, or raise the sentences."""
    if checked.errors:
        raise AnswersError(checked.errors)
    return checked.values


def answers_write(
    dossier: Dossier,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    sources: Mapping[str, str],
    before: Mapping[str, Any],
) -> AnswerSet:
    """Keep a new revision of all answers."""
    plain, secret = rules.split(dossier.definition, values)
    last = AnswerSet.objects.filter(dossier=dossier).order_by("-revision").first()
    row = AnswerSet(
        dossier=dossier,
        revision=(last.revision if last else 0) + 1,
        plain=plain,
        sources=dict(sources),
        changed=rules.changed(before, values) if last else [],
        by_id=actor.account_id,
    )
    row.sealed = {code: _seal(row, code, value) for code, value in secret.items()}
    row.save(force_insert=True)
    return row


def findings_write(
    task: Task, fields: Sequence[Field], raw: Mapping[str, Any], definition: Definition
) -> dict[str, Any]:
    """Keep what an officer wrote down at a step.

    Raises:
        AnswersError: something is missing or odd.
    """
    parsed = rules.parse(fields, raw)
    known = {one.code: one for one in fields}
    errors = {code: sentence_of(fault, known.get(code)) for code, fault in parsed.faults.items()}
    if errors:
        raise AnswersError(errors)
    plain, secret = rules.split(definition, parsed.values, fields=fields)
    task.findings = plain
    task.sealed_findings = {code: _seal(task, code, value) for code, value in secret.items()}
    return parsed.values


def papers_write(dossier: Dossier, papers: Papers, *, actor: Actor) -> list[str]:
    """Take the files of the papers named; those left out of a named paper are taken away.

    Returns the codes of the papers that changed.
    """
    known = {one.code for one in dossier.definition.evidence}
    changed: list[str] = []
    for code in papers:
        if code not in known:
            continue
        wanted = list(dict.fromkeys(papers[code]))
        standing = EvidencePaper.objects.filter(dossier=dossier, code=code, removed_at=None)
        have = {paper.file_id for paper in standing}
        gone, new = have - set(wanted), [one for one in wanted if one not in have]
        if not gone and not new:
            continue
        changed.append(code)
        standing.filter(file_id__in=gone).update(removed_at=clock.now())
        for file_id in new:
            EvidencePaper.objects.update_or_create(
                dossier=dossier, file_id=file_id, defaults={"code": code, "removed_at": None}
            )
        files.claim(
            new, object_kind="dossier", object_id=dossier.pk, owner_id=actor.account_id,
            # Sent before it was known whose data they are: she may have had no account.
            subject_id=dossier.applicant_id if dossier.helped_by_id else None,
        )  # fmt: skip
    return changed


def answers_open_all(dossier: Dossier, *, actor: Actor, purpose: str) -> dict[str, Any]:
    """Open all answers for an officer's eyes, and leave the trace the person can see."""
    row = latest_answers(dossier)
    if row is None:
        return {}
    with atomic():
        if row.sealed:
            vault.note_opening(
                actor_id=actor.account_id,
                kind="dossier",
                object_id=dossier.pk,
                fields=sorted(row.sealed),
                purpose=purpose,
                subject_id=dossier.applicant_id,
            )
    return values_of(row)


def _unknown_organisations(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    asked = [one for one in fields if one.kind is FieldKind.ORGANISATION and values.get(one.code)]
    fault = rules.Fault("not_organisation")
    return {
        one.code: sentence_of(fault, one)
        for one in asked
        if organisation_by_code(values[one.code]) is None
    }


def _seal(row: AnswerSet | Task, code: str, value: Any) -> str:
    return vault.seal_text(
        json.dumps(value, ensure_ascii=False), bound_to=place_of_value(row, code)
    )
