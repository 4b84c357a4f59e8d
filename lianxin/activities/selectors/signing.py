"""What is known of somebody who signs up, so that she is not asked again."""

from __future__ import annotations

import uuid
from typing import Any

from lianxin.activities.models import Session
from lianxin.activities.rules.groups import Details, Group
from lianxin.activities.rules.questions import Ask
from lianxin.allocation.api import Claim
from lianxin.kit import clock
from lianxin.members.api import Member, fact_entry, facts_of, member_of, relatives_of
from lianxin.orgs.api import Ability, actor_of
from lianxin.vault import api as vault

PURPOSE = "activity.sign_up"


def session_of_pool(object_id: uuid.UUID) -> Session | None:
    """Return the session some places are of. One query."""
    rows = Session.objects.select_related("activity__organisation", "pool")
    return rows.filter(pk=object_id).first()


def known_for(session: Session, account_id: uuid.UUID) -> dict[str, Any]:
    """Gather what the union knows that this form asks: answers, family, unions she books for."""
    activity = session.activity
    group = Group(activity.group)
    member = member_of(account_id) if _facts(session) else None
    return {
        "answers": _answers(session, member, account_id) if member else {},
        "kin": _kin(account_id, asks_ages=activity.asks_ages) if group is Group.FAMILY else (),
        "unions": _unions(account_id) if group is Group.UNION else (),
    }  # fmt: skip


def asks_anything(object_id: uuid.UUID) -> bool:
    """Say whether there is anything to tell beside coming. One query."""
    rows = Session.objects.filter(pk=object_id).values_list(
        "activity__group", "activity__questions"
    )
    group, questions = rows.first() or (Group.ALONE, [])
    return bool(questions) or group != Group.ALONE


def details_of(claim: Claim) -> Details:
    """Read what was told for a claim, for the machine or for herself; no trace is left."""
    return Details.read(vault.reveal(claim, "details"))


def _facts(session: Session) -> dict[str, str]:
    return {one.code: one.fact for one in session.activity.asked if one.fact}


def _answers(session: Session, member: Member, account_id: uuid.UUID) -> dict[str, tuple[Any, str]]:
    wanted = _facts(session)
    if not wanted:
        return {}
    found = facts_of(member.pk, wanted.values(), actor_id=account_id, purpose=PURPOSE)
    asks = {one.code: one for one in session.activity.asked}
    return {
        code: (_said(name, found[name].value), found[name].source_label)
        for code, name in wanted.items()
        if name in found and found[name].is_fresh and asks[code].ask in {Ask.TEXT, Ask.LONG}
    }


def _said(name: str, value: Any) -> str:
    """Write a fact as one says it: a choice by its label."""
    entry = fact_entry(name)
    labels = {one.code: str(one.label) for one in entry.choices} if entry else {}
    return labels.get(str(value), str(value))


def _kin(account_id: uuid.UUID, *, asks_ages: bool) -> list[tuple[str, str, int | None]]:
    today = clock.today()
    found = []
    for one in relatives_of(account_id):
        born = one.birth_on if asks_ages else None
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None  # fmt: skip
        # Her own declaration, shown to herself.
        found.append((str(one.pk), vault.reveal(one, "name"), age))
    return found


def _unions(account_id: uuid.UUID) -> list[tuple[str, str]]:
    posts = actor_of(account_id).with_ability(Ability.PLACES_MANAGE)
    return list(dict.fromkeys((post.organisation_code, post.organisation_name) for post in posts))
