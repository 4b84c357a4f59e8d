"""A policy file: what it is for, its rule, what it gives, its words, and examples that prove it.

One policy is one YAML file, one version, one region, valid from a day to a day. Whoever edits it
sees at once whether it still does what its own examples say.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.checking import Kind, Known, check, check_amount
from lianxin.eligibility.rules.closing import close
from lianxin.eligibility.rules.excluding import Bond
from lianxin.eligibility.rules.explaining import Outcome, Prepared, conditions_of, explain, prepare
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node, RuleError
from lianxin.kit.text import Bilingual

_NOWHERE = (0, 0)


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all parts of a policy file: closed to unknown keys."""


class Basis(Part, frozen=True, kw_only=True):
    """The document a policy rests on."""

    name: Bilingual
    link: str = ""


class Wording(Part, frozen=True, kw_only=True):
    """How one condition is said to a person: met, failed, unknown."""

    code: str
    met: Bilingual
    failed: Bilingual
    unknown: Bilingual


class Paper(Part, frozen=True, kw_only=True):
    """A paper that proves one condition."""

    condition: str
    label: Bilingual


class Gives(Part, frozen=True, kw_only=True):
    """What a person gets. `amount` is an expression in fen; `cap_fen` holds whatever it says."""

    what: Bilingual
    amount: str = ""
    cap_fen: int = 0


class Example(Part, frozen=True, kw_only=True):
    """A person as the author imagines her, and the answer she must get."""

    name: str
    facts: dict[str, Any]
    outcome: Outcome
    as_of: dt.date | None = None
    missing: list[str] | None = None
    amount_fen: int | None = None


class Policy(Part, frozen=True, kw_only=True):
    """One version of one policy (政策)."""

    code: str
    version: int
    title: Bilingual
    helps: Bilingual
    region: str
    valid_from: dt.date
    rule: str
    conditions: list[Wording]
    gives: Gives
    basis: list[Basis]
    examples: list[Example]
    valid_until: dt.date | None = None
    service: str = ""
    once: Literal["", "year", "life"] = ""
    granted_on: str = ""  # the fact that says on which day it was granted last
    granted: str = ""  # a condition that is true of whom it was granted
    excludes: list[str] = []
    papers: list[Paper] = []
    purpose: str = "services"
    proposed: bool = False  # whom it fits need not apply: her union is told, and she may say no
    is_sample: bool = False


class Parameter(Part, frozen=True, kw_only=True):
    """A number of the law that changes with the year and the place, each value with its source."""

    kind: Kind
    label: Bilingual
    values: list[ParameterValue]

    def at(self, region: str, day: dt.date) -> int | None:
        """Return the value in force; of a region's own line the nearest above it (`JZ-JL`, `JZ`)."""
        held = self.held(region, day)
        return held.value if held else None

    def held(self, region: str, day: dt.date) -> ParameterValue | None:
        """Return the line in force, with its source; None where the nearest one has ended."""
        best: ParameterValue | None = None
        for each in self.values:
            if covers(each.region, region) and each.since <= day and (best is None or each.rank > best.rank):  # fmt: skip
                best = each
        return None if best is None or (best.until is not None and best.until < day) else best

    def regions_below(self, region: str) -> list[str]:
        """List the places within a region that have lines of their own."""
        found = {each.region for each in self.values if each.region != region}
        return sorted(each for each in found if each != "*" and covers(region, each))


def covers(above: str, region: str) -> bool:
    """Tell whether what is said of a region holds for a union's code."""
    return above in {"*", region} or region.startswith(f"{above}-")


class ParameterValue(Part, frozen=True, kw_only=True):
    region: str
    since: dt.date
    value: int
    reference: str
    until: dt.date | None = (
        None  # its last day; after it nothing is known until a new value is put in
    )

    @property
    def rank(self) -> tuple[int, dt.date]:
        return (0 if self.region == "*" else len(self.region), self.since)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the key it stands under (`examples[2].outcome`), and what to do.

    `pointed` is the rule's line with a caret where the problem lies inside an expression.
    """

    path: str
    message: str
    offset: int | None = None
    pointed: str = ""


def parameters_at(
    parameters: Mapping[str, Parameter], region: str, day: dt.date
) -> dict[str, int | None]:
    """Return every parameter's value for a region and day; None where the law says nothing yet."""
    return {name: each.at(region, day) for name, each in parameters.items()}


