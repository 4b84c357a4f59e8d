"""Faults of one item's procedure: what the engine finds, and what only the catalogue can know."""

from __future__ import annotations

from collections.abc import Iterable

from lianxin.catalogue.selectors.checking.known import Known
from lianxin.catalogue.selectors.reading import Fault, Folder, ItemFile
from lianxin.members.api import FactEntry, FactKind
from lianxin.procedures.api import (
    Confidentiality,
    Definition,
    Field,
    FieldKind,
    GivesKind,
    Routing,
    Step,
    StepKind,
    faults_of,
)

TEAM = "team:"
# Which questions a fact of a kind can answer, and be told by.
FITTING = {
    FactKind.TEXT: {FieldKind.TEXT, FieldKind.PARAGRAPH},
    FactKind.WHOLE: {FieldKind.WHOLE},
    FactKind.MONEY: {FieldKind.MONEY},
    FactKind.DATE: {FieldKind.DATE},
    FactKind.CHOICE: {FieldKind.CHOICE},
    FactKind.YES_NO: {FieldKind.YES_NO},
    FactKind.LIST: {FieldKind.LINES},
    FactKind.PHONE: {FieldKind.PHONE},
    FactKind.ID_NUMBER: {FieldKind.ID_NUMBER},
    FactKind.BANK_ACCOUNT: {FieldKind.BANK_ACCOUNT},
    FactKind.ORGANISATION: {FieldKind.ORGANISATION},
}
# These need a yes of their own before they are asked or told (PIPL art. 29).
SEPARATE = ("finance", "health", "child", "counselling")
Told = Iterable[tuple[str, str]]


def procedure_check(item: ItemFile, folder: Folder, known: Known) -> list[Fault]:
    """List what is wrong with an item's procedure."""
    told = [
        *_engine(item.procedure, known),
        *_facts(item, known),
        *_route(item, known),
        *_money(item.procedure),
        *_privacy(item),
        *_numbers(item.procedure),
        *_income(item.procedure, folder),
    ]
    return [Fault(item.path, item.source.line(f"procedure.{at}"), said) for at, said in told]


def _engine(definition: Definition, known: Known) -> Told:
    for fault in faults_of(definition, roles=known.roles, kinds=known.step_kinds):
        place, _, said = fault.partition(": ")
        yield place, f"{place}: {said}"
    if definition.subject_kind not in known.subject_kinds:
        yield "subject_kind", f"nobody knows the subject `{definition.subject_kind}`"
    if not (definition.number_prefix.isascii() and definition.number_prefix.isalpha()):
        yield "number_prefix", "the letters of the case number: two or three Latin letters"


def _facts(item: ItemFile, known: Known) -> Told:
    for one in item.procedure.fields:
        if one.prefill:
            yield from _prefill(one, known.facts.get(one.prefill))
        if one.remember:
            yield from _remember(one, known.facts.get(one.remember))
        for name in {one.prefill, one.remember} - {""}:
            entry = known.facts.get(name)
            if entry and entry.purpose in SEPARATE and entry.purpose not in item.card.consents:
                said = f"the fact `{name}` needs the consent `{entry.purpose}`"
                yield f"fields.{one.code}", said
    for step in item.procedure.route:
        for one in (one for one in step.fields if one.prefill or one.remember):
            said = "an officer's question is not filled in from facts, nor remembered"
            yield f"route.{step.code}.fields.{one.code}", said


def _prefill(one: Field, entry: FactEntry | None) -> Told:
    place = f"fields.{one.code}.prefill"
    if entry is None:
        yield place, f"there is no fact `{one.prefill}`"
        return
    if one.kind not in FITTING[entry.kind]:
        yield place, f"the fact `{one.prefill}` is a {entry.kind} and cannot answer a {one.kind}"
    yield from _shapes(one, entry, place, one.prefill)


def _remember(one: Field, entry: FactEntry | None) -> Told:
    place = f"fields.{one.code}.remember"
    if entry is None:
        yield place, f"there is no fact `{one.remember}`"
        return
    if one.kind not in FITTING[entry.kind]:
        yield place, f"a {one.kind} cannot tell the fact `{one.remember}`, a {entry.kind}"
    if "dossier" not in entry.sources:
        yield place, f"the fact `{one.remember}` is not learned from applications"
    if entry.kind is FactKind.CHOICE:
        unknown = {choice.code for choice in one.choices} - {c.code for c in entry.choices}
        if unknown:
            yield place, f"the fact `{one.remember}` has no choice {', '.join(sorted(unknown))}"
    yield from _shapes(one, entry, place, one.remember)


def _shapes(one: Field, entry: FactEntry, place: str, name: str) -> Told:
    if entry.kind is FactKind.LIST and one.kind is FieldKind.LINES:
        unknown = {column.code for column in one.columns} - {known.code for known in entry.columns}
        if unknown:
            yield place, f"the rows of the fact `{name}` have no {', '.join(sorted(unknown))}"
    if entry.kind is FactKind.CHOICE and one.kind is FieldKind.CHOICE and not one.remember:
        missing = {choice.code for choice in entry.choices} - {c.code for c in one.choices}
        if missing:
            yield (
                place,
                f"the fact `{name}` may be {', '.join(sorted(missing))}: no such choice here",
            )


