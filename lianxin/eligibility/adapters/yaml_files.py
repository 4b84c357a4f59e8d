"""Reads policy, fact and parameter files, and says on which line a problem stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from lianxin.eligibility import conf
from lianxin.eligibility.rules.checking import Kind, Known
from lianxin.eligibility.rules.policy import (
    Parameter,
    ParameterValue,
    Policy,
    Problem,
    problems,
    strangers,
)
from lianxin.kit.text import Bilingual

DATA = Path(__file__).resolve().parents[1] / "data"
SUFFIXES = (".yaml", ".yml")
_CODE = re.compile(rb"^code:\s*['\"]?([A-Za-z0-9_-]+)", re.MULTILINE)
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


class _Loader(yaml.SafeLoader):
    """YAML whose days stay text, so that an impossible day is a sentence with a line, not a crash."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class FactEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One fact a rule may ask about; `from`, `derived` and `rests` say where its value comes from."""

    kind: Kind
    label: Bilingual
    unit: Bilingual | None = None
    source: Bilingual | None = None  # in words, where it does not come from one thing told
    minimum: int = 0
    maximum: int = 10**12
    choices: list[str] = []
    origin: str = msgspec.field(name="from", default="")
    derived: str = ""
    rests: list[str] = []  # the members' facts a derived value looks at, beside `from`

    @property
    def reads(self) -> tuple[str, ...]:
        """The members' facts it is made of; none where the roll alone says it."""
        return (*([self.origin] if self.origin else []), *self.rests)

    @property
    def told_as(self) -> list[str]:
        """The members' facts to tell where it is not known: itself, else all it follows from."""
        return [self.origin] if self.origin else self.rests


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facts: dict[str, FactEntry]


class _Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    parameters: dict[str, Parameter]


class _More(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Further lines of a parameter that is shipped, or one of one's own, which needs all its keys."""

    values: list[ParameterValue]
    kind: Kind | None = None
    label: Bilingual | None = None


class _Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    parameters: dict[str, _More]


class ParametersError(ValueError):
    """A file of parameters that cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with its file and line, ready to print."""

    file: str
    line: int
    message: str
    pointed: str = ""

    def __str__(self) -> str:
        tail = f"\n    {self.pointed.replace(chr(10), chr(10) + '    ')}" if self.pointed else ""
        return f"{self.file}:{self.line}: {self.message}{tail}"


@cache
def facts() -> Mapping[str, FactEntry]:
    """Return the facts rules may ask about, by name."""
    return msgspec.yaml.decode((DATA / "facts.yaml").read_bytes(), type=_Facts).facts


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return the dated parameters of the law, by name: those shipped, and over them those of one's own.

    Raises:
        ParametersError: a file of one's own cannot be read.
    """
    found = msgspec.yaml.decode((DATA / "parameters.yaml").read_bytes(), type=_Parameters).parameters  # fmt: skip
    for path in own_parameters():
        try:
            more = msgspec.yaml.decode(path.read_bytes(), type=_Own).parameters
        except (msgspec.DecodeError, yaml.YAMLError, UnicodeDecodeError) as error:
            raise ParametersError(f"{path}: {error}") from None
        found |= {name: _joined(path, name, found.get(name), each) for name, each in more.items()}
    return found


def own_parameters() -> list[Path]:
    """List the files of parameters of one's own."""
    folder = conf.folder()
    if folder is None:
        return []
    named = [path for suffix in SUFFIXES if (path := folder / f"parameters{suffix}").is_file()]
    return [*named, *paths_of(folder / "parameters")]


def policies_folder() -> Path:
    """Return where policies stand if no folder is named: one's own, else the samples."""
    own = conf.folder()
    return own / "policies" if own and (own / "policies").is_dir() else DATA / "policies"


def _joined(path: Path, name: str, held: Parameter | None, more: _More) -> Parameter:
    kind = more.kind or (held.kind if held else None)
    label = more.label or (held.label if held else None)
    if kind is None or label is None:
        raise ParametersError(f"{path}: {name} is new here: say its kind and its label")
    if held is not None and kind is not held.kind:
        raise ParametersError(f"{path}: {name} is a {held.kind}, not a {kind}")
    if wrong := [each for each in more.values if each.until and each.until < each.since]:
        raise ParametersError(f"{path}: {name} of {wrong[0].region} ends before it begins")
    own = {(each.region, each.since) for each in more.values}
    kept = [each for each in (held.values if held else []) if (each.region, each.since) not in own]
    if not (kept or more.values):
        raise ParametersError(f"{path}: {name} has no value at all")
    return Parameter(kind=kind, label=label, values=[*kept, *more.values])


@cache
def vocabulary() -> Mapping[str, Known]:
    """Return all a rule may name: facts and parameters with their kinds and bounds."""
    known = {
        name: Known(each.kind, each.minimum, each.maximum, frozenset(each.choices))
        for name, each in facts().items()
    }
    for name, each in parameters().items():
        values = [value.value for value in each.values]
        known[name] = Known(each.kind, min(values), max(values), is_parameter=True)
    return known


def load(path: Path) -> tuple[Policy | None, list[Finding]]:
    """Read one policy file and check it whole; the policy is None if it cannot even be read."""
    try:
        return load_text(path.read_bytes().decode(), str(path))
    except UnicodeDecodeError as error:
        return None, [_undecoded(path, error)]


def _undecoded(path: Path, error: UnicodeDecodeError) -> Finding:
    """Say where a file stops being UTF-8, and what else it is (files of offices are often GB18030)."""
    try:
        error.object.decode("gb18030")
    except UnicodeDecodeError:
        message = "Not UTF-8 text, nor GB18030."
    else:
        message = "Not UTF-8 but, it seems, GB18030: save it as UTF-8 (另存为 UTF-8)."
    return Finding(str(path), error.object.count(b"\n", 0, error.start) + 1, message)


def load_text(text: str, path: str) -> tuple[Policy | None, list[Finding]]:
    """Read the text of a policy file; `path` is how findings call it."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        policy = msgspec.convert(yaml.load(text, Loader=_Loader), type=Policy)  # noqa: S506  (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, [
            Finding(
                path,
                mark.line + 1 if mark else 1,
                f"Not YAML: {getattr(error, 'problem', error)}.",
            )
        ]
    except RecursionError:
        return None, [Finding(path, 1, "Nested deeper than a policy is.")]
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        where = place.rstrip("`").lstrip(".")
        return None, [
            Finding(path, _line(root, where), f"{message}{f' ({where})' if where else ''}.")
        ]
    found = [
        _finding(path, root, text, each) for each in problems(policy, vocabulary(), parameters())
    ]
    return policy, found


def load_folder(folder: Path, codes: Collection[str] | None = None) -> tuple[list[Policy], list[Finding]]:  # fmt: skip
    """Read every policy of a folder (a folder without any is a finding); a code and version stand only once.

    With `codes` what a policy excludes must stand in the folder or among them.
    """
    paths = paths_of(folder)
    if not paths:
        return [], [
            Finding(str(folder), 1, f"There is no policy file here ({', '.join(SUFFIXES)}).")
        ]
    return load_paths(paths, codes)


def paths_of(folder: Path) -> list[Path]:
    """List the policy files of a folder and of those in it."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def load_paths(paths: Iterable[Path], codes: Collection[str] | None = None) -> tuple[list[Policy], list[Finding]]:  # fmt: skip
    """Read some policy files together."""
    policies: dict[Path, Policy] = {}
    findings: list[Finding] = []
    seen: dict[tuple[str, int, str], Path] = {}
    for path in paths:
        policy, found = load(path)
        findings += found
        if policy is None:
            continue
        key = (policy.code, policy.version, policy.region)
        if key in seen:
            doubled = f"{policy.code} version {policy.version} also stands in {seen[key].name}."
            findings.append(Finding(str(path), 1, doubled))
        seen[key] = path
        policies[path] = policy
    if codes is not None:
        known = {*codes, *(each.code for each in policies.values())}
        findings += [each for path, policy in policies.items() for each in _strangers(path, policy, known)]  # fmt: skip
    return list(policies.values()), findings


def codes_in(paths: Iterable[Path]) -> set[str]:
    """Read only the codes of some files, right or wrong otherwise."""
    found = set()
    for path in paths:
        hit = _CODE.search(path.read_bytes())
        if hit:
            found.add(hit[1].decode())
    return found


def _strangers(path: Path, policy: Policy, codes: Collection[str]) -> list[Finding]:
    wrong = list(strangers(policy, codes))
    if not wrong:
        return []
    text = path.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=_Loader)
    return [_finding(str(path), root, text, each) for each in wrong]


