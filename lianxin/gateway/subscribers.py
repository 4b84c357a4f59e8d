"""What the door does when lower apps tell that something changed: it passes the word on."""

from __future__ import annotations

import uuid

from lianxin.gateway import services
from lianxin.kit.events import subscribe
from lianxin.orgs.events import (
    OrganisationClosed,
    OrganisationFounded,
    OrganisationMoved,
    OrganisationRenamed,
)
from lianxin.procedures.events import DossierClosed, DossierDecided, DossierMoved, DossierSubmitted


def on_submitted(event: DossierSubmitted) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_moved(event: DossierMoved) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_decided(event: DossierDecided) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_closed(event: DossierClosed) -> None:
    services.status_told(dossier_id=event.dossier_id)


def on_founded(event: OrganisationFounded) -> None:
    services.founded_told(organisation_id=event.organisation_id)


def on_renamed(event: OrganisationRenamed) -> None:
    services.renamed_told(organisation_id=event.organisation_id, change_id=event.change_id)


def on_union_moved(event: OrganisationMoved) -> None:
    services.moved_told(
        organisation_id=event.organisation_id,
        change_id=event.change_id,
        stood_below=[uuid.UUID(one) for one in event.stood_below],
    )


def on_union_closed(event: OrganisationClosed) -> None:
    services.closed_told(
        organisation_id=event.organisation_id,
        change_id=event.change_id,
        survivor_id=event.survivor_id if event.is_merger else None,
    )


def subscribe_all() -> None:
    """Join the handlers to their events; called once by apps.py."""
    subscribe(DossierSubmitted, on_submitted)
    subscribe(DossierMoved, on_moved)
    subscribe(DossierDecided, on_decided)
    subscribe(DossierClosed, on_closed)
    subscribe(OrganisationFounded, on_founded)
    subscribe(OrganisationRenamed, on_renamed)
    subscribe(OrganisationMoved, on_union_moved)
    subscribe(OrganisationClosed, on_union_closed)
