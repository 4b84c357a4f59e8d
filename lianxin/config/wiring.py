"""The one file that joins neighbours: a published event to a door, one line each.

It also gives `audit`, which lies below `jobs`, its place among the jobs.
"""

from __future__ import annotations

from django.urls import reverse

from lianxin.audit import api as audit
from lianxin.catalogue import api as catalogue
from lianxin.eligibility import api as eligibility
from lianxin.jobs import api as jobs
from lianxin.members.api import Member
from lianxin.orgs.api import Ability, Actor


@jobs.job("audit.write_checkpoint", queue="long")
def write_checkpoint_job() -> None:
    audit.checkpoint_write()


jobs.every("audit.write_checkpoint", seconds=3600)


def service_link(code: str) -> str | None:
    """Where a policy's service is applied for, while the catalogue offers it."""
    is_offered = code in catalogue.shelf().offers
    return reverse("catalogue:service_page", args=[code]) if is_offered else None


eligibility.service_links.fill("catalogue", service_link)


def proposal_link(actor: Actor, member: Member, code: str) -> str | None:
    """Where an officer begins a service for a member: put forward where the item allows it, else together."""
    offer = catalogue.shelf().offer(code)
    if offer is None:
        return None
    path = member.organisation.path
    is_forward = any(actor.can(Ability(one), path) for one in offer.card.nominated_by)
    page = reverse("catalogue:help_start", args=[member.pk, code])
    return f"{page}?nominate" if is_forward else page


eligibility.proposal_links.fill("catalogue", proposal_link)
