"""Factories for tests and the demo: the shipped catalogue loaded, applications begun and sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lianxin.catalogue import conf, services
from lianxin.catalogue.constants import PLACES
from lianxin.catalogue.models import Draft
from lianxin.catalogue.selectors.filling import opened
from lianxin.catalogue.selectors.shelf import Offer, shelf
from lianxin.catalogue.services import PlacesGiven, places_open
from lianxin.files.api import file_store
from lianxin.members.api import Member, fact_save, member_of
from lianxin.orgs.api import Actor
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import answers_for

__all__ = [
    "CODES",
    "PDF",
    "PLACES",
    "PlacesGiven",
    "applied",
    "begun",
    "filled",
    "member_union",
    "offer_of",
    "paper_of",
    "places_open",
    "shipped_catalogue",
    "told",
]

# The codes of the samples that ship.
CODES = sorted(path.stem for path in (conf.SHIPPED / "items").glob("*.yaml"))
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def shipped_catalogue() -> services.Loaded:
    """Load the samples that come with Lianxin; again changes nothing."""
    return services.catalogue_load(actor=Actor.system(), path=conf.SHIPPED)


def offer_of(code: str) -> Offer:
    """Return a loaded service."""
    found = shelf().offer(code)
    if found is None:
        raise LookupError(code)
    return found


def begun(actor: Actor, code: str, **given: Any) -> Draft:
    """Begin an application, agreeing to all it needs."""
    agreed = [*offer_of(code).card.consents, "service"]
    given = {"agreed": agreed, "guardian_name": "林晓梅", **given}
    return services.draft_begin(actor=actor, code=code, **given)


def filled(actor: Actor, draft: Draft, typed: Mapping[str, Any] | None = None) -> Draft:
    """Answer all that is missing with the first thing that fits, and add the papers."""
    found = opened(Draft.objects.select_related("item", "version__procedure").get(pk=draft.pk))
    union = member_union(actor)
    answers = {**answers_for(found.asked_fields, organisation_code=union), **(typed or {})}
    papers = {one.code: [paper_of(actor)] for one in found.evidence if one.is_required}
    return services.draft_keep(actor=actor, draft_id=draft.pk, typed=answers, papers=papers)


def member_union(actor: Actor) -> str:
    """Return the code of the union somebody belongs to, "" for none."""
    member = member_of(actor.account_id)
    return member.organisation.code if member else ""


def paper_of(actor: Actor, name: str = "证明.pdf") -> uuid.UUID:
    """Upload a small paper."""
    if actor.account_id is None:
        raise ValueError("nobody uploads")
    upload = SimpleUploadedFile(name, PDF, "application/pdf")
    return file_store(actor_id=actor.account_id, upload=upload, purpose="evidence").pk


def applied(
    actor: Actor, code: str, *, typed: Mapping[str, Any] | None = None, **given: Any
) -> Dossier:
    """Send an application in from beginning to end; return the dossier."""
    draft = filled(actor, begun(actor, code, **given), typed)
    dossier_id = services.draft_send(
        actor=actor, draft_id=draft.pk, version_id=offer_of(code).version_id
    )
    return Dossier.objects.get(pk=dossier_id)


def told(actor: Actor, name: str, value: Any) -> None:
    """Let a member tell a fact about herself, as the system heard it from an application."""
    member = Member.objects.get(account_id=actor.account_id)
    fact_save(
        actor=Actor.system(), member_id=member.pk, name=name, value=value, source="dossier",
        source_id="test",
    )  # fmt: skip
