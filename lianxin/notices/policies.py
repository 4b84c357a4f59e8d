"""Who may answer an objection, and which notices an officer manages."""

from __future__ import annotations

from django.db.models import QuerySet

from lianxin.notices.models import NoticeLine, Objection
from lianxin.orgs.api import Ability, Actor, reach_q


def may_settle(actor: Actor, objection: Objection) -> bool:
    """The organisation that published answers; never the objector, never the person shown."""
    return objections_visible_to(actor).filter(pk=objection.pk).exists()


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Those her organisation answers; not her own, and none that somebody lodged against her."""
    if actor.is_system:
        return Objection.objects.all()
    within = reach_q(actor, Ability.NOTICE_MANAGE, prefix="line__notice__organisation")
    found = Objection.objects.filter(within).exclude(account_id=actor.account_id)
    return found.exclude(line__subject_id=actor.account_id)


def may_know_receipt(actor: Actor, line: NoticeLine) -> bool:
    """Only the person a line is about learns which one it is."""
    return actor.account_id is not None and actor.account_id == line.subject_id
