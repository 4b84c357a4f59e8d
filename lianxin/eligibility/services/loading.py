"""Taking policy files in: each version is kept as it stood, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.rules.policy import Policy, digest_of
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
        new = sum(version_add(actor, policy)[1] for policy in policies)
        if new:
            everybody_recompute()
    return Loaded(new, len(policies) - new)


def version_add(actor: Actor, policy: Policy) -> tuple[PolicyVersion, bool]:
    """Take in one version and say whether it is new; it becomes the current one from its first day.

    The caller has checked who may, and runs in a transaction. Raises RefusedError for another text
    under a number that was taken in before.
    """
    content: dict[str, Any] = msgspec.to_builtins(policy)
    digest = digest_of(policy)
    versions = PolicyVersion.objects.filter(code=policy.code, region=policy.region)
    standing = versions.filter(version=policy.version).first()
    if standing is not None:
        if standing.digest != digest:
            raise RefusedError(
                _("%(code)s version %(version)s was taken in with another text. Give the new text a new version.")
                % {"code": policy.code, "version": policy.version}
            )  # fmt: skip
        return standing, False
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
        is_current=False,
        loaded_by=actor.account_id,
    )
    current_turn(code=policy.code, region=policy.region)
    row.refresh_from_db()
    audit.record(
        actor_id=actor.account_id,
        action="eligibility.policy_loaded",
        kind="eligibility.PolicyVersion",
        object_id=row.pk,
        detail={"code": policy.code, "version": policy.version, "digest": digest},
    )
    return row, True


def current_turn(*, code: str, region: str) -> bool:
    """Make the newest version that has begun the current one; say whether that changed anything.

    A version published for a later day leaves the one in force where it is until that day. Where
    none has begun yet the newest stands ready. One that was ended before its first day takes over
    from none.
    """
    versions = (
        PolicyVersion.objects.filter(code=code, region=region).defer("content").order_by("-version")
    )
    held = [each for each in versions if not each.never_held] or list(versions)
    newest = next(
        (each for each in held if each.valid_from <= clock.today()), next(iter(held), None)
    )
    if newest is None or newest.is_current:
        return False
    with atomic():
        versions.filter(is_current=True).update(is_current=False)
        PolicyVersion.objects.filter(pk=newest.pk).update(is_current=True)
    return True


def versions_turn() -> int:
    """Let versions that begin today take over; everybody is looked at anew where one did."""
    ahead = PolicyVersion.objects.filter(is_current=False, valid_from__lte=clock.today())
    turned = sum(
        current_turn(code=code, region=region)
        for code, region in ahead.order_by().values_list("code", "region").distinct()
    )
    if turned:
        with atomic():
            everybody_recompute()
    return turned


def everybody_recompute() -> None:
    """Put a look at everybody into the queue, with the running transaction."""
    jobs.enqueue(RECOMPUTE_ALL, payload={"after": ""}, key=f"recompute:{clock.now().isoformat()}")
