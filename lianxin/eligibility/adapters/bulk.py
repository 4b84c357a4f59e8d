"""What a bulk run is asked and what it leaves behind, whichever engine does it.

A run takes a table of people (one row a person, one column a fact; a fact without a column is
unknown), a set of checked policies and a day. It leaves `outcomes.parquet` (`member_id` and one
column a policy: true, false, null), `pairs.parquet` (`member_id`, `policy`; one row for each person a
policy fits) and `counts.json`. Nothing here imports an engine.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.excluding import Bond, Plan, bound_with, plan_of
from lianxin.eligibility.rules.policy import Policy, bond_of, covers, granted_of, parameters_at
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node, Plain

FORMAT = 3  # of what a run leaves behind; a new one makes old half-done runs start again
ID = "member_id"
RESULTS, COUNTS = ("outcomes.parquet", "pairs.parquet"), "counts.json"
Say = Callable[[str], None]


class BulkError(ValueError):
    """A run that cannot be done; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class BulkRule:
    """One policy, ready for an engine: its tree, and the law's numbers where it holds."""

    code: str
    node: Node
    parameters: Mapping[str, Plain | None]
    is_in_force: bool
    bond: Bond
    granted: Node | None  # where it matters whether it was granted


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: whom, by which rules, on which day, and where the answer goes."""

    facts: Path
    out: Path
    rules: tuple[BulkRule, ...]
    as_of: dt.date
    say: Say = field(compare=False)

    @property
    def names(self) -> frozenset[str]:
        """The facts the rules ask for, parameters left out."""
        known = yaml_files.vocabulary()
        nodes = (node for rule in self.rules for node in (rule.node, rule.granted) if node)
        asked = {name for node in nodes for name in tree.names(node)}
        return frozenset(name for name in asked if not known[name].is_parameter)

    @property
    def plan(self) -> Plan[int]:
        """How the policies yield to each other, by their places."""
        return plan_of({at: rule.bond for at, rule in enumerate(self.rules)})

    def files(self) -> list[Path]:
        """The Parquet files of the table: itself, or those of its folder.

        Raises:
            BulkError: there are none.
        """
        found = sorted(self.facts.rglob("*.parquet")) if self.facts.is_dir() else [self.facts]
        if not found or not all(path.is_file() for path in found):
            raise BulkError(f"{self.facts}: there is no Parquet file")
        return found

    def key(self, engine: str) -> str:
        """Return a name for exactly this run: a repeat goes on where the last one broke off."""
        stats = [(str(path), path.stat()) for path in self.files()]
        asked = [
            FORMAT,
            engine,
            self.as_of.isoformat(),
            [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats],
            [(rule.code, repr(rule.node), sorted(rule.parameters.items()), repr(rule.bond), repr(rule.granted)) for rule in self.rules],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()[:24]


def rules_of(policies: Iterable[Policy], as_of: dt.date, region: str, say: Say, codes: Collection[str] = ()) -> tuple[BulkRule, ...]:  # fmt: skip
    """Make the rules of a run: of each policy the version for the day, with the law of its region.

    Of `codes` alone, where there are any; those they exclude are asked as well. With a region, only its policies and those above it count, each read with the region's own law.

    Raises:
        BulkError: none is left, or two regions have a policy of one code.
    """
    chosen, twice = _chosen(policies, as_of, region)
    if not chosen:
        raise BulkError(f"no policies{f' for {region}' if region else ''}")
    bonds = {code: bond_of(each, holds=is_in_force(each, as_of)) for code, each in sorted(chosen.items())}  # fmt: skip
    wanted = bound_with([code for code in bonds if not codes or code in codes], bonds)
    if doubled := [twice[code] for code in wanted if code in twice]:
        raise BulkError(doubled[0])
    _say_bound(wanted, bonds, codes, say)
    granted = plan_of({code: bonds[code] for code in wanted}).granted
    return tuple(_rule(chosen[code], bonds[code], as_of, region, say, is_asked=code in granted) for code in wanted)  # fmt: skip


def _chosen(policies: Iterable[Policy], as_of: dt.date, region: str) -> tuple[dict[str, Policy], dict[str, str]]:  # fmt: skip
    """Choose of each policy one version; say of which there is one for several regions."""
    chosen: dict[str, Policy] = {}
    twice: dict[str, str] = {}
    for policy in policies:
        if region and not covers(policy.region, region):
            continue
        other = chosen.get(policy.code)
        if other and not region and other.region != policy.region:
            twice[policy.code] = f"{policy.code} stands for {other.region} and for {policy.region}: say --region"  # fmt: skip
        if other is None or _rank(policy, as_of) > _rank(other, as_of):
            chosen[policy.code] = policy
    return chosen, twice


def _say_bound(wanted: Sequence[str], bonds: Mapping[str, Bond], codes: Collection[str], say: Say) -> None:  # fmt: skip
    if beside := [code for code in wanted if codes and code not in codes]:
        say(f"asked as well, since what is asked excludes it: {', '.join(beside)}")
    for code in wanted:
        if strange := [each for each in bonds[code].excludes if each not in bonds]:
            say(f"{code}: excludes {', '.join(strange)}, which is not among these policies")


def is_in_force(policy: Policy, as_of: dt.date) -> bool:
    """Tell whether a policy holds on a day."""
    return policy.valid_from <= as_of and (policy.valid_until is None or as_of <= policy.valid_until)  # fmt: skip


def _rank(policy: Policy, as_of: dt.date) -> tuple[bool, int, int]:
    return (is_in_force(policy, as_of), len(policy.region), policy.version)


def _rule(policy: Policy, bond: Bond, as_of: dt.date, region: str, say: Say, *, is_asked: bool) -> BulkRule:  # fmt: skip
    node, granted = read(policy.rule), granted_of(policy, as_of) if is_asked else None
    law = parameters_at(yaml_files.parameters(), region or policy.region, as_of)
    names = (*tree.names(node), *(tree.names(granted) if granted else ()))
    asked = {name: law[name] for name in names if name in law}
    for name, value in asked.items():
        if value is None:
            say(f"{policy.code}: {name} has no value for {region or policy.region} on {as_of}: unknown for everybody")  # fmt: skip
    holds = is_in_force(policy, as_of)
    if not holds:
        say(f"{policy.code}: not in force on {as_of}; its column says what its rule would answer")
    return BulkRule(policy.code, node, asked, holds, bond, granted)


def counted(order: Order, engine: str, people: int, counts: Mapping[str, Sequence[int]], notes: Mapping[str, Any]) -> dict[str, Any]:  # fmt: skip
    """Lay out `counts.json`: how many each policy fits, does not fit, and does not know of."""
    return {
        "run": order.key(engine),
        "engine": engine,
        "as_of": order.as_of.isoformat(),
        "people": people,
        "policies": {
            rule.code: {
                "yes": counts[rule.code][0],
                "no": people - counts[rule.code][0] - counts[rule.code][1],
                "unknown": counts[rule.code][1],
                "is_in_force": rule.is_in_force,
            }
            for rule in order.rules
        },
        "pairs": sum(each[0] for each in counts.values()),
        **notes,
    }


def keep_memory() -> None:
    """Let Polars, once loaded, take the memory of one partition again for the next.

    It gives memory back to the system otherwise, and gets it page by page: a quarter of all time.
    Call it before anything imports Polars; the process should end with its run.
    """
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:-1,muzzy_decay_ms:-1")


def write_json(path: Path, content: Any) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def is_done(order: Order, engine: str) -> bool:
    """Tell whether this very run stands in its folder already."""
    counts = order.out / COUNTS
    if not counts.is_file() or not all((order.out / name).exists() for name in RESULTS):
        return False
    try:
        return bool(json.loads(counts.read_text(encoding="utf-8")).get("run") == order.key(engine))
    except ValueError:
        return False
