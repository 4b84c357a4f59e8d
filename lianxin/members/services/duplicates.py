"""People entered twice: found on entry and after an import, judged at the desk, merged or kept apart."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.events import MembersMerged
from lianxin.members.models import Fact, Member, Relative, Suspicion, Transfer
from lianxin.members.rules.duplicates import Mark, Sign, Traits, marks_of, signs_of
from lianxin.members.rules.membership import HELD, Move
from lianxin.members.rules.merging import member_merge
from lianxin.members.selectors.dictionary import dictionary
from lianxin.members.services.card import cards_revoke
from lianxin.members.services.membership import UNDER_WAY, Why, locked, moved
from lianxin.orgs.api import Actor, Organisation, below_q

CHUNK = 500
# Facts and family follow; history, cards, transfers, suspicions and what files said of the one that
# is gone stay with her entry, which is kept as history itself.
MERGED = (
    "members.Member",
    "members.Fact",
    "members.Relative",
    "members.MembershipEvent",
    "members.Transfer",
    "members.Card",
    "members.Suspicion",
    "members.ImportMark",
    "members.ExportedMember",
)


def suspicions_note(entries: Sequence[Member]) -> int:
    """Compare entries with all others and write down who may be one person; return how many are new.

    Two queries for up to a few hundred entries, both by an index. A pair that was judged before,
    or is waiting to be, stays as it is. Inside `atomic`.
    """
    pairs: dict[tuple[uuid.UUID, uuid.UUID], list[Sign]] = {}
    others = {row.pk: traits_of(row) for row in _alike(entries)}
    # Only entries that share a mark can share a sign: nobody is compared with everybody.
    marked: dict[Mark, list[uuid.UUID]] = defaultdict(list)
    for pk, traits in others.items():
        for mark in marks_of(traits):
            marked[mark].append(pk)
    for one in entries:
        mine = traits_of(one)
        for other_pk in {pk for mark in marks_of(mine) for pk in marked[mark]} - {one.pk}:
            first, second = sorted((one.pk, other_pk))
            pairs[first, second] = signs_of(mine, others[other_pk])
    if not pairs:
        return 0
    known = set(
        Suspicion.objects.filter(first_id__in={first for first, _second in pairs}).values_list(
            "first_id", "second_id"
        )
    )
    rows = [
        Suspicion(first_id=first, second_id=second, signs=signs)
        for (first, second), signs in pairs.items()
        if (first, second) not in known
    ]
    Suspicion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def duplicates_find(
    *, organisation_id: uuid.UUID, since: dt.datetime | None = None, chunk: int = CHUNK
) -> int:
    """Look through those at and below a union, a few hundred at a time; return how many pairs are new.

    `since` looks at those alone who came or changed since then: a roll of ten costs ten, not the city.
    Cut off anywhere, running it again finds the rest and doubles nothing.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    found = 0
    order = ("pk",) if since is None else ("updated_at", "pk")
    below = Member.objects.filter(below_q(organisation.path), state__in=HELD).order_by(*order)
    if since is not None:
        below = below.filter(updated_at__gte=since)
    rows = list(below[:chunk])
    while rows:
        with atomic():
            found += suspicions_note(rows)
        rows = list(below.filter(_behind(rows[-1], since))[:chunk])
    return found


def _behind(last: Member, since: dt.datetime | None) -> Q:
    if since is None:
        return Q(pk__gt=last.pk)
    # Said twice, so that both databases begin at this place of the index.
    later = Q(updated_at__gt=last.updated_at) | Q(updated_at=last.updated_at, pk__gt=last.pk)
    return Q(updated_at__gte=last.updated_at) & later


def suspicion_dismiss(*, actor: Actor, suspicion_id: uuid.UUID) -> Suspicion:
    """Say that two entries are two people; it is remembered and never asked again."""
    with atomic():
        row = _reached(actor, suspicion_id)
        if row.state == Suspicion.State.OPEN:
            _settle(row, Suspicion.State.DISTINCT, actor)
            for member in (row.first, row.second):
                _record(actor, "members.kept_apart", member, row.pk)
    return row


