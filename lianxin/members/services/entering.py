"""Putting one person onto the roll at the desk, who stands before an officer and may have no phone.

Her yes is her signature on a printed page; its photo stays with her entry. One officer is enough to
begin with: nothing is paid, nothing is judged. The second look comes after: she is told by a text
message who did it and whom above her union to tell if it is wrong, and the level above finds the entry
for a month in a list of its own and ends a wrong one (`put_right`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lianxin.accounts.api import User
from lianxin.files import api as files
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.constants import HOTLINE, SIGNED_PAGE
from lianxin.members.models import Member
from lianxin.members.rules.identity import IdKind
from lianxin.members.selectors.people import entry_of_number
from lianxin.members.services.membership import member_move
from lianxin.members.services.roll import clean_identity, member_create
from lianxin.notify import api as notify
from lianxin.orgs.api import Actor, Organisation, line_of
from lianxin.vault import api as vault


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
        _tell(actor.account_id, member)
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


def _tell(officer_id: uuid.UUID, member: Member) -> None:
    """Tell the person by a text message: no name of hers, since the number may be somebody else's."""
    phone = vault.reveal(member, "phone")  # for the machine alone: it sends to it
    if not phone:
        return
    reached = [one for one in line_of(member.organisation)[:-1] if one.phone]
    with translation.override(settings.LANGUAGE_CODE), suppress(RefusedError):
        # Refused where the day's messages are used up: the list of the level above stays.
        text = _("Lianxin: %(officer)s of %(union)s has entered you as a member today. Not you, or something is wrong? Please call %(above)s, %(phone)s: they look into it and undo it.")  # fmt: skip
        said = {
            "officer": User.objects.get(pk=officer_id).display_name,
            "union": member.organisation.name,
            "above": reached[-1].name if reached else _("the hotline of the unions"),
            "phone": reached[-1].phone if reached else HOTLINE,
        }
        key = f"members.entered:{member.pk}"
        notify.sms_send(phone, text % said, key=key, useful_for=dt.timedelta(days=1))
