"""Why a policy came out as it did on a day gone by: the version, the facts and the law of that day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.rules.checking import Kind
from lianxin.eligibility.rules.excluding import plan_of
from lianxin.eligibility.rules.policy import bond_of
from lianxin.eligibility.selectors import answers, sentences, shelf, showing
from lianxin.eligibility.selectors.answers import Explained, Knowledge
from lianxin.eligibility.selectors.differences import Change, differences
from lianxin.eligibility.selectors.shelf import Ready
from lianxin.kit import clock
from lianxin.kit.money import yuan
from lianxin.kit.workdays import SHANGHAI
from lianxin.members import api as members
from lianxin.members.api import Member


@dataclass(frozen=True, slots=True)
class Law:
    """A number of the law as it stood, with its source."""

    label: str
    value: str
    reference: str


@dataclass(frozen=True, slots=True)
class Replay:
    """One policy on one day for one member, and what is different today."""

    version: PolicyVersion
    then: Explained
    conditions: list[showing.Shown]
    law: list[Law]
    was_looked_for: bool
    now: Explained | None
    changes: list[Change]
    yields: str = ""


def replay_of(member: Member, code: str, day: dt.date, *, actor_id: uuid.UUID | None, purpose: str) -> Replay | None:  # fmt: skip
    """Ask the version of a day about what was known on that day; None where none was in force.

    Sensitive facts come in only with the yes of that day and, for anybody but herself, of today. A
    kind of help she refused on that day and allowed since counts as looked for: that is not kept.
    """
    version = shelf.version_then(code, member.organisation.code, day)
    if version is None:
        return None
    region = member.organisation.code
    moment = min(clock.now(), dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=SHANGHAI))  # fmt: skip
    refused = answers.refused_purposes(member.pk, moment)
    beside = _beside(shelf.ready_of(version.pk, shelf.policy_of(version), day), region, refused)
    ready = beside[0]
    agreed = members.agreed_then(member.account_id, moment)
    is_own = actor_id is not None and actor_id == member.account_id
    allowed = agreed if is_own else agreed & members.agreed_then(member.account_id, clock.now())
    today = shelf.one_in_force(code, clock.today(), region)
    refused_now = answers.refused_purposes(member.pk)
    present_beside = shelf.bound([today], today.as_of, region, refused=refused_now) if today else []
    plan = plan_of({each.id: bond_of(each.policy) for each in beside})
    plan_now = shelf.plan_at(today.as_of) if today else None
    names = list(dict.fromkeys([*answers.asked_by(beside, plan), *answers.asked_by(present_beside, plan_now)]))  # fmt: skip
    open_to = answers.allowed_of(answers.origins_of(names), allowed)
    facts = members.facts_then(member, open_to, moment=moment, actor_id=actor_id, purpose=purpose)  # fmt: skip
    known = answers.knowledge_from(member, names, facts, open_to=open_to, as_of=day)
    found = answers.first_of(beside, known.values, plan, region)
    present = answers.knowledge_of(member, actor_id=actor_id, names=names)
    return Replay(
        version,
        found,
        showing.conditions(found, known),
        _law(ready, region),
        answers.PURPOSE in agreed,
        answers.first_of(present_beside, present.values, plan_now, region) if today and plan_now else None,
        _changes(ready, today, known, present, region),
        showing.yields(found),
    )  # fmt: skip


def _beside(ready: Ready, region: str, refused: Collection[str]) -> list[Ready]:
    """Gather what held on the same day of all a policy may have had to yield to."""
    near, seen = [ready], {ready.policy.code}
    ahead = list(ready.policy.excludes)
    while ahead:
        code = ahead.pop()
        version = None if code in seen else shelf.version_then(code, region, ready.as_of)
        seen.add(code)
        if version is not None:
            near.append(shelf.ready_of(version.pk, shelf.policy_of(version), ready.as_of))
            ahead.extend(near[-1].policy.excludes)
    bonds = {each.id: bond_of(each.policy) for each in near}
    return shelf.beside([ready], near[1:], bonds, refused)


def _law(ready: Ready, region: str) -> list[Law]:
    lines = []
    for name in ready.names:
        held = yaml_files.parameters().get(name)
        if held is None:
            continue
        line = held.held(region, ready.as_of)
        shown = _number(name, line.value) if line else ""
        lines.append(Law(sentences.label_of(name), shown, line.reference if line else ""))
    return lines


def _changes(then: Ready, now: Ready | None, known: Knowledge, present: Knowledge, region: str) -> list[Change]:  # fmt: skip
    """List what is not as it was: the text, the facts, the law."""
    text = differences(then.policy, now.policy) if now and now.id != then.id else []
    names = answers.asked_by([then])
    facts = [
        Change(sentences.label_of(name), _word(name, known.values), _word(name, present.values))
        for name in names
        if known.values.get(name) != present.values.get(name)
    ]
    law = [
        Change(sentences.label_of(name), _number(name, value), _number(name, now.law(region).get(name)))
        for name, value in then.law(region).items()
        if now and name in then.names and value != now.law(region).get(name)
    ]  # fmt: skip
    return [*text, *facts, *law]


def _word(name: str, values: Mapping[str, object]) -> str:
    return showing.value_words(name, values.get(name)) or _("not known")


def _number(name: str, value: int | None) -> str:
    if value is None:
        return _("not known")
    if yaml_files.parameters()[name].kind is Kind.MONEY:
        return _("%(sum)s yuan") % {"sum": yuan(value)}
    return str(value)
