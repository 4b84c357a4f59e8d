"""What a draft changes against the version in force, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.explaining import conditions_of
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.selectors import sentences
from lianxin.eligibility.selectors.dictionary import purposes
from lianxin.kit.money import yuan


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was."""

    place: str
    before: str
    after: str


def differences(old: Policy | None, new: Policy) -> list[Change]:
    """List what is new in a text against an older one, conditions as sentences first."""
    return [*_conditions(old, new), *(each for each in _parts(old, new) if each.before != each.after)]  # fmt: skip


def _conditions(old: Policy | None, new: Policy) -> Iterator[Change]:
    """Compare by code: a condition that keeps its code was changed, not replaced."""
    before, after = _by_code(old), _by_code(new)
    for code in dict.fromkeys([*after, *before]):
        one, other = before.get(code), after.get(code)
        if one != other or one is None:
            yield Change(
                _("Condition"), sentences.said(one) if one else "", sentences.said(other) if other else ""
            )  # fmt: skip


def _by_code(policy: Policy | None) -> dict[str, tree.Node]:
    if policy is None:
        return {}
    nodes = conditions_of(read(policy.rule))
    return {each.code: node for each, node in zip(policy.conditions, nodes, strict=True)}


def _parts(old: Policy | None, new: Policy) -> Iterator[Change]:
    one, other = _said(old), _said(new)
    for place, after in other.items():
        yield Change(place, one.get(place, ""), after)


def _said(policy: Policy | None) -> dict[str, str]:
    """Say the parts of a policy that people notice."""
    if policy is None:
        return {}
    gives, kinds = policy.gives, purposes()
    said = {
        _("Title"): _both(policy.title),
        _("Whom it helps"): _both(policy.helps),
        _("What it gives"): _both(gives.what),
        _("Amount"): _amount(gives.amount),
        _("At most"): _("%(sum)s yuan") % {"sum": yuan(gives.cap_fen)} if gives.cap_fen else "",
        _("Kind of help"): str(kinds.get(policy.purpose, policy.purpose)),
        _("How often"): {"year": _("once a year"), "life": _("once in a life")}.get(policy.once, ""),
        _("Day of the last grant"): sentences.label_of(policy.granted_on) if policy.granted_on else "",
        _("Whom it was granted"): sentences.said(read(policy.granted)) if policy.granted else "",
        _("Not together with"): ", ".join(policy.excludes),
        _("Service item"): policy.service,
        _("Need not apply"): _("yes") if policy.proposed else "",
        _("Valid until"): date_format(policy.valid_until) if policy.valid_until else "",
        _("Legal basis"): "; ".join(_both(each.name) for each in policy.basis),
        _("Papers"): "; ".join(_both(each.label) for each in policy.papers),
    }  # fmt: skip
    wording = {each.code: each for each in policy.conditions}
    for code, each in wording.items():
        said[_("Words of “%(code)s”") % {"code": code}] = " / ".join(_both(words) for words in (each.met, each.failed, each.unknown))  # fmt: skip
    return said


def _amount(text: str) -> str:
    return sentences.amount_said(read(text)) if text else ""


def _both(words: object) -> str:
    """Compare both languages, show the reader's and the other beside it."""
    other = getattr(words, "en", "") if str(words) == getattr(words, "zh_Hans", "") else getattr(words, "zh_Hans", "")  # fmt: skip
    return f"{words} · {other}"
