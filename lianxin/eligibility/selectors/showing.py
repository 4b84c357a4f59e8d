"""An answer made ready to be shown: sentences, values with their sources, what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, PolicyVersion
from lianxin.eligibility.rules.checking import Kind
from lianxin.eligibility.rules.opening import link_of
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.answers import Explained, Knowledge
from lianxin.kit.money import yuan
from lianxin.members.api import FactLink, Member, fact_entry, fact_links


@dataclass(frozen=True, slots=True)
class Way:
    """Where a person tells something, or has it put right; `label` is what to tap."""

    url: str
    label: str
    fact: str


@dataclass(frozen=True, slots=True)
class Used:
    """One fact a condition looked at: what it is, what it says, who said so, where to put it right."""

    name: str
    label: str
    value: str
    source: str
    ways: tuple[Way, ...] = ()

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


def conditions(found: Explained, knowledge: Knowledge, member: Member | None = None) -> list[Shown]:
    """Say each condition of a policy: its sentence, the values looked at, the papers that prove it.

    To the member herself also where each is told or put right.
    """
    wording, policy = found.ready.wording, found.ready.policy
    ways = _Ways(member) if member is not None else None
    shown = []
    for each in found.answer.conditions:
        words = wording[each.code]
        sentence = {"yes": words.met, "no": words.failed}.get(each.outcome.value, words.unknown)
        used = [_used(name, knowledge, ways) for name in each.names if name in yaml_files.facts()]
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


def amount_missing(found: Explained, member: Member | None = None) -> list[Used]:
    """Name what must be known before it can be said how much a policy gives, and where it is told."""
    ways = _Ways(member) if member is not None else None
    return [_used(name, Knowledge({}, {}), ways) for name in found.amount_missing]


def _used(name: str, knowledge: Knowledge, ways: _Ways | None) -> Used:
    entry = yaml_files.facts()[name]
    value = value_words(name, knowledge.values.get(name))
    return Used(
        name,
        str(entry.label),
        value,
        _source(name, knowledge) if value else "",
        tuple(ways.of(name, knowledge)) if ways else (),
    )


def _source(name: str, knowledge: Knowledge) -> str:
    """Say where a value came from: who told it, or what it was made of and who told that."""
    entry, made_of = yaml_files.facts()[name], knowledge.sources.get(name, ())
    if not made_of:
        return str(entry.source or "")
    who = _(", ").join(dict.fromkeys(each.source_label for each in made_of))
    if {each.name for each in made_of} == {entry.origin}:
        return who
    what = _(", ").join(each.label for each in made_of)
    return _("from %(facts)s, %(who)s") % {"facts": what, "who": who}


class _Ways:
    """Where one member tells a fact or has it put right; what only others can say is asked once."""

    def __init__(self, member: Member) -> None:
        self._member = member

    @cached_property
    def _links(self) -> Mapping[str, FactLink]:
        return {name: link for read in fact_links for name, link in read(self._member).items()}

    def of(self, name: str, knowledge: Knowledge) -> Iterator[Way]:
        """List where to go: for what is known, to what it was made of; else to what it needs."""
        entry = yaml_files.facts()[name]
        if name in knowledge.values:
            made_of = [each.name for each in knowledge.sources.get(name, ())]
            is_hers = name in knowledge.sources  # else it was only typed in, to try it out
            for origin in made_of or (entry.reads[:1] if is_hers else ()):
                yield from self._to(origin, is_known=True)
            return
        for origin in entry.told_as:
            yield from self._to(origin, is_known=False)

    def _to(self, origin: str, *, is_known: bool) -> Iterator[Way]:
        entry = fact_entry(origin)
        if entry is None:
            return
        label, fact = _("Put it right") if is_known else _("Tell us this"), str(entry.label)
        if entry.may_correct:
            yield Way(reverse("members:fact", args=[origin]), label, fact)
        elif entry.is_sensitive and not is_known:
            # The union has it or knows that there is none: it only may not look.
            yield Way(reverse("members:consents"), _("Agree that we look"), fact)
        elif link := self._links.get(origin):
            yield Way(link.url, label, fact)


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
    return f"{value} {entry.unit}" if entry.unit else str(value)


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


def told_at(name: str) -> tuple[str, bool]:
    """Return where a member tells a fact herself ("" where she cannot), and whether it is sealed."""
    for origin in yaml_files.facts()[name].told_as:
        told = fact_entry(origin)
        if told is not None and told.may_correct:
            return reverse("members:fact", args=[origin]), told.is_sensitive
    return "", False


def is_hers_to_tell(names: Iterable[str], knowledge: Knowledge, member: Member) -> bool:
    """Say whether a member can do something herself about one of some facts that are not known."""
    ways = _Ways(member)
    return any(way for name in names for way in ways.of(name, knowledge))


def question_of(found: Iterable[Explained], asked: str) -> str:
    """Ask as a policy does, where one of its conditions waits for this fact alone; else ""."""
    for each in found:
        for condition in each.answer.conditions:
            if condition.missing == condition.names == (asked,):
                return str(each.ready.wording[condition.code].unknown)
    return ""


def service_link(found: Explained) -> str | None:
    """Return where the service of a policy is applied for."""
    return link_of(found.ready.policy.service)
