"""Reading proposals: those of an officer's reach, and one's own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from lianxin.eligibility import policies
from lianxin.eligibility.models import Outcome, PolicyVersion, Proposal
from lianxin.eligibility.rules.policy import rule_names
from lianxin.eligibility.selectors import answers, shelf
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of
from lianxin.members.api import fact_entry
from lianxin.orgs.api import Actor

PAGE = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal as an officer reads it: who, what, why."""

    proposal: Proposal
    title: str
    reason: str
    what: str


def proposals_for(actor: Actor, *, code: str = "", after: str | None = None) -> Page[Proposal]:
    """List what is proposed for the people an officer serves, newest first. One query.

    Left out: who said no, whose time to say no still runs, and whom it no longer fits.
    """
    rows = _open(actor)
    if code:
        rows = rows.filter(policy__code=code)
    return page_of(rows, after, size=PAGE, order=("-created_at", "-id"))


def policies_proposed(actor: Actor) -> list[tuple[str, str]]:
    """List the policies something is proposed of in reach, with their titles. One query."""
    found = _open(actor).order_by("policy__code").values_list("policy__code", "policy__content__title")  # fmt: skip
    return sorted({code: str(shelf.bilingual(title)) for code, title in found.distinct()}.items())


def proposal_of(account_id: uuid.UUID | None, proposal_id: uuid.UUID) -> Proposal | None:
    """Return a proposal about the person herself."""
    rows = Proposal.objects.select_related("policy", "member__organisation")
    return rows.filter(pk=proposal_id, member__account_id=account_id).first() if account_id else None  # fmt: skip


def line_of(proposal: Proposal) -> Line:
    """Say a proposal in words. No query."""
    words = shelf.wording_of(proposal.policy, proposal.condition)
    return Line(
        proposal,
        str(shelf.title_of(proposal.policy)),
        str(words.met) if words else "",
        str(shelf.bilingual(proposal.policy.content["gives"]["what"])),
    )


def sealed_facts(version: PolicyVersion) -> list[str]:
    """List the sealed facts a policy looks at: an answer to it tells something of them."""
    read = answers.origins_of(rule_names(shelf.policy_of(version)))
    return sorted(each for each in read if (entry := fact_entry(each)) and entry.is_sensitive)


def _open(actor: Actor) -> QuerySet[Proposal]:
    still = Outcome.objects.filter(
        member_id=OuterRef("member_id"),
        policy__code=OuterRef("policy__code"),
        policy__is_current=True,
        state=Outcome.State.FITS,
    )
    rows = policies.proposals_visible_to(actor).filter(Exists(still), shown_from__lte=clock.now())
    return rows.select_related("member__organisation", "policy")