def to_text(plain: Mapping[str, Any]) -> str:
    """Write a policy as a file that `policy_check` reads; the order of its keys is kept."""
    ordered = {key: plain[key] for key in _ORDER if key in plain}
    text: str = yaml.dump(
        ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000
    )
    return text


_ORDER = (
    "code", "version", "is_sample", "title", "helps", "region", "purpose", "valid_from", "valid_until", "service",
    "once", "proposed", "basis", "rule", "conditions", "gives", "granted_on", "granted", "excludes", "papers",
    "examples",
)  # fmt: skip


class _Dumper(yaml.SafeDumper):
    """YAML as people write policy files: a rule as a block of lines, days without quotes."""


def _text_node(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    if "\n" in value:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value + "\n" * (not value.endswith("\n")), style="|")  # fmt: skip
    return dumper.represent_scalar("tag:yaml.org,2002:str", value)


_Dumper.add_representer(str, _text_node)


def _finding(path: str, root: Any, text: str, problem: Problem) -> Finding:
    line = _line(root, problem.path)
    if problem.offset is not None:
        line += _lines_before(root, text, problem)
    message = f"{problem.path}: {problem.message}"
    return Finding(path, line, message, problem.pointed)


def _lines_before(root: Any, text: str, problem: Problem) -> int:
    """Count how far below its key the problem of an expression lies (block texts start a line later)."""
    node = _node(root, problem.path)
    if node is None or problem.offset is None:
        return 0
    is_block = text[node.start_mark.index] in "|>"
    return int(node.value.count("\n", 0, problem.offset)) + (1 if is_block else 0)


def _line(root: Any, path: str) -> int:
    node = _node(root, path)
    return int(node.start_mark.line) + 1 if node is not None else 1


def _node(root: Any, path: str) -> Any:
    """Follow `examples[2].facts.people` through a composed YAML tree as far as it leads."""
    node = root
    for step in _STEP.findall(path):
        below = None
        if isinstance(node, yaml.SequenceNode) and step[0] == "[":
            at = int(step[1:-1])
            below = node.value[at] if at < len(node.value) else None
        elif isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if key.value == step), None)
        if below is None:
            return node
        node = below
    return node
