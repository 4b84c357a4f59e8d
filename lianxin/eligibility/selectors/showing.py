"""An answer made ready to be shown: sentences, values with their sources, what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, PolicyVersion
from lianxin.eligibility.rules.checking import Kind
from lianxin.eligibility.rules.opening import link_of
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.answers import Explained, Knowledge
from lianxin.kit.money import yuan
from lianxin.members.api import fact_entry


@dataclass(frozen=True, slots=True)
class Used:
    """One fact a condition looked at: what it is, what it says, who said so."""

    name: str
    label: str
    value: str
    source: str
    origin: str

    @property
    def is_known(self) -> bool:
        """Say whether there is a value."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Shown:
    """One condition in words."""

    outcome: str
    sentence: str
    used: list[Used]
    papers: list[str]


@dataclass(frozen=True, slots=True)
class Card:
    """One thing found, in one sentence."""

    code: str
    title: str
    sentence: str
    what: str
    amount: str
    is_nearly: bool
    until: dt.date | None
    choices: str = ""


def conditions(found: Explained, knowledge: Knowledge) -> list[Shown]:
    """Say each condition of a policy: its sentence, the values looked at, the papers that prove it."""
    wording, policy = found.ready.wording, found.ready.policy
    shown = []
    for each in found.answer.conditions:
        words = wording[each.code]
        sentence = {"yes": words.met, "no": words.failed}.get(each.outcome.value, words.unknown)
        used = [_used(name, knowledge) for name in each.names if name in yaml_files.facts()]
        papers = [str(paper.label) for paper in policy.papers if paper.condition == each.code]
        shown.append(Shown(each.outcome.value, str(sentence), used, papers))
    return shown


def yields(found: Explained) -> str:
    """Say to what a policy yields, "" where to nothing."""
    ruled = found.ruled
    if ruled is None:
        return ""
    said = {"other": str(ruled.by.policy.title), "day": date_format(ruled.on) if ruled.on else ""}
    if ruled.why == "had":
        return (_("You had it on %(day)s; that is all there is of it for now.") if ruled.on else _("You have had it; that is all there is of it for now.")) % said  # fmt: skip
    if ruled.why == "has":
        return (_("You were granted “%(other)s” on %(day)s; the two do not go together.") if ruled.on else _("You have “%(other)s”; the two do not go together.")) % said  # fmt: skip
    return _("You can get “%(other)s” instead; the two do not go together.") % said


def choices(found: Explained) -> str:
    """Say with which others a policy does not go together although all fit; "" where with none."""
    return _chosen([str(each.policy.title) for each in found.choices])


def _chosen(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    return _("It does not go together with %(others)s, which fits you as well: you choose.") % {
        "others": _(", ").join(f"“{each}”" for each in titles)
    }


def others(found: Explained) -> list[tuple[str, str]]:
    """Name the policies it yields to or is a choice with: (code, title)."""
    ruled = found.ruled
    near = [*found.choices, *([ruled.by] if ruled is not None and ruled.why != "had" else [])]
    return [(each.policy.code, str(each.policy.title)) for each in near]


def amount_missing(found: Explained) -> list[Used]:
    """Name what must be known before it can be said how much a policy gives."""
    return [_used(name, Knowledge({}, {})) for name in found.amount_missing]


def _used(name: str, knowledge: Knowledge) -> Used:
    entry = yaml_files.facts()[name]
    source = knowledge.sources.get(name)
    words = _("from the union’s roll") if entry.derived else source.source_label if source else ""
    value = value_words(name, knowledge.values.get(name))
    return Used(name, str(entry.label), value, words if value else "", entry.origin)


def value_words(name: str, value: object) -> str:
    """Write a fact's value as a person would; "" when it is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return date_format(value)
    entry = yaml_files.facts()[name]
    if entry.kind is Kind.MONEY and isinstance(value, int):
        return _("%(sum)s yuan") % {"sum": yuan(value)}
    told = fact_entry(entry.origin)
    if told is not None and told.choices:
        return next((str(each.label) for each in told.choices if each.code == value), str(value))
    return str(value)


def card_of(row: Outcome) -> Card:
    """Say in one sentence why an outcome is shown. No query: the version comes along."""
    words = shelf.wording_of(row.policy, row.condition)
    is_nearly = row.state == Outcome.State.NEARLY
    sentence = (words.unknown if is_nearly else words.met) if words else ""
    gives = row.policy.content["gives"]
    return Card(
        row.policy.code,
        str(shelf.title_of(row.policy)),
        str(sentence),
        str(shelf.bilingual(gives["what"])),
        "",
        is_nearly,
        row.policy.valid_until,
    )


def cards_of(rows: Sequence[Outcome]) -> list[Card]:
    """Say several; those that fit and do not go together say so. No query: the versions come along."""
    fits = [row.policy for row in rows if row.state == Outcome.State.FITS]
    return [
        replace(card_of(row), choices=_chosen([str(shelf.title_of(each)) for each in fits if row.policy in fits and _apart(row.policy, each)]))
        for row in rows
    ]  # fmt: skip


def _apart(one: PolicyVersion, other: PolicyVersion) -> bool:
    return other.code in one.content["excludes"] or one.code in other.content["excludes"]


def card_of_answer(found: Explained) -> Card:
    """The same for an answer that is kept nowhere."""
    policy, answer = found.ready.policy, found.answer
    is_nearly = answer.outcome == "unknown"
    wording = found.ready.wording
    telling = [each for each in answer.conditions if (each.missing if is_nearly else each.code != "member")]  # fmt: skip
    words = wording[(telling or list(answer.conditions))[0].code]
    amount = _("%(sum)s yuan") % {"sum": yuan(found.amount_fen)} if found.amount_fen else ""
    sentence = str(words.unknown if is_nearly else words.met)
    return Card(policy.code, str(policy.title), sentence, str(policy.gives.what), amount, is_nearly, policy.valid_until, choices(found))  # fmt: skip


def service_link(found: Explained) -> str | None:
    """Return where the service of a policy is applied for."""
    return link_of(found.ready.policy.service)
