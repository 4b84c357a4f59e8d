"""Writing what a pass found: only what differs, told as the look at one person tells it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from lianxin.eligibility.models import Outcome, PolicyVersion, Refusal
from lianxin.eligibility.services.matching.exporting import Person
from lianxin.eligibility.services.recomputing import still_told, tell, year_began
from lianxin.kit.transactions import atomic

Key = tuple[uuid.UUID, uuid.UUID]  # member, version
_TOLD_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What should stand for one person and one policy."""

    state: str
    condition: str
    missing: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which versions a pass asked about, on which day; `codes` limits what it may take away."""

    versions: Mapping[uuid.UUID, PolicyVersion]
    as_of: dt.date
    codes: frozenset[str]

    def once(self, version: uuid.UUID) -> str:
        """Say how often a version gives what it gives."""
        return str(self.versions[version].content.get("once", ""))


def without_refused(wanted: dict[Key, Verdict], people: Sequence[Person], scope: Scope) -> dict[Key, Verdict]:  # fmt: skip
    """Leave out the kinds of help somebody does not want to be looked for."""
    ids = [each.member_id for each in people]
    refused = set(Refusal.objects.filter(member_id__in=ids).values_list("member_id", "purpose"))
    if not refused:
        return wanted
    return {
        (member, version): verdict
        for (member, version), verdict in wanted.items()
        if (member, scope.versions[version].purpose) not in refused
    }


def outcomes_write(people: Collection[uuid.UUID], wanted: Mapping[Key, Verdict], scope: Scope) -> int:  # fmt: skip
    """Make the rows of some people what they should be; return how many rows changed."""
    rows = Outcome.objects.filter(member_id__in=people).select_for_update(of=("self",))
    held = {(row.member_id, row.policy_id): row for row in rows}
    codes = _codes({version for _member, version in held} | set(scope.versions), scope)
    told = {
        (member, codes[version]): row.told_at
        for (member, version), row in held.items()
        if row.told_at
    }
    gone = [
        row.pk
        for key, row in held.items()
        if key not in wanted and (not scope.codes or codes[key[1]] in scope.codes)
    ]
    if gone:
        Outcome.objects.filter(pk__in=gone).delete()
    fresh = [
        Outcome(
            member_id=member,
            policy_id=version,
            as_of=scope.as_of,
            told_at=still_told(told.get((member, codes[version])), scope.once(version)),
            state=verdict.state,
            condition=verdict.condition,
            missing=verdict.missing,
        )
        for (member, version), verdict in wanted.items()
        if (member, version) not in held
    ]
    Outcome.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=2_000)
    changed = [row for key, row in held.items() if key in wanted and _taken_over(row, wanted[key], scope.as_of)]  # fmt: skip
    Outcome.objects.bulk_update(changed, ["state", "condition", "missing", "as_of"], batch_size=500)
    return len(gone) + len(fresh) + len(changed)


def _taken_over(row: Outcome, wanted: Verdict, as_of: dt.date) -> bool:
    """Take over what changed; the day alone is no change."""
    if (row.state, row.condition, row.missing) == (wanted.state, wanted.condition, wanted.missing):
        return False
    row.state, row.condition, row.missing, row.as_of = wanted.state, wanted.condition, wanted.missing, as_of  # fmt: skip
    return True


def _codes(versions: Iterable[uuid.UUID], scope: Scope) -> dict[uuid.UUID, str]:
    known = {pk: version.code for pk, version in scope.versions.items()}
    older = set(versions) - set(known)
    if older:
        known |= dict(PolicyVersion.objects.filter(pk__in=older).values_list("pk", "code"))
    return known


def people_tell(people: Sequence[Person], scope: Scope) -> None:
    """Tell those who were not told yet what fits them: each in one message, once.

    What is given once a year, and was told in another, is told again.
    """
    accounts = {each.member_id: each.account_id for each in people}
    rows: dict[uuid.UUID, list[Outcome]] = defaultdict(list)
    yearly = [version for version in scope.versions if scope.once(version) == "year"]
    untold = Q(told_at=None) | Q(policy_id__in=yearly, told_at__lt=year_began())
    fits = Outcome.objects.filter(untold, state=Outcome.State.FITS)
    for row in fits.filter(member_id__in=accounts).select_related("policy").order_by("pk"):
        rows[row.member_id].append(row)
    waiting = list(rows.items())
    for at in range(0, len(waiting), _TOLD_AT_ONCE):
        with atomic():
            for member_id, new in waiting[at : at + _TOLD_AT_ONCE]:
                tell(accounts[member_id], new)
