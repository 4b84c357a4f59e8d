"""What can be wrong with a definition that is well-formed: dead references, impossible routes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from lianxin.procedures.rules.definition import (
    Confidentiality,
    Definition,
    Field,
    FieldKind,
    GivesKind,
    LateAction,
    Routing,
    Step,
    StepKind,
    fixed_fields,
)
from lianxin.procedures.rules.routing import RANKS, TEAM

_QUIET = {Confidentiality.RESTRICTED, Confidentiality.SEALED}


def faults_of(
    definition: Definition,
    *,
    roles: Collection[str],
    kinds: Collection[str] = tuple(StepKind),
) -> list[str]:
    """List all faults, each with its place; none if the definition can run."""
    faults = [*_fields("fields", definition.fields), *_route(definition, roles, kinds)]
    faults += _doubles("evidence", [one.code for one in definition.evidence])
    faults += _references(definition)
    faults += _income(definition)
    faults += _money(definition)
    return faults


def _doubles(place: str, codes: Iterable[str]) -> list[str]:
    return [f"{place}: {code!r} twice" for code, n in Counter(codes).items() if n > 1]


def _fields(place: str, fields: list[Field]) -> list[str]:
    faults = _doubles(place, [one.code for one in fields])
    for one in fields:
        here = f"{place}.{one.code}"
        if not one.code.isidentifier():
            faults.append(f"{here}: a code is letters, digits and _")
        is_picked = one.kind in {FieldKind.CHOICE, FieldKind.CHOICES}
        if is_picked != bool(one.choices):
            faults.append(f"{here}: choices belong to a choice, and only there")
        faults += _doubles(f"{here}.choices", [choice.code for choice in one.choices])
        if (one.kind is FieldKind.LINES) != bool(one.columns):
            faults.append(f"{here}: columns belong to lines, and only there")
        if any(column.kind is FieldKind.LINES for column in one.columns):
            faults.append(f"{here}: a table in a table")
        faults += _fields(f"{here}.columns", one.columns) if one.columns else []
    return faults


def _route(definition: Definition, roles: Collection[str], kinds: Collection[str]) -> list[str]:
    if not definition.route:
        return ["route: no step"]
    faults = _doubles("route", [step.code for step in definition.route])
    for step in definition.route:
        faults += [f"route.{step.code}: {text}" for text in _step(definition, step, roles, kinds)]
    if all(step.may_skip for step in definition.route):
        faults.append("route: every step may be skipped, so nobody might ever handle it")
    own_line = [step for step in definition.route if not step.at]
    ranks = [RANKS[step.level] for step in own_line if step.level in RANKS]
    if definition.routing is Routing.LINE and ranks != sorted(ranks):
        faults.append("route: goes down the tree again")
    return faults


def _step(
    definition: Definition, step: Step, roles: Collection[str], kinds: Collection[str]
) -> Iterable[str]:
    if step.kind not in kinds:
        yield f"unknown kind {step.kind!r}"
    if step.level not in RANKS and not step.level.startswith(TEAM):
        yield f"unknown level {step.level!r}"
    if not step.roles:
        yield "no role may do it"
    yield from (f"unknown role {role!r}" for role in step.roles if role not in roles)
    if step.working_days < 1:
        yield "at least one working day"
    passes = any(late.action is LateAction.GO_ON for late in step.when_late)
    if passes and (step.kind != StepKind.REVIEW or any(one.is_required for one in step.fields)):
        yield "only a review that asks nothing of its officer passes by itself"
    if (step.kind == StepKind.NOTICE) != (step.notice is not None):
        yield "a notice needs its terms, and nothing else has them"
    if step.kind == StepKind.NOTICE and definition.confidentiality in _QUIET:
        yield "what is restricted or sealed is never shown in public"
    yield from _fields("fields", step.fields)


def _references(definition: Definition) -> list[str]:
    kinds = {one.code: one.kind for one in definition.fields}
    wanted = [
        ("respondent", definition.respondent, FieldKind.ORGANISATION),
        ("payee_account", definition.payee_account, FieldKind.BANK_ACCOUNT),
        ("gives.amount_by", definition.gives.amount_by, FieldKind.CHOICE),
        ("origin", definition.origin, FieldKind.ORGANISATION),
        *((f"route.{step.code}.at", step.at, FieldKind.ORGANISATION) for step in definition.route),
    ]
    faults = [
        f"{place}: {code!r} is no field of kind {kind}"
        for place, code, kind in wanted
        if code and kinds.get(code) is not kind
    ]
    sealed = {one.code for one in definition.fields if one.is_sensitive or not one.is_required}
    faults += [
        f"fields.{code}: it says whose desk it goes to, so it is required and not sealed"
        for code in sorted(fixed_fields(definition) & sealed)
    ]
    if fixed_fields(definition) and definition.confidentiality is not Confidentiality.ORDINARY:
        faults.append("confidentiality: a route by an answer needs the answer unsealed")
    if definition.routing is Routing.AVOID and not definition.respondent:
        faults.append("routing: avoid, but no field names the respondent")
    return faults


def _income(definition: Definition) -> list[str]:
    terms = definition.income
    if terms is None:
        return []
    kinds = {one.code: one.kind for one in definition.fields}
    faults = [
        f"income: {code!r} is no field of money or lines"
        for code in [*terms.income, *terms.expenses]
        if kinds.get(code) not in {FieldKind.MONEY, FieldKind.LINES}
    ]
    if kinds.get(terms.household) is not FieldKind.WHOLE:
        faults.append(f"income: {terms.household!r} is no whole number")
    if terms.sudden and kinds.get(terms.sudden) is not FieldKind.YES_NO:
        faults.append(f"income: {terms.sudden!r} is no yes or no")
    if not terms.tiers:
        faults.append("income: no tier")
    return faults


def _money(definition: Definition) -> list[str]:
    gives, pays = definition.gives, any(s.kind == StepKind.PAYMENT for s in definition.route)
    faults = []
    if pays and gives.kind is not GivesKind.MONEY:
        faults.append("route: pays, but the procedure gives no money")
    if pays and not gives.amount_fen and not gives.amount_by:
        decisions = [n for n, s in enumerate(definition.route) if s.kind == StepKind.DECISION]
        first = next(n for n, s in enumerate(definition.route) if s.kind == StepKind.PAYMENT)
        if not decisions or decisions[0] > first:
            faults.append("route: pays a sum nobody has decided")
    if gives.is_per_tier and definition.income is None:
        faults.append("gives: per tier, but there is no income arithmetic")
    if gives.amount_by:
        field = next((one for one in definition.fields if one.code == gives.amount_by), None)
        codes = {choice.code for choice in field.choices} if field else set()
        faults += [
            f"gives.amounts_fen: {code!r} missing"
            for code in sorted(codes - gives.amounts_fen.keys())
        ]
    return faults
