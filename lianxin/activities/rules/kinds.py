"""Kinds of activities and what a new one of a kind begins with. Pure."""

from __future__ import annotations

import msgspec

from lianxin.kit.text import Bilingual


class Kind(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A kind of activity (活动类别): how it is called and drawn."""

    code: str
    label: Bilingual
    icon: str
    tone: str
    note: Bilingual | None = None  # what whoever arranges it should know
    # Words by which people look for it.
    words: tuple[str, ...] = ()


class Template(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a new activity begins with, so that a part-time officer types little (活动模板)."""

    code: str
    kind: str
    label: Bilingual
    title: str
    words: str = ""
    bring: str = ""
    access: str = ""
    capacity: int | None = None
    minutes: int = 120
    group: str = "alone"
    most: int = 1
    method: str = "rush"


class Kinds(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The file of kinds."""

    kinds: tuple[Kind, ...]
    templates: tuple[Template, ...]

    def faults(self) -> list[str]:
        """List what is wrong with the file."""
        codes = [kind.code for kind in self.kinds]
        found = [
            f"kind {code} stands twice" for code in sorted(set(codes)) if codes.count(code) > 1
        ]
        names = [template.code for template in self.templates]
        found += [f"template {name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]  # fmt: skip
        found += [f"template {one.code} is of no known kind" for one in self.templates if one.kind not in codes]  # fmt: skip
        return found
