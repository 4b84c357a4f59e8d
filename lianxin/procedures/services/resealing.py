"""Where sealed answers and findings lie, for the rotation of keys."""

from __future__ import annotations

import uuid

from lianxin.procedures.models import AnswerSet, Task
from lianxin.vault import api as vault

Sealed = dict[str, str]


def sealed_stores() -> list[vault.DocumentStore]:
    """List the documents that hold sealed values, each value bound to its row and field."""
    return [
        vault.DocumentStore(AnswerSet, "sealed", _answers_turn),
        vault.DocumentStore(Task, "sealed_findings", _findings_turn),
    ]


def _answers_turn(pk: uuid.UUID, document: Sealed, again: vault.Again) -> Sealed:
    return _turn(AnswerSet._meta.label, pk, document, again)


def _findings_turn(pk: uuid.UUID, document: Sealed, again: vault.Again) -> Sealed:
    return _turn(Task._meta.label, pk, document, again)


def _turn(label: str, pk: uuid.UUID, document: Sealed, again: vault.Again) -> Sealed:
    # The place is the one of `selectors.values.place_of_value`.
    return {code: again(token, bound_to=f"{label}.{code}:{pk}") for code, token in document.items()}
