"""Finding anew what fits a member, and telling her once what newly does."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import Outcome, PolicyVersion, Telling
from lianxin.eligibility.rules.explaining import Condition
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.selectors.answers import (
    PURPOSE,
    Explained,
    explain_for,
    refused_purposes,
)
from lianxin.eligibility.services.proposing import proposals_make
from lianxin.kit import clock
from lianxin.kit.text import Bilingual
from lianxin.kit.transactions import atomic
from lianxin.kit.workdays import SHANGHAI
from lianxin.members import api as members
from lianxin.members.api import Member
from lianxin.notify import api as notify
from lianxin.orgs.api import below_q

BATCH = 200
RECOMPUTE_IMPORTED = "eligibility.recompute_imported"


def outcomes_recompute(*, member_id: uuid.UUID) -> list[Outcome]:
    """Find anew what fits a member who agreed to be looked for; again changes nothing.

    Returns what newly fits. Tells her in one message, each policy once a year; a person decides.
    """
    with atomic():
        member = members.member_locked(member_id)
        if member is None:
            return []
        agreed = _agreed(member)
        if PURPOSE not in agreed:
            Outcome.objects.filter(member=member).delete()
            return []
        refused = refused_purposes(member.pk)
        found, _knowledge = explain_for(member, actor_id=None, agreed=agreed, refused=refused)
        rows = [(row, each.ready.policy) for each in found if (row := _row(member, each))]
        return _keep(member, rows)


def _agreed(member: Member) -> set[str]:
    if member.account_id is None:
        return set()
    return members.agreed_of_many([member.account_id]).get(member.account_id, set())


def _row(member: Member, found: Explained) -> Outcome | None:
    answer, policy = found.answer, found.ready.policy
    row = Outcome(member=member, policy_id=found.ready.id, as_of=found.ready.as_of)
    if answer.outcome == "yes":
        row.state = Outcome.State.FITS
        row.condition = _telling(policy.conditions[0].code, [each.code for each in answer.conditions])  # fmt: skip
        return row
    asks = answer.outcome == "unknown" and len(answer.missing) == 1 and _speaks(answer.conditions)
    if asks and answer.missing[0] in yaml_files.facts():  # nobody is asked what the law says
        row.state, row.missing = Outcome.State.NEARLY, answer.missing[0]
        row.condition = next(each.code for each in answer.conditions if each.missing)
        return row
    return None


def _speaks(conditions: Sequence[Condition]) -> bool:
    """Say whether something she told speaks for it: nobody is asked out of the blue who died."""
    entries = yaml_files.facts()
    return any(
        each.outcome == "yes"
        and any(name in entries and entries[name].reads for name in each.names)
        for each in conditions
    )


def _telling(first: str, codes: Sequence[str]) -> str:
    """Choose the condition that says most: being a member is not why something fits."""
    return next((code for code in codes if code != "member"), first)


def still_told(told_at: dt.datetime | None, once: str) -> dt.datetime | None:
    """Return when it was told, if that still counts: what is given once a year is told each year."""
    if told_at is None or once != "year":
        return told_at
    return told_at if told_at >= year_began() else None


def year_began() -> dt.datetime:
    """Return the first moment of this year, as its people count it."""
    return dt.datetime(clock.today().year, 1, 1, tzinfo=SHANGHAI)


def _keep(member: Member, found: Sequence[tuple[Outcome, Policy]]) -> list[Outcome]:
    """Make the rows what they should be; told stays told, also over a new version."""
    standing = Outcome.objects.filter(member=member).annotate(code=F("policy__code"))
    old = {row.policy_id: row for row in standing}
    told = {row.code: row.told_at for row in old.values() if row.told_at}
    gone = set(old) - {row.policy_id for row, _policy in found}
    if gone:
        Outcome.objects.filter(member=member, policy_id__in=gone).delete()
    fresh = [row for row, _policy in found if row.policy_id not in old]
    for row, policy in found:
        row.told_at = still_told(told.get(policy.code), policy.once)
    if fresh:
        Outcome.objects.bulk_create(fresh, ignore_conflicts=True)
    kept = [(old[row.policy_id], row) for row, _policy in found if row.policy_id in old]
    changed = [row for row, wanted in kept if _taken_over(row, wanted)]
    if changed:
        Outcome.objects.bulk_update(changed, ["state", "condition", "missing", "as_of"])
    for row, wanted in kept:
        row.told_at = wanted.told_at
    rows = [*fresh, *(row for row, _wanted in kept)]
    new = [row for row in rows if row.state == Outcome.State.FITS and row.told_at is None]
    if new:
        _told(member, new)
    return new


def _told(member: Member, new: Sequence[Outcome]) -> None:
    versions = PolicyVersion.objects.in_bulk([row.policy_id for row in new])
    for row in new:
        row.policy = versions[row.policy_id]
    if member.account_id is not None:
        tell(member.account_id, new)


def _taken_over(row: Outcome, wanted: Outcome) -> bool:
    """Take over what changed, if anything did (the day alone is no change)."""
    if (row.state, row.condition, row.missing) == (wanted.state, wanted.condition, wanted.missing):
        return False
    row.state, row.condition, row.missing, row.as_of = wanted.state, wanted.condition, wanted.missing, wanted.as_of  # fmt: skip
    return True


def tell(account_id: uuid.UUID, new: Sequence[Outcome]) -> None:
    """Tell a person what newly fits her: each policy at most once a year. Inside `atomic`.

    What she need not apply for comes as a proposal she may refuse, the rest in one message.
    """
    proposed = [row for row in new if row.policy.content.get("proposed")]
    others = [row for row in new if not row.policy.content.get("proposed")]
    if proposed:
        proposals_make(account_id, proposed)
    if others:
        _message(account_id, others)
    Outcome.objects.filter(pk__in=[row.pk for row in new]).update(told_at=clock.now())


def _message(account_id: uuid.UUID, found: Sequence[Outcome]) -> None:
    """One message, however many; what was told this year already, and went meanwhile, is left out."""
    year, member_id = clock.today().year, found[0].member_id
    held = set(Telling.objects.filter(member_id=member_id, year=year).values_list("code", flat=True))  # fmt: skip
    new = [row for row in found if row.policy.code not in held]
    if not new:
        return
    codes = sorted(row.policy.code for row in new)
    Telling.objects.bulk_create([Telling(member_id=member_id, code=code, year=year) for code in codes], ignore_conflicts=True)  # fmt: skip
    titles = [row.policy.content["title"] for row in new]
    notify.notify(
        account_id=account_id,
        kind="eligibility.found",
        title=_("We found something that fits you"),
        body=Bilingual(
            en="; ".join(title["en"] for title in titles) + ". Have a look; you decide.",
            zh_Hans="、".join(title["zh_Hans"] for title in titles) + "。看看为什么适合您，要不要由您决定。",
        ),
        url=reverse("eligibility:policy_page", args=[codes[0]]) if len(codes) == 1 else reverse("eligibility:found"),
        discreet=True,
        key=f"found:{year}:{hashlib.sha256(','.join(codes).encode()).hexdigest()[:32]}",
    )  # fmt: skip


def batch_recompute(*, after: str) -> str | None:
    """Look at the next members who agreed to be looked for; return where to go on, None at the end."""
    return _batch(Member.objects.all(), after)


def imported_recompute(*, path: str, since: dt.datetime, after: str) -> str | None:
    """Look at the next of those below a union whose entries changed since; return where to go on."""
    return _batch(Member.objects.filter(below_q(path), updated_at__gte=since), after)


def _batch(people: QuerySet[Member], after: str) -> str | None:
    rows = people.exclude(account=None).order_by("pk")
    if after:
        rows = rows.filter(pk__gt=uuid.UUID(after))
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    for member_id in ids:
        outcomes_recompute(member_id=member_id)
    return str(ids[-1]) if len(ids) == BATCH else None
