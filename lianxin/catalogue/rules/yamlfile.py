"""YAML that remembers its lines: so that a fault is told with the line it stands on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Why a file cannot be read at all."""

    line: int
    sentence: str


class YamlFile:
    """A YAML text, its value, and the line of each of its places."""

    def __init__(self, text: str) -> None:
        self.faults: list[YamlFault] = []
        self.value: Any = None
        self._root: yaml.Node | None = None
        try:
            self._root = yaml.compose(text, Loader=_BaseLoader)
            self.value = yaml.load(text, Loader=_BaseLoader)  # noqa: S506  (a safe loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "this is no YAML"
            self.faults.append(YamlFault(mark.line + 1 if mark else 1, str(problem)))
        except (ValueError, TypeError) as error:  # an impossible date, a list as a key
            self.faults.append(YamlFault(1, str(error)))
        if self._root is not None:
            self._find_doubles(self._root)

    def line(self, place: str) -> int:
        """Return the line of a place: `$.procedure.route[2].level` or `route.survey.level`.

        A member of a list may be named by its number or by its `code`. What is not there has the
        line of the nearest place that is.
        """
        node, line = self._root, 1
        for key, number in _STEP.findall(place.removeprefix("$")):
            found = _within(node, key or int(number))
            if found is None:
                break
            node, line = found
        return line

    def _find_doubles(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.SequenceNode):
            for one in node.value:
                self._find_doubles(one)
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    said = f"{name!r} stands here twice; keep one of them"
                    self.faults.append(YamlFault(key.start_mark.line + 1, said))
                seen.add(name)
                self._find_doubles(value)


def _within(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for at, one in enumerate(node.value):
            if at == step or _code_of(one) == step:
                return one, one.start_mark.line + 1
    return None


def _code_of(node: yaml.Node) -> str | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "code":
                return str(value.value)
    return None