def ready(policy: Policy, as_of: dt.date) -> Prepared:
    """Compile a checked policy for a day."""
    codes = [each.code for each in policy.conditions]
    granted = granted_of(policy, as_of) if policy.once else None
    return prepare(policy.code, read(policy.rule), as_of, codes, granted)


def granted_of(policy: Policy, as_of: dt.date) -> Node | None:
    """Return the condition under which it counts as granted on a day, None where no fact tells.

    A grant of once in a life counts for good, any other for the calendar year.
    """
    told = []
    if policy.granted_on:
        day = tree.Name(name=policy.granted_on, place=_NOWHERE)
        told.append(
            tree.Compare(sign="<=", left=day, right=tree.AsOf(place=_NOWHERE), place=_NOWHERE)
        )
        if policy.once != "life":
            first = tree.Literal(value=as_of.replace(month=1, day=1), place=_NOWHERE)
            told.append(tree.Compare(sign=">=", left=day, right=first, place=_NOWHERE))
    parts: list[Node] = [tree.Every(of=tuple(told), place=_NOWHERE)] if told else []
    if policy.granted:
        parts.append(read(policy.granted))
    return tree.Either(of=tuple(parts), place=_NOWHERE) if parts else None


def bond_of(policy: Policy, *, holds: bool = True) -> Bond:
    """Say what binds a policy to others."""
    tells = bool(policy.granted_on or policy.granted)
    return Bond(policy.code, tuple(policy.excludes), bool(policy.once), tells, holds)


def names_of(policy: Policy) -> tuple[str, ...]:
    """List all a policy asks for by itself, what its amount is reckoned from included."""
    return tuple(dict.fromkeys((*rule_names(policy), *amount_names(policy))))


def rule_names(policy: Policy) -> tuple[str, ...]:
    """List what settles whether a policy fits: its rule and, if it is given once, its grant."""
    return (*tree.names(read(policy.rule)), *(granted_names(policy) if policy.once else ()))


def amount_names(policy: Policy) -> tuple[str, ...]:
    """List what an amount is reckoned from."""
    return tree.names(read(policy.gives.amount)) if policy.gives.amount else ()


def granted_names(policy: Policy) -> tuple[str, ...]:
    """List the facts that tell whether it was granted."""
    told = tree.names(read(policy.granted)) if policy.granted else ()
    return (*((policy.granted_on,) if policy.granted_on else ()), *told)


def digest_of(policy: Policy) -> str:
    """Name a text by its content; a key that came later and is left empty changes no older name."""
    plain: dict[str, Any] = msgspec.to_builtins(policy)
    for late in ("granted_on", "granted"):
        if not plain[late]:
            del plain[late]
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def amount_of(policy: Policy, values: Mapping[str, object], as_of: dt.date) -> int | None:
    """Return what the policy gives in fen, capped, never below nothing; None if not known."""
    if not policy.gives.amount:
        return None
    found = close(read(policy.gives.amount), as_of)(values)
    if found is None:
        return None
    whole = max(0, int(found))
    return min(whole, policy.gives.cap_fen) if policy.gives.cap_fen else whole


def problems(
    policy: Policy, known: Mapping[str, Known], parameters: Mapping[str, Parameter]
) -> Iterator[Problem]:
    """Check a policy whole: its rule, its words, its dates, and its own examples."""
    granted = yield from _granted(policy, known)
    rule = yield from _expression(policy.rule, "rule", known, is_amount=False)
    if policy.gives.amount:
        amount = yield from _expression(policy.gives.amount, "gives.amount", known, is_amount=True)
    else:
        amount = None
    if policy.valid_until and policy.valid_until < policy.valid_from:
        yield Problem("valid_until", "The policy ends before it begins.")
    if rule is None or not granted:
        return
    yield from _wording(policy, rule)
    yield from _law(policy, [rule, *([amount] if amount else [])], known, parameters)
    for at, example in enumerate(policy.examples):
        yield from _example(policy, example, f"examples[{at}]", known, parameters)
    wanted = {Outcome.YES, Outcome.NO, Outcome.UNKNOWN} - {each.outcome for each in policy.examples}
    if wanted:
        names = ", ".join(sorted(wanted))
        yield Problem("examples", f"Show at least one person for each answer; missing: {names}.")


