"""A rule said in sentences, from the names of its facts: what an editor reads instead of the expression."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.checking import Kind
from lianxin.eligibility.rules.tree import Node
from lianxin.eligibility.selectors.showing import value_words
from lianxin.kit.money import yuan

_FEN = tree.Name(name="", place=(0, 0))  # what an amount stands beside: everything in it is fen


def said(node: Node) -> str:  # noqa: PLR0911  (one case a kind of node)
    """Say a condition in words."""
    match node:
        case tree.Name():
            return _("%(fact)s: yes") % {"fact": label_of(node.name)}
        case tree.Not(of=tree.Name(name=name)):
            return _("%(fact)s: no") % {"fact": label_of(name)}
        case tree.Not():
            return _("not so: %(condition)s") % {"condition": said(node.of)}
        case tree.Every():
            return _(" and ").join(_inside(each) for each in node.of)
        case tree.Either():
            return _(" or ").join(_inside(each) for each in node.of)
        case tree.Compare():
            return f"{_term(node.left, node.right)} {_sign(node)} {_term(node.right, node.left)}"
        case tree.Among():
            choices = _(", ").join(_term(each, node.of) for each in node.choices)
            return _("%(fact)s is one of: %(choices)s") % {"fact": _term(node.of), "choices": choices}  # fmt: skip
    return _term(node)


def proposed(node: Node) -> dict[str, dict[str, str]]:
    """Propose the three sentences of a condition in both languages, plain ones, to be made warm."""
    words: dict[str, dict[str, str]] = {"met": {}, "failed": {}, "unknown": {}}
    for key, language in (("en", "en"), ("zh_Hans", "zh-hans")):
        with override(language):
            names = [label_of(name) for name in tree.names(node) if name in yaml_files.facts()]
            words["met"][key] = _("So it is with you: %(condition)s.") % {"condition": said(node)}
            words["failed"][key] = _("What is needed: %(condition)s.") % {"condition": said(node)}
            words["unknown"][key] = _("Please tell us: %(facts)s.") % {"facts": _(", ").join(names)}
    return words


def label_of(name: str) -> str:
    """Name a fact or a parameter of the law."""
    entry = yaml_files.facts().get(name) or yaml_files.parameters().get(name)
    return str(entry.label) if entry else name


def labels_of(names: Iterable[str]) -> list[str]:
    """Name several facts."""
    return [label_of(name) for name in names]


def _inside(node: Node) -> str:
    text = said(node)
    return f"({text})" if isinstance(node, tree.Every | tree.Either) else text


def _sign(node: tree.Compare) -> str:
    if _is_day(node.left) or _is_day(node.right):
        days = {"<": _("is before"), "<=": _("is not after"), ">": _("is after"), ">=": _("is not before")}  # fmt: skip
        if node.sign in days:
            return days[node.sign]
    return {
        "=": _("is"), "<>": _("is not"), "<": _("is less than"), "<=": _("is at most"),
        ">": _("is more than"), ">=": _("is at least"),
    }[node.sign]  # fmt: skip


def _is_day(node: Node) -> bool:
    known = yaml_files.vocabulary()
    if isinstance(node, tree.Name):
        return node.name in known and known[node.name].kind is Kind.DATE
    return isinstance(node, tree.AsOf | tree.Before)


def _term(node: Node, beside: Node | None = None) -> str:  # noqa: PLR0911  (one case a kind of node)
    match node:
        case tree.Name():
            return label_of(node.name)
        case tree.Literal():
            return _value(node.value, beside)
        case tree.AsOf():
            return _("the day asked about")
        case tree.Before():
            return _before(node)
        case tree.Sum():
            sign = {"*": "×", "/": "÷", "-": "−"}.get(node.sign, node.sign)
            left, right = (node.right, node.left) if node.sign in "+-" else (None, None)
            return (
                f"{_bracketed(node.left, node, left)} {sign} {_bracketed(node.right, node, right)}"
            )
        case tree.Least():
            first = next((each for each in node.of if not isinstance(each, tree.Literal)), beside)
            parts = _(", ").join(_term(each, first) for each in node.of)
            words = _("the smallest of (%(parts)s)") if node.name == "least" else _("the largest of (%(parts)s)")  # fmt: skip
            return words % {"parts": parts}
        case tree.Case():
            whens = [_("%(value)s if %(condition)s") % {"value": _term(then, beside), "condition": said(when)} for when, then in node.whens]  # fmt: skip
            otherwise = _("else %(value)s") % {"value": _term(node.otherwise, beside)}
            return _(", ").join([*whens, otherwise])
    return f"({said(node)})"


def _bracketed(node: Node, around: tree.Sum, beside: Node | None) -> str:
    text = _term(node, beside)
    return f"({text})" if isinstance(node, tree.Sum) and around.sign in "*/" and node.sign in "+-" else text  # fmt: skip


def _before(node: tree.Before) -> str:
    words = {
        "years": ngettext("%(count)s year before", "%(count)s years before", node.count),
        "months": ngettext("%(count)s month before", "%(count)s months before", node.count),
        "days": ngettext("%(count)s day before", "%(count)s days before", node.count),
    }
    return words[node.unit] % {"count": node.count}


def _value(value: tree.Plain, beside: Node | None) -> str:
    if isinstance(value, dt.date):
        return date_format(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(beside, tree.Name) and beside.name in yaml_files.facts():
        return value_words(beside.name, value)
    if isinstance(value, int | Decimal) and _is_sum_of_money(beside):
        return _("%(sum)s yuan") % {"sum": yuan(int(value))}
    return str(value)


def _is_sum_of_money(beside: Node | None) -> bool:
    """A plain number compared with money, or added to it, is fen; one that multiplies is a number."""
    if beside is None or isinstance(beside, tree.Literal):
        return False
    if beside is _FEN:
        return True
    known = yaml_files.vocabulary()
    return any(known[name].kind is Kind.MONEY for name in tree.names(beside) if name in known)


def amount_said(node: Node) -> str:
    """Say what an amount is; plain numbers in it are fen."""
    return _term(node, _FEN)