def members_merge(*, actor: Actor, suspicion_id: uuid.UUID, kept_id: uuid.UUID) -> Member:
    """Make one of two entries: what hangs on the other follows, its own row stays as history.

    Facts, family, cases, drafts, memberships of other apps follow by the slot `member_merge`, all in
    one transaction. Publishes `MembersMerged`. Merged before: the kept entry is returned.

    Raises:
        ForbiddenError: not in the reach of an officer who serves both.
        RefusedError: one of them is on the way to another union, or both sign in by themselves.
    """
    with atomic():
        row = _reached(actor, suspicion_id)
        if kept_id not in {row.first_id, row.second_id}:
            raise RefusedError(_("Please choose which of the two entries stays."))
        if row.state == Suspicion.State.MERGED:
            return _heir(row.first)
        gone_id = row.second_id if kept_id == row.first_id else row.first_id
        # One order for everybody: no deadlock.
        both = {pk: locked(pk) for pk in sorted((kept_id, gone_id))}
        kept, gone = both[kept_id], both[gone_id]
        _check(kept, gone)
        for part in member_merge:
            part.merge(kept.pk, gone.pk)
        _join(actor, kept, gone)
        _settle(row, Suspicion.State.MERGED, actor)
        # Whoever was suspected to be the one that is gone may still be the one that stays.
        Suspicion.objects.filter(
            Q(first_id=gone.pk) | Q(second_id=gone.pk), state=Suspicion.State.OPEN
        ).delete()
        suspicions_note([kept])
        _record(actor, "members.merged", kept, gone.pk)
        jobs.publish(MembersMerged(kept_id=kept.pk, gone_id=gone.pk))
    return kept


def rows_merge(kept_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Let what members itself keeps follow: facts, family, the page she signed. History, cards, transfers stay where they were."""
    current = Fact.objects.filter(member_id=kept_id, superseded_at=None)
    columns = [name for name, entry in dictionary().facts.items() if entry.column]
    names = [*current.values_list("name", flat=True), *columns]
    theirs = Fact.objects.filter(member_id=gone_id)
    # The kept entry knows it already, or says it on its own row: the other's value becomes the past.
    theirs.filter(superseded_at=None, name__in=names).update(superseded_at=clock.now())
    theirs.update(member_id=kept_id)
    Relative.objects.filter(member_id=gone_id).update(member_id=kept_id)
    pages = list(files.files_of(SIGNED_PAGE, gone_id))
    files.release(object_kind=SIGNED_PAGE, object_id=gone_id, file_ids=[one.pk for one in pages])
    files.claim(pages, object_kind=SIGNED_PAGE, object_id=kept_id)


def traits_of(member: Member) -> Traits:
    """Return what of an entry is compared."""
    return Traits(
        member.name, member.id_index, member.phone_index, member.birth_on, member.employer_name
    )


def _alike(entries: Iterable[Member]) -> QuerySet[Member]:
    rows = list(entries)
    numbers = {row.id_index for row in rows if row.id_index}
    phones = {row.phone_index for row in rows if row.phone_index}
    keys = {row.sort_key for row in rows if row.birth_on and row.employer_name}
    cities = {row.city_code for row in rows}
    births = {row.birth_on for row in rows}
    alike = (
        Q(id_index__in=numbers)
        | Q(phone_index__in=phones)
        | Q(city_code__in=cities, sort_key__in=keys, birth_on__in=births)
    )
    return Member.objects.filter(alike, merged_into=None)


def _reached(actor: Actor, suspicion_id: uuid.UUID) -> Suspicion:
    row = (
        Suspicion.objects.select_for_update(of=("self",))
        .select_related("first__organisation", "second__organisation")
        .filter(pk=suspicion_id)
        .first()
    )
    if row is None or not policies.may_compare(actor, row.first, row.second):
        raise ForbiddenError(_("You can compare only people whom your union serves both."))
    return row


def _check(kept: Member, gone: Member) -> None:
    if Transfer.objects.filter(member__in=[kept, gone], phase__in=UNDER_WAY).exists():
        raise RefusedError(
            _("One of them is on the way to another union. Please settle that first.")
        )
    if gone.state in HELD and kept.state not in HELD:
        raise RefusedError(_("Please keep the entry whose membership is in force."))
    if kept.account_id and gone.account_id:
        raise RefusedError(
            _("Both entries have a sign-in of their own. Ask the person which phone she uses, and let her close the other account first.")
        )  # fmt: skip


def _join(actor: Actor, kept: Member, gone: Member) -> None:
    why = Why(actor_id=actor.account_id, reason="merged")
    account_id = gone.account_id
    if gone.state in HELD:
        moved(gone, Move.END, why)
    else:
        cards_revoke(gone, actor_id=actor.account_id, reason="merged")
    Member.objects.filter(pk=gone.pk).update(merged_into=kept, account=None, updated_at=clock.now())
    if account_id is not None:
        Member.objects.filter(pk=kept.pk).update(account_id=account_id, updated_at=clock.now())
        kept.account_id = account_id
    # What was merged into the one that is gone is found with one step as before.
    Member.objects.filter(merged_into=gone).update(merged_into=kept)


def _heir(member: Member) -> Member:
    return locked(member.merged_into_id) if member.merged_into_id else member


def _settle(row: Suspicion, state: Suspicion.State, actor: Actor) -> None:
    row.state, row.settled_at, row.settled_by = state, clock.now(), actor.account_id
    row.save(update_fields=["state", "settled_at", "settled_by"])


def _record(actor: Actor, action: str, member: Member, other: uuid.UUID) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="members.Member",
        object_id=member.pk,
        subject_id=policies.subject_of(member),
        detail={"other": str(other)},
    )
