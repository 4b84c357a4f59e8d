"""Factories of activities, for tests and the demo."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.activities.models import Activity, PlanLine, Session, Telling
from lianxin.activities.services import (
    ActivityTerms,
    SessionTerms,
    activity_draft,
    activity_publish,
    line_write,
    opinion_give,
    people_ask,
    pictures_add,
    plan_publish,
    telling_run,
)
from lianxin.activities.services.plans import LineTerms
from lianxin.allocation.api import Pool
from lianxin.kit import clock
from lianxin.orgs.api import Actor, Organisation

_serial = itertools.count(1)


def terms_made(**more: Any) -> ActivityTerms:
    """Return the terms of a friendly match, complete enough to be published."""
    given: dict[str, Any] = {
        "kind": "sport",
        "title": "职工羽毛球友谊赛",
        "words": "不比输赢，活动筋骨。\n\n- 签到\n- 双打轮换",
        "contact_name": "王建国",
        "contact_phone": "023-1235-1001",
        "place": "扬子机械厂体育馆",
        "address": "嘉岭区北苍街道柳荫路 88 号",
        "audience": "everybody",
    }
    return ActivityTerms(**(given | more))


def time_made(days: float = 3, hours: float = 2, **more: Any) -> SessionTerms:
    """Return a time some days ahead, with ten places."""
    begins = clock.now() + dt.timedelta(days=days)
    given: dict[str, Any] = {
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=hours),
        "capacity": 10,
    }
    return SessionTerms(**(given | more))


def draft_made(
    organisation: Organisation,
    *,
    actor: Actor | None = None,
    times: Sequence[SessionTerms] | None = None,
    **more: Any,
) -> Activity:
    """Make a draft with one time, or those given."""
    return activity_draft(
        actor=actor or Actor.system(),
        organisation_id=organisation.pk,
        terms=terms_made(**more),
        times=[time_made()] if times is None else times,
        key=f"made-{next(_serial)}",
    )


def activity_made(organisation: Organisation, **more: Any) -> Activity:
    """Make a published activity."""
    draft = draft_made(organisation, **more)
    activity_publish(actor=Actor.system(), activity_id=draft.pk)
    return Activity.objects.select_related("organisation").get(pk=draft.pk)


def asked_about(activity: Activity, said: Mapping[uuid.UUID, tuple[str, str]]) -> None:
    """Ask whoever came to the first time of an activity how it was, and let these accounts answer."""
    people_ask()
    session = session_of(activity)
    for telling in Telling.objects.filter(session=session, kind=Telling.Kind.HOW):
        telling_run(telling.pk)
    for account_id, (word, line) in said.items():
        opinion_give(session_id=session.pk, account_id=account_id, said=word, line=line)


def album_made(
    activity: Activity, uploads: Sequence[SimpleUploadedFile], *, actor: Actor, alt: str
) -> None:
    """Put pictures into the album of the first time of an activity."""
    pictures_add(
        actor=actor, session_id=session_of(activity).pk, uploads=uploads, alt=alt, has_agreed=True, key=f"made-{next(_serial)}"
    )  # fmt: skip


def plan_line_made(
    organisation: Organisation,
    *,
    actor: Actor,
    year: int,
    activity: Activity | None = None,
    **said: Any,
) -> PlanLine:
    """Write a line into the plan of a year."""
    terms = LineTerms(activity_id=activity.pk if activity else None, **said)
    return line_write(actor=actor, organisation_id=organisation.pk, year=year, terms=terms, key=f"made-{next(_serial)}")  # fmt: skip


def plan_published(organisation: Organisation, *, actor: Actor, year: int) -> None:
    """Let everybody read the plan of a year."""
    plan_publish(actor=actor, organisation_id=organisation.pk, year=year, is_public=True)


def session_of(activity: Activity) -> Session:
    """Return the first time of an activity."""
    rows = Session.objects.select_related("activity__organisation", "organisation", "pool")
    return rows.filter(activity=activity).order_by("starts_at")[0]


def pool_of(activity: Activity) -> Pool:
    """Return the places of the first time of an activity."""
    pool = session_of(activity).pool
    if pool is None:
        raise ValueError("nobody signs up for this one")
    return pool
