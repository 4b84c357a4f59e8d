"""Speaks with OpenFisca in its own environment: writes rules as plain lists, reads times and counts."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".peers" / "bin" / "python"
EPOCH = dt.date(1970, 1, 1)


class Peer:
    """One process that answers as often as it is asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.counts: dict[str, tuple[int, int]] = {}
        self.runs: dict[bool, list[float]] = {True: [], False: []}
        self.counted: list[float] = []
        self.wrong = 0
        self.fitting = 0

    def ask(self, order: Any, *, is_three: bool) -> None:
        """Let it answer an order in three values or in two."""
        texts: dict[str, int] = {}
        rules = {rule.code: Plain(order.as_of, rule.parameters, texts).of(rule.node) for rule in order.rules}  # fmt: skip
        asked = {"facts": str(order.facts), "names": sorted(order.names), "texts": texts, "rules": rules, "is_three": is_three}  # fmt: skip
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("no pipe")
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.runs[is_three].append(answer["run"][1])
        if is_three:
            self.counts = {code: (yes, unknown) for code, (yes, unknown) in answer["counts"].items()}  # fmt: skip
            self.counted.append(answer["counted"])
            self.fitting = sum(yes for yes, _unknown in self.counts.values())
        else:
            self.wrong = answer["wrong"]

    def report(self, ours: float) -> None:
        """Print its CPU seconds net of reading, as ratios to ours, and whom it takes in wrongly."""
        sides = {"OpenFisca, files": self.runs[True], "… counts alone": self.counted, "… two values": self.runs[False]}  # fmt: skip
        for name, runs in sides.items():
            best = min(runs)
            print(f"  {name:16} net of reading CPU {best:7.1f} s  {best / ours:5.1f} × ours")
        share = self.wrong / self.fitting if self.fitting else 0
        print(f"  OpenFisca's two values declare {self.wrong:,} times somebody eligible on missing facts: +{share:.0%}; ours 0")  # fmt: skip


def started(stack: ExitStack) -> Peer | None:
    """Start the peer where it is installed; say so where it is not."""
    if not PYTHON.exists():
        print("  NOT asked: OpenFisca (make bench-peers)")
        return None
    command = [str(PYTHON), str(ROOT / "bench" / "_openfisca.py")]
    process = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))  # fmt: skip
    stack.callback(process.terminate)
    return Peer(process)


class Plain:
    """Writes a rule as nested lists of numbers and names, for a process that knows nothing of ours."""

    def __init__(self, as_of: dt.date, parameters: Any, texts: dict[str, int]) -> None:
        self.as_of, self.parameters, self.texts = as_of, parameters, texts

    def of(self, node: Any) -> list[Any]:  # noqa: C901, PLR0911, PLR0912  (one case a kind of node)
        """Return one node."""
        from lianxin.eligibility.rules import tree
        from lianxin.eligibility.rules.closing import day_before

        match node:
            case tree.Literal():
                return ["value", self.value(node.value)]
            case tree.Name():
                is_law = node.name in self.parameters
                return ["value", self.parameters[node.name]] if is_law else ["fact", node.name]
            case tree.AsOf():
                return ["value", self.value(self.as_of)]
            case tree.Before():
                return ["value", self.value(day_before(self.as_of, node.unit, node.count))]
            case tree.Not():
                return ["not", self.of(node.of)]
            case tree.Every():
                return ["every", [self.of(each) for each in node.of]]
            case tree.Either():
                return ["either", [self.of(each) for each in node.of]]
            case tree.Compare():
                return ["compare", node.sign, self.of(node.left), self.of(node.right)]
            case tree.Among():
                return ["among", self.of(node.of), [self.of(each) for each in node.choices]]
            case tree.Sum():
                return ["sum", node.sign, self.of(node.left), self.of(node.right)]
            case tree.Least():
                return ["least", node.name, [self.of(each) for each in node.of]]
            case tree.Case():
                whens = [[self.of(when), self.of(then)] for when, then in node.whens]
                return ["case", whens, self.of(node.otherwise)]
        raise TypeError(type(node).__name__)

    def value(self, value: Any) -> Any:
        """Return a number for a value: days since 1970, the place of a text."""
        if isinstance(value, str):
            return self.texts.setdefault(value, len(self.texts) + 1)
        if isinstance(value, dt.date):
            return (value - EPOCH).days
        return float(value) if isinstance(value, Decimal) else value