def strangers(policy: Policy, codes: Collection[str]) -> Iterator[Problem]:
    """Check that what a policy excludes is there: a code nobody knows would exclude nothing."""
    for at, code in enumerate(policy.excludes):
        if code == policy.code:
            yield Problem(f"excludes[{at}]", "A policy does not exclude itself; say how often with once.")  # fmt: skip
        elif code not in codes:
            near = difflib.get_close_matches(code, codes, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Problem(f"excludes[{at}]", f"There is no policy {code}.{hint}")


def _granted(policy: Policy, known: Mapping[str, Known]) -> Generator[Problem, None, bool]:
    """Check what tells of a grant; return whether it can be asked."""
    fact = known.get(policy.granted_on)
    if policy.granted_on and (fact is None or fact.kind is not Kind.DATE or fact.is_parameter):
        yield Problem("granted_on", f"{policy.granted_on} is no fact that is a day.")
        return False
    if not policy.granted:
        return True
    node = yield from _expression(policy.granted, "granted", known, is_amount=False)
    return node is not None


def _expression(
    text: str, path: str, known: Mapping[str, Known], *, is_amount: bool
) -> Generator[Problem, None, Node | None]:
    try:
        node = read(text)
        (check_amount if is_amount else check)(node, known)
    except RuleError as error:
        yield Problem(path, error.message, error.place[0], error.pointed(text))
        return None
    return node


def _wording(policy: Policy, rule: Node) -> Iterator[Problem]:
    wanted, given = len(conditions_of(rule)), len(policy.conditions)
    if wanted != given:
        yield Problem(
            "conditions",
            f"The rule has {wanted} conditions joined by AND, but {given} are put into words.",
        )
    codes = [each.code for each in policy.conditions]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem("conditions", f"The code {code} stands twice.")
    for at, paper in enumerate(policy.papers):
        if paper.condition not in codes:
            yield Problem(f"papers[{at}].condition", f"There is no condition {paper.condition}.")


def _law(
    policy: Policy,
    rules: list[Node],
    known: Mapping[str, Known],
    parameters: Mapping[str, Parameter],
) -> Iterator[Problem]:
    for name in dict.fromkeys(name for rule in rules for name in tree.names(rule)):
        if not known[name].is_parameter:
            continue
        held = parameters[name]
        places = [policy.region, *held.regions_below(policy.region)]
        if all(held.at(place, policy.valid_from) is None for place in places):
            yield Problem(
                "region",
                f"{name} has no value for {policy.region} on {policy.valid_from}: "
                "the rule would be unknown for everybody there.",
            )


def _example(
    policy: Policy,
    example: Example,
    path: str,
    known: Mapping[str, Known],
    parameters: Mapping[str, Parameter],
) -> Iterator[Problem]:
    strange = [name for name in example.facts if name not in known]
    for name in strange:
        yield Problem(f"{path}.facts.{name}", f"There is no fact {name}.")
    facts = {
        name: _day(value, known[name]) for name, value in example.facts.items() if name in known
    }
    misfits = [name for name, value in facts.items() if not _fits(value, known[name])]
    for name in misfits:
        yield Problem(
            f"{path}.facts.{name}", f"{name} is a {known[name].kind}; this value is none."
        )
    if strange or misfits:
        return
    as_of = example.as_of or policy.valid_from
    values = {**parameters_at(parameters, policy.region, as_of), **facts}
    answer = explain(ready(policy, as_of), values)
    if answer.outcome is not example.outcome:
        why = ", ".join(f"{each.code} {each.outcome}" for each in answer.conditions)
        yield Problem(
            f"{path}.outcome",
            f"{example.name}: the rule answers {answer.outcome}, not {example.outcome} ({why}).",
        )
    if example.missing is not None and set(answer.missing) != set(example.missing):
        yield Problem(
            f"{path}.missing",
            f"{example.name}: what is missing is {', '.join(answer.missing) or 'nothing'}.",
        )
    given = amount_of(policy, values, as_of)
    if example.amount_fen is not None and given != example.amount_fen:
        yield Problem(f"{path}.amount_fen", f"{example.name}: the policy gives {given} fen.")


_TYPES: dict[Kind, type] = {
    Kind.BOOLEAN: bool, Kind.WHOLE: int, Kind.MONEY: int, Kind.REAL: float, Kind.DATE: dt.date,
    Kind.CHOICE: str, Kind.TEXT: str,
}  # fmt: skip


def _day(value: Any, known: Known) -> Any:
    """Read a day written as text; what is no day stays as it is and is refused after."""
    if known.kind is not Kind.DATE or not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return value


def _fits(value: Any, known: Known) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, _TYPES[known.kind]):
        return isinstance(value, bool) and known.kind is Kind.BOOLEAN
    if isinstance(value, int):
        return known.minimum <= value <= known.maximum
    return known.kind is not Kind.CHOICE or value in known.choices