def _route(item: ItemFile, known: Known) -> Told:
    route = item.procedure.route
    kinds = [step.kind for step in route]
    pays = kinds.index(StepKind.PAYMENT) if StepKind.PAYMENT in kinds else None
    if pays is not None and StepKind.DECISION not in kinds[:pays]:
        yield f"route[{pays}]", "money goes out before anybody decided; put a decision before it"
    for at, step in enumerate(route):
        yield from ((f"route[{at}]{place}", said) for place, said in _step(step, item, known))
    if item.card.nominated_by and item.procedure.subject_kind != "member":
        yield "subject_kind", "only a member can be put forward by another"


def _step(step: Step, item: ItemFile, known: Known) -> Told:
    if step.notice is not None and step.working_days <= step.notice.days:
        said = f"the notice stands {step.notice.days} days; give the step at least one more"
        yield ".working_days", said
    if step.kind == StepKind.NOTICE and "notices" not in item.card.consents:
        yield "", "a public notice needs the consent `notices`"
    delays = [late.after_days for late in step.when_late]
    if delays != sorted(delays) or any(day < 0 for day in delays):
        yield ".when_late", "what happens when late is listed by its days, from 0"
    team = step.level.removeprefix(TEAM) if step.level.startswith(TEAM) else ""
    if team and known.organisations is not None and team not in known.organisations:
        yield ".level", f"no union has the code of `{step.level}`"


def _money(definition: Definition) -> Told:
    pays = any(step.kind == StepKind.PAYMENT for step in definition.route)
    gives = definition.gives
    if gives.kind is GivesKind.MONEY and not pays:
        yield "gives", "it gives money, but no step of the route pays"
    if pays and not definition.payee_account:
        yield "payee_account", "a payment needs the question that asks for the account"
    payee = next((one for one in definition.fields if one.code == definition.payee_account), None)
    if pays and payee is not None and not payee.is_required:
        yield f"fields.{payee.code}", "without the account nothing can be paid; make it required"
    named = not (gives.amount_fen or gives.amount_by or gives.is_per_tier)
    if gives.kind is GivesKind.MONEY and named and not gives.max_fen:
        yield "gives", "the decider names the sum; say the most it may be (max_fen)"
    unknown = set(gives.amounts_fen) - {
        choice.code
        for one in definition.fields
        if one.code == gives.amount_by
        for choice in one.choices
    }
    if unknown:
        yield "gives.amounts_fen", f"nobody can pick {', '.join(sorted(unknown))}"


def _privacy(item: ItemFile) -> Told:
    definition, consents = item.procedure, set(item.card.consents)
    is_sealed = definition.confidentiality is Confidentiality.SEALED
    if definition.routing is Routing.SPECIALIST and not is_sealed:
        yield "confidentiality", "what goes straight to a specialist is sealed"
    if definition.routing is Routing.AVOID and (
        definition.confidentiality is not Confidentiality.RESTRICTED
    ):
        yield "confidentiality", "a complaint is restricted, so that only its handlers see it"
    if is_sealed and any(one.remember for one in definition.fields):
        yield "fields", "what is told to a specialist is not remembered for other forms"
    asks_account = any(one.kind is FieldKind.BANK_ACCOUNT for one in definition.fields)
    if asks_account and "finance" not in consents:
        yield "fields", "a bank account is asked for; that needs the consent `finance`"
    if definition.income is not None and "finance" not in consents:
        yield "income", "the family's income is asked for; that needs the consent `finance`"


def _numbers(definition: Definition) -> Told:
    codes = {one.code for one in definition.fields}
    for paper in definition.evidence:
        if paper.code in codes:
            yield f"evidence.{paper.code}", f"`{paper.code}` is the code of a question too"
        if not 1 <= paper.max_files <= 10:
            yield f"evidence.{paper.code}", "between 1 and 10 files a paper"
    for one in definition.fields:
        if one.minimum is not None and one.maximum is not None and one.minimum > one.maximum:
            yield f"fields.{one.code}", "the least is more than the most"


def _income(definition: Definition, folder: Folder) -> Told:
    income = definition.income
    if income is None:
        return
    multiples = [tier.multiple for tier in income.tiers]
    if multiples != sorted(set(multiples)) or any(number <= 0 for number in multiples):
        yield "income.tiers", "tiers go from the lowest multiple up, each its own"
    if bool(income.sudden) != (income.sudden_tier is not None):
        yield "income", "`sudden` and `sudden_tier` belong together"
    if income.standard not in folder.parameters:
        yield "income.standard", f"there is no parameter `{income.standard}` in parameters.yaml"
    fields = {one.code: one for one in definition.fields}
    for code in [*income.income, *income.expenses]:
        one = fields.get(code)
        if one is None or one.kind is not FieldKind.LINES:
            continue
        column = next((c for c in one.columns if c.code == "amount"), None)
        if column is None or column.kind is not FieldKind.MONEY:
            yield f"fields.{code}", "the rows of this sum need a column `amount` of money"
