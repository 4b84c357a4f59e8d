"""The OpenFisca side of bench/eligibility: runs in an environment of its own (`.peers`), asked by lines.

It reads a table, takes each fact as an input variable and each policy as a formula written from the
same rule: once two-valued, as OpenFisca means it (what is not told is nothing), once three-valued
by hand (each fact with a companion that says whether it is known). Strings and days are numbers
here, which favours it. Nothing of the product imports this.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import Entity
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERSON = Entity("person", "persons", "A person", "")
PERIOD = "2026"
SURE: dict[
    str, Any
] = {}  # who fits for certain, bit by bit: what the two-valued side is compared with
Pair = tuple[Any, Any]  # surely yes, surely no; of a number: its value, whether it is known


def main() -> None:
    """Answer each line `{"facts": …, "rules": …, "is_three": …}` with times and counts."""
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answer(asked)), flush=True)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    began, spent = time.perf_counter(), time.process_time()
    columns, known = read(asked)
    read_wall, read_cpu = time.perf_counter() - began, time.process_time() - spent
    began, spent = time.perf_counter(), time.process_time()
    simulation = simulated(asked, columns, known)
    counts, wrong = {}, 0
    outcomes: dict[str, Any] = {}
    for code in asked["rules"]:
        got = simulation.calculate(name_of(code), PERIOD)
        unknown = simulation.calculate(name_of(code) + "__unknown", PERIOD) if asked["is_three"] else np.zeros(1)  # fmt: skip
        counts[code] = (int(got.sum()), int(unknown.sum()))
        if asked["is_three"]:
            SURE[code] = np.packbits(got)
            outcomes[code] = pl.Series(code, got).set(pl.Series(unknown), None)
        elif code in SURE:
            wrong += int(np.bitwise_count(np.packbits(got) & ~SURE[code]).sum())
    counted = time.process_time() - spent
    if outcomes:
        write(Path(asked["facts"]), outcomes)
    return {
        "counts": counts,
        "wrong": wrong,
        "read": [read_wall, read_cpu],
        "run": [time.perf_counter() - began, time.process_time() - spent],
        "counted": counted,
    }


def write(facts: Path, outcomes: dict[str, Any]) -> None:
    """Write what ours writes: outcomes a person, and who fits what; packed the cheapest way."""
    ids = pl.read_parquet(facts, columns=["member_id"])["member_id"]
    with tempfile.TemporaryDirectory(dir=facts.parent) as out:
        table = pl.DataFrame([ids, *outcomes.values()])
        table.write_parquet(f"{out}/outcomes.parquet", compression="lz4")
        kind = pl.Enum(list(outcomes))
        pairs = pl.concat([
            pl.DataFrame({"member_id": ids.filter(met.fill_null(value=False))}).with_columns(pl.lit(code, kind).alias("policy"))
            for code, met in outcomes.items()
        ])  # fmt: skip
        pairs.write_parquet(f"{out}/pairs.parquet", compression="lz4")


def read(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    columns, known = {}, {}
    for name in asked["names"]:
        series = pl.read_parquet(asked["facts"], columns=[name])[name]
        known[name] = series.is_not_null().to_numpy()
        if series.dtype == pl.String:
            codes = asked["texts"]
            series = series.replace_strict(list(codes), list(codes.values()), default=-2, return_dtype=pl.Int32)  # fmt: skip
        elif series.dtype == pl.Date:
            series = series.cast(pl.Int32)
        columns[name] = series.fill_null(
            value=False if series.dtype == pl.Boolean else 0
        ).to_numpy()
    return columns, known


def simulated(asked: dict[str, Any], columns: dict[str, Any], known: dict[str, Any]) -> Any:
    system = TaxBenefitSystem([PERSON])
    for name, column in columns.items():
        kind = bool if column.dtype == bool else int
        system.add_variable(variable(name, kind))
        if asked["is_three"]:
            system.add_variable(variable(f"{name}__known", bool))
    for code, rule in asked["rules"].items():
        system.add_variable(formula(name_of(code), rule, asked["is_three"], part=0))
        if asked["is_three"]:
            system.add_variable(formula(name_of(code) + "__unknown", rule, is_three=True, part=1))
    count = len(next(iter(columns.values())))
    simulation = SimulationBuilder().build_default_simulation(system, count)
    for name, column in columns.items():
        simulation.set_input(name, PERIOD, column)
        if asked["is_three"]:
            simulation.set_input(f"{name}__known", PERIOD, known[name])
    return simulation


def name_of(code: str) -> str:
    return "policy_" + code.replace("-", "_")


def variable(name: str, kind: type) -> type[Variable]:
    made = {"value_type": kind, "entity": PERSON, "definition_period": YEAR}
    return type(name, (Variable,), made)


def formula(name: str, rule: Any, is_three: bool, part: int) -> type[Variable]:
    def three(person: Any, period: Any) -> Any:
        surely_yes, surely_no = ask(rule, lambda fact: (person(fact, period), person(f"{fact}__known", period)))  # fmt: skip
        return surely_yes if part == 0 else ~(surely_yes | surely_no)

    def two(person: Any, period: Any) -> Any:
        return ask(rule, lambda fact: (person(fact, period), True))[0]

    made = {"value_type": bool, "entity": PERSON, "definition_period": YEAR, "formula": three if is_three else two}  # fmt: skip
    return type(name, (Variable,), made)


def ask(rule: Any, fact: Any) -> Pair:
    """Ask a condition: where it surely holds, and where it surely does not."""
    match rule[0]:
        case "not":
            yes, no = ask(rule[1], fact)
            return no, yes
        case "every":
            parts = [ask(each, fact) for each in rule[1]]
            return np.logical_and.reduce([yes for yes, _no in parts]), np.logical_or.reduce([no for _yes, no in parts])  # fmt: skip
        case "either":
            parts = [ask(each, fact) for each in rule[1]]
            return np.logical_or.reduce([yes for yes, _no in parts]), np.logical_and.reduce([no for _yes, no in parts])  # fmt: skip
        case "compare":
            left, is_left = number(rule[2], fact)
            right, is_right = number(rule[3], fact)
            met, known = SIGNS[rule[1]](left, right), is_left & is_right
            return met & known, ~np.asarray(met) & known
        case "among":
            value, known = number(rule[1], fact)
            met = np.logical_or.reduce([value == number(each, fact)[0] for each in rule[2]])
            return met & known, ~met & known
        case _:
            value, known = number(rule, fact)
            value = np.asarray(value, dtype=bool)
            return value & known, ~value & known


def number(rule: Any, fact: Any) -> Pair:  # noqa: C901, PLR0911  (one case a kind of node)
    match rule[0]:
        case "value":
            return (0, False) if rule[1] is None else (rule[1], True)
        case "fact":
            known: Pair = fact(rule[1])
            return known
        case "sum":
            (left, one), (right, other) = number(rule[2], fact), number(rule[3], fact)
            if rule[1] != "/":
                return SIGNS[rule[1]](np.asarray(left, dtype=np.int64) if np.asarray(left).dtype.kind != "f" else left, right), one & other  # fmt: skip
            some = np.asarray(right) != 0
            return np.asarray(left, dtype=float) / np.where(some, right, 1), one & other & some
        case "least":
            parts = [number(each, fact) for each in rule[2]]
            pick = np.minimum if rule[1] == "least" else np.maximum
            value, known = parts[0]
            for other, is_known in parts[1:]:
                value, known = pick(value, other), known & is_known
            return value, known
        case "case":
            value, known = number(rule[2], fact)
            for when, then in reversed(rule[1]):
                yes, no = ask(when, fact)
                other, is_known = number(then, fact)
                value, known = np.where(yes, other, value), np.where(yes, is_known, no & known)
            return value, known
    yes, no = ask(rule, fact)
    return yes, yes | no


SIGNS = {
    "=": np.equal, "<>": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
    "+": np.add, "-": np.subtract, "*": np.multiply,
}  # fmt: skip

if __name__ == "__main__":
    main()
