"""Taking policy files in: each version is kept as it stood, and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.rules.policy import Policy
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor

RECOMPUTE_ALL = "eligibility.recompute_all"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: versions new and versions that stood already."""

    new: int
    kept: int


def policies_load(*, actor: Actor, policies: Sequence[Policy]) -> Loaded:
    """Take in checked policies; those already there change nothing. Everybody is looked at anew.

    Refuses another text under a version that was taken in before: raise the version instead.
    """
    if not actor.is_system:
        raise ForbiddenError(_("Policies are loaded from the console."))
    with atomic():
        new = sum(_load(actor, policy) for policy in policies)
        if new:
            jobs.enqueue(
                RECOMPUTE_ALL, payload={"after": ""}, key=f"recompute:{clock.now().isoformat()}"
            )
    return Loaded(new, len(policies) - new)


def _load(actor: Actor, policy: Policy) -> bool:
    content: dict[str, Any] = msgspec.to_builtins(policy)
    digest = hashlib.sha256(msgspec.json.encode(policy, order="sorted")).hexdigest()
    versions = PolicyVersion.objects.filter(code=policy.code, region=policy.region)
    standing = versions.filter(version=policy.version).first()
    if standing is not None:
        if standing.digest != digest:
            raise RefusedError(
                _("%(code)s version %(version)s was taken in with another text. Give the new text a new version.")
                % {"code": policy.code, "version": policy.version}
            )  # fmt: skip
        return False
    newest = versions.order_by("-version").first()
    is_current = newest is None or policy.version > newest.version
    if is_current:
        versions.filter(is_current=True).update(is_current=False)
    row = PolicyVersion.objects.create(
        code=policy.code,
        version=policy.version,
        region=policy.region,
        digest=digest,
        content=content,
        service=policy.service,
        purpose=policy.purpose,
        valid_from=policy.valid_from,
        valid_until=policy.valid_until,
        is_current=is_current,
        loaded_by=actor.account_id,
    )
    audit.record(
        actor_id=actor.account_id,
        action="eligibility.policy_loaded",
        kind="eligibility.PolicyVersion",
        object_id=row.pk,
        detail={"code": policy.code, "version": policy.version, "digest": digest},
    )
    return True
