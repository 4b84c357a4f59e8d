"""Trying out: what is known, what is said otherwise for the moment, and what is asked next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.forms.facts import FactsForm, carried, told_by
from lianxin.eligibility.selectors.answers import Explained
from lianxin.eligibility.selectors.asking_next import settles
from lianxin.eligibility.selectors.showing import value_words


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact that is otherwise for the moment: how it is, how it would be."""

    name: str
    label: str
    before: str
    after: str


class Trial:
    """One round: `told` is what was said here, over what is `known`; nothing of it is kept.

    `change` names a fact to be said otherwise; the button of that name in the form does the same.
    """

    def __init__(self, data: QueryDict, names: Sequence[str], known: Mapping[str, object], *, change: str = "") -> None:  # fmt: skip
        self.names, self.known = names, known
        told = told_by(data, names)
        told.pop(data.get("drop", ""), None)
        self.told = {name: value for name, value in told.items() if known.get(name) != value}
        self.skipped = dict.fromkeys(name for name in data.getlist("skipped") if name in names)
        wanted = data.get("change", "") or change
        self.wanted = wanted if wanted in names else ""
        answered = data.get("asked", "")
        self.asked = answered if answered in names and not self.wanted else ""
        self.form = FactsForm(data or None, names=[self.asked] if self.asked else [])
        self.is_wrong = bool(self.asked) and not self.form.is_valid()
        if self.asked and self.asked not in self.values and not self.is_wrong:
            self.skipped[self.asked] = None

    @property
    def values(self) -> dict[str, object]:
        """What rules are asked with."""
        return {**self.known, **self.told}

    def ask(self, questions: Iterable[str], words: Callable[[str], str]) -> None:
        """Choose what is asked next: what she wants to change, what she got wrong, else the best."""
        if not self.is_wrong:
            best = (name for name in questions if name not in self.skipped)
            self.asked = self.wanted or next(best, "")
            self.form = FactsForm(names=[self.asked] if self.asked else [], values=self.values)
        if self.asked in self.form.fields:
            field = self.form.fields[self.asked]
            field.label = words(self.asked) or field.label
            field.required = True  # as it is shown; whoever does not know says so

    def shown(self, found: Sequence[Explained]) -> dict[str, Any]:
        """Lay out the round for its page."""
        return {
            "form": self.form,
            "asked": self.asked,
            "is_change": bool(self.wanted),
            "skipped": self.skipped,
            "settles": settles(self.asked, found),
            "told": carried(self.told),
            "answered": len(self.told),
            "changed": [self._changed(name) for name in self.told if self.known],
            "changeable": self._changeable() if self.known else [],
        }

    def _changed(self, name: str) -> Changed:
        label = str(yaml_files.facts()[name].label)
        return Changed(name, label, value_words(name, self.known.get(name)), value_words(name, self.told[name]))  # fmt: skip

    def _changeable(self) -> list[tuple[str, str]]:
        """List the facts that may be said otherwise: what is known first, each with its value."""
        entries = yaml_files.facts()
        lines = [(name, str(entries[name].label), value_words(name, self.values.get(name))) for name in self.names]  # fmt: skip
        known = [(name, f"{label}: {value}") for name, label, value in lines if value]
        return known + [(name, label) for name, label, value in lines if not value]
