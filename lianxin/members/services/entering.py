"""Putting one person onto the roll at the desk, who stands before an officer and may have no phone.

Her yes is her signature on a printed page; its photo stays with her entry. One officer is enough, as
for an application that comes over the phone and for a roll of one row: nothing is paid, nothing is
judged, and the page, the trail and the member's own history name who did it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.files import api as files
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.models import Member
from lianxin.members.rules.identity import IdKind
from lianxin.members.selectors.people import entry_of_number
from lianxin.members.services.membership import member_move
from lianxin.members.services.roll import clean_identity, member_create
from lianxin.orgs.api import Actor, Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """What the papers of somebody say who stands before an officer."""

    name: str
    id_kind: IdKind
    id_number: str
    phone: str = ""
    employer_name: str = ""
    occupation: str = ""
    joined_on: dt.date | None = None


def member_enter(
    *,
    actor: Actor,
    organisation: Organisation,
    newcomer: Newcomer,
    signed: Collection[uuid.UUID],
) -> tuple[Member, bool]:
    """Put one person onto the roll with the page she signed; True if she is new.

    Who stands on a roll in the officer's reach already, in whatever state, is found there and nothing
    changes, however often it is sent. Publishes `MemberJoined`.

    Raises:
        ForbiddenError: the actor enters nobody into this union.
        RefusedError: no signed page, a number or name that does not hold, or one who is elsewhere.
    """
    if not policies.may_create(actor, organisation.path):
        raise ForbiddenError(_("You may not enter members of this union."))
    if found := _found(actor, newcomer):
        return found, False
    if organisation.state != Organisation.State.IN_FORCE:
        raise RefusedError(_("This union takes in nobody at present. Please choose another."), field="code")  # fmt: skip
    if not signed or actor.account_id is None:
        raise RefusedError(_("Please take a photo of the page the person signed."), field="signed")
    with atomic():
        member = member_create(
            actor=actor,
            organisation=organisation,
            name=newcomer.name,
            id_number=newcomer.id_number,
            id_kind=newcomer.id_kind,
            phone=newcomer.phone,
            employer_name=newcomer.employer_name,
            occupation=newcomer.occupation,
            joined_on=newcomer.joined_on,
        )
        if files.files_of(SIGNED_PAGE, member.pk).exists():
            return member, False  # a second tap was faster
        files.claim(
            list(dict.fromkeys(signed)),
            object_kind=SIGNED_PAGE,
            object_id=member.pk,
            owner_id=actor.account_id,
            subject_id=policies.subject_of(member),
        )
    return member, True


def member_carry(*, actor: Actor, member: Member, union: Organisation | None) -> Member:
    """Carry a membership over to a union the officer serves too; there already, nothing changes.

    Raises:
        ForbiddenError: one of the unions is not hers, or it is her own membership.
        RefusedError: there is no such union, it takes in nobody, or a transfer is under way.
    """
    if not policies.may_carry(actor, member):
        raise ForbiddenError(_("A transfer needs both unions. Please use the transfer service."))
    if union is None:
        raise RefusedError(_("There is no union of this code or name. Please compare it with the list of unions."), field="union")  # fmt: skip
    if not policies.may_create(actor, union.path):
        raise RefusedError(_("You do not serve this union. The transfer service asks both unions."), field="union")  # fmt: skip
    if union.state != Organisation.State.IN_FORCE:
        raise RefusedError(_("This union takes in nobody at present. Please choose another."), field="union")  # fmt: skip
    return member_move(actor=actor, member=member, organisation=union)


def signed_may_open(actor: Actor, member_id: uuid.UUID) -> bool:
    """Open the page somebody signed when she was entered: she herself, and who serves her."""
    member = Member.objects.select_related("organisation").filter(pk=member_id).first()
    return member is not None and policies.may_open(actor, member)


def signed_pages(member: Member, actor: Actor) -> list[str]:
    """Return links to the pages somebody signed when she was entered, for who may open them."""
    if actor.account_id is None or not policies.may_open(actor, member):
        return []
    kept = files.files_of(SIGNED_PAGE, member.pk)
    return [files.file_link(one, account_id=actor.account_id) for one in kept]


def _found(actor: Actor, newcomer: Newcomer) -> Member | None:
    held = entry_of_number(clean_identity(newcomer.id_number, newcomer.id_kind).number)
    return held if held is not None and policies.may_view(actor, held) else None
