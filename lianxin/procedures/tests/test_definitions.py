"""A definition that could not run is refused before anybody begins."""

from __future__ import annotations

from typing import Any

import pytest

from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.members.testing import Federation
from lianxin.orgs.api import Role
from lianxin.procedures.models import ProcedureVersion
from lianxin.procedures.rules.check import faults_of
from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    FieldKind,
    Gives,
    GivesKind,
    Routing,
    StepKind,
    dump,
    parse,
)
from lianxin.procedures.services import version_save
from lianxin.procedures.testing import (
    definition_of,
    field_of,
    income_terms,
    step_of,
    submitted,
    version_of,
    words,
)

FIELDS, TERMS = income_terms()
BAD: list[tuple[str, Definition]] = [
    ("no step", Definition(fields=[], route=[], gives=Gives(kind=GivesKind.ANSWER))),
    ("twice", definition_of(step_of("a"), step_of("a"))),
    ("twice", definition_of(fields=[field_of("a"), field_of("a")])),
    ("unknown kind", definition_of(step_of("a", "dance"))),
    ("unknown level", definition_of(step_of("a", level="moon"))),
    ("unknown role", definition_of(step_of("a", roles=["king"]))),
    ("no role", definition_of(step_of("a", roles=[]))),
    ("working day", definition_of(step_of("a", working_days=0))),
    ("may be skipped", definition_of(step_of("a", may_skip=True))),
    ("down the tree", definition_of(step_of("a", level="city"), step_of("b", level="street"))),
    ("needs its terms", definition_of(step_of("a", StepKind.NOTICE, notice=None))),
    (
        "never shown",
        definition_of(step_of("a", StepKind.NOTICE), confidentiality=Confidentiality.SEALED),
    ),
    ("no field of kind", definition_of(step_of("a"), respondent="ghost")),
    ("names the respondent", definition_of(step_of("a"), routing=Routing.AVOID)),
    (
        "gives no money",
        definition_of(step_of("a", StepKind.PAYMENT), gives=Gives(kind=GivesKind.ANSWER)),
    ),
    (
        "nobody has decided",
        definition_of(step_of("a", StepKind.PAYMENT), gives=Gives(kind=GivesKind.MONEY)),
    ),
    ("belong to a choice", definition_of(step_of("a"), fields=[field_of("a", FieldKind.CHOICE)])),
    ("belong to lines", definition_of(step_of("a"), fields=[field_of("a", FieldKind.LINES)])),
    ("no field of money", definition_of(step_of("a"), fields=[], income=TERMS)),
    (
        "no income arithmetic",
        definition_of(step_of("a"), gives=Gives(kind=GivesKind.MONEY, is_per_tier=True)),
    ),
    ("letters, digits", definition_of(step_of("a"), fields=[field_of("a-b")])),
]


@pytest.mark.parametrize(
    ("word", "definition"), BAD, ids=lambda one: one if isinstance(one, str) else ""
)
def test_each_fault_is_named(word: str, definition: Definition) -> None:
    assert any(word in fault for fault in faults_of(definition, roles=frozenset(Role)))


@pytest.mark.parametrize("given", [{}, {"fields": FIELDS, "income": TERMS}])
def test_a_good_definition_has_no_fault_and_survives_being_stored(given: dict[str, Any]) -> None:
    definition = definition_of(**given)
    assert faults_of(definition, roles=frozenset(Role)) == []
    assert parse(dump(definition)) == definition


def test_a_faulty_definition_is_not_kept(people: Federation) -> None:
    with pytest.raises(RefusedError, match="moon"):
        version_of(definition_of(step_of("a", level="moon")))
    assert not ProcedureVersion.objects.exists()


def test_the_same_definition_is_the_same_version_and_a_case_keeps_its_own(
    people: Federation,
) -> None:
    first = version_of(definition_of(step_of("a")), code="x")
    assert version_of(definition_of(step_of("a")), code="x") == first
    dossier = submitted(people, version=first)
    second = version_of(definition_of(step_of("b")), code="x")
    assert (first.version, second.version) == (1, 2)
    assert dossier.step.code == "a"


def test_only_the_system_keeps_definitions(people: Federation) -> None:
    with pytest.raises(ForbiddenError):
        version_save(
            actor=people.actor("he"), code="x", name=words("x"), definition=definition_of()
        )
