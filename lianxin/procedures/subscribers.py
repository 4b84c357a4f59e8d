"""What procedures hear from below: notices ending, objections, people leaving and joining."""

from __future__ import annotations

from lianxin.jobs import api as jobs
from lianxin.kit.events import subscribe
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.notices.events import NoticeEnded, ObjectionLodged, ObjectionSettled
from lianxin.orgs.events import DeputyEnded, DeputyNamed, PostEnded, PostGranted
from lianxin.procedures import services

_KIND = "dossier"


def on_notice_ended(event: NoticeEnded) -> None:
    if event.object_kind == _KIND:
        services.notice_over(dossier_id=event.object_id, notice_id=event.notice_id)


def on_objection_lodged(event: ObjectionLodged) -> None:
    if event.object_kind == _KIND:
        services.notice_objected(
            dossier_id=event.object_id, objection_id=event.objection_id, is_settled=False
        )


def on_objection_settled(event: ObjectionSettled) -> None:
    if event.object_kind == _KIND:
        services.notice_objected(
            dossier_id=event.object_id, objection_id=event.objection_id, is_settled=True
        )
        services.notice_over(dossier_id=event.object_id, notice_id=event.notice_id)


def on_post_ended(event: PostEnded) -> None:
    _reseat_later(str(event.organisation_id))


def on_post_granted(event: PostGranted) -> None:
    _reseat_later(str(event.organisation_id))


def on_deputy_named(event: DeputyNamed) -> None:
    _reseat_later(str(event.organisation_id))


def on_deputy_ended(event: DeputyEnded) -> None:
    _reseat_later(str(event.organisation_id))


def _reseat_later(organisation_id: str) -> None:
    with atomic():
        jobs.enqueue(
            "procedures.tasks_reseat",
            payload={"organisation_id": organisation_id},
            key=f"procedures.reseat:{organisation_id}:{new_id()}",
        )


def subscribe_all() -> None:
    """Called once by apps.py."""
    subscribe(NoticeEnded, on_notice_ended)
    subscribe(ObjectionLodged, on_objection_lodged)
    subscribe(ObjectionSettled, on_objection_settled)
    subscribe(PostEnded, on_post_ended)
    subscribe(PostGranted, on_post_granted)
    subscribe(DeputyNamed, on_deputy_named)
    subscribe(DeputyEnded, on_deputy_ended)
