"""Admitting somebody whose application was approved: a new entry on the roll, or her old one again."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit.errors import RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.events import MemberJoined, MemberLinked
from lianxin.members.models import Member, MembershipEvent
from lianxin.members.rules.membership import FINAL, Membership, Move, State, decide
from lianxin.members.selectors.people import entry_of_number, member_of
from lianxin.members.services.duplicates import suspicions_note
from lianxin.members.services.membership import Why, history_add, locked, moved
from lianxin.members.services.roll import (
    clean_identity,
    clean_name,
    identity_columns,
    name_columns,
    phone_columns,
    put,
)
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Organisation, codes_above, line_of, member_counts_add

SOURCE = "application"
REFUSALS = {
    "other_sign_in": _("This number is on the roll with another sign-in. Please compare the identity card with the person before you."),
    "other_entry": _("This sign-in belongs to another entry on the roll."),
    "final": _("A membership of this number has ended for good. Please call 12351."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """What an approved application says; nothing of it was typed by an officer."""

    account_id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    id_number: str
    phone: str
    employer_name: str = ""
    employment_form: str = ""
    occupation: str = ""
    dossier_id: uuid.UUID
    applied_on: dt.date
    decided_on: dt.date
    decided_by: uuid.UUID | None = None


def admission_hindrance(
    *, account_id: uuid.UUID, organisation_id: uuid.UUID, name: str, id_number: str
) -> str:
    """Say why an application cannot be granted as it stands, or ""; for the officer who decides."""
    try:
        identity = clean_identity(id_number)
        named = clean_name(name, identity.kind)
    except RefusedError as refused:
        return refused.message
    own = member_of(account_id)
    held = entry_of_number(identity.number)
    if own is not None and (held is None or own.pk != held.pk):
        return str(REFUSALS["other_entry"])
    return _clash(held, account_id, organisation_id, named) if held else ""


def _clash(held: Member, account_id: uuid.UUID, organisation_id: uuid.UUID, name: str) -> str:
    if held.account_id not in {None, account_id}:
        return str(REFUSALS["other_sign_in"])
    if held.name != name:
        return sentence("name_differs")
    if held.state == Member.State.IN_FORCE and held.organisation_id != organisation_id:
        return sentence("member_elsewhere")
    return str(REFUSALS["final"]) if _is_final(held) else ""


def member_admit(application: Application) -> Member:
    """Put an approved applicant onto the roll and join her sign-in to the entry; again changes nothing.

    Her number decides: who stands there already (retained, left, entered by an office) gets that entry
    back, so that one person stays one entry. Publishes `MembershipChanged`, `MemberJoined`,
    `MemberLinked`.

    Raises:
        RefusedError: what stood in the way has come up since it was approved.
    """
    with atomic():
        done = MembershipEvent.objects.filter(
            dossier_id=application.dossier_id, to_standing=State.IN_FORCE
        ).first()
        if done is not None:
            return locked(done.member_id)
        hindrance = admission_hindrance(
            account_id=application.account_id,
            organisation_id=application.organisation_id,
            name=application.name,
            id_number=application.id_number,
        )
        if hindrance:
            raise RefusedError(hindrance)
        union = Organisation.objects.get(pk=application.organisation_id)
        identity = clean_identity(application.id_number)
        held = entry_of_number(identity.number)
        member = locked(held.pk) if held else _new(application, union)
        _admit(member, application, union, is_new=held is None)
        _link(member, application)
        suspicions_note([member])
    return member


def _admit(member: Member, application: Application, union: Organisation, *, is_new: bool) -> None:
    dossier_id = application.dossier_id
    if not is_new and member.state in {Member.State.IN_FORCE, Member.State.RETAINED}:
        _restore(
            member,
            union,
            Why(actor_id=application.decided_by, dossier_id=dossier_id, on=application.decided_on),
        )
        return
    stand = Membership() if is_new else Membership(State(member.state), member.organisation_id)
    asked = Why(actor_id=application.account_id, dossier_id=dossier_id, on=application.applied_on)
    answered = Why(
        actor_id=application.decided_by, dossier_id=dossier_id, on=application.decided_on
    )
    if not is_new:
        member.organisation, member.state = union, Member.State.IN_FORCE
        put(member, {**codes_above(line_of(union)), "joined_on": application.decided_on})
        member.save()
    member_counts_add({union.path: 1})
    for move, why in ((Move.APPLY, asked), (Move.REVIEW, asked), (Move.ADMIT, answered)):
        after = decide(move, stand, organisation=union.pk)
        if not isinstance(after, Membership):
            raise RefusedError(str(REFUSALS["final"]))
        history_add(member, stand, after, why)
        stand = after
    jobs.publish(MemberJoined(member_id=member.pk, organisation_id=union.pk))


def _restore(member: Member, union: Organisation, why: Why) -> None:
    if member.state == Member.State.RETAINED:
        moved(
            member,
            Move.RESTORE,
            Why(
                actor_id=why.actor_id, reason="working_again", dossier_id=why.dossier_id, on=why.on
            ),
        )
    if member.organisation_id != union.pk:
        moved(member, Move.CARRY, why, towards=union)


def _new(application: Application, union: Organisation) -> Member:
    member = Member(
        organisation=union,
        **codes_above(line_of(union)),
        employer_name=application.employer_name,
        employment_form=application.employment_form,
        occupation=application.occupation,
        joined_on=application.decided_on,
        source=SOURCE,
    )
    identity = clean_identity(application.id_number)
    put(member, identity_columns(identity))
    put(member, name_columns(clean_name(application.name, identity.kind)))
    put(member, phone_columns(_phone(application)))
    member.save(force_insert=True)
    return member


def _phone(application: Application) -> str:
    """Return the number she signs in with, from wherever it is: it was proved by a code.

    What cannot be written as a number is no reason to keep her out.
    """
    return accounts.proved_phone(application.account_id) or accounts.normal_phone(
        application.phone, strict=False
    )


def _link(member: Member, application: Application) -> None:
    if member.account_id == application.account_id:
        return
    member.account_id = application.account_id
    member.save(update_fields=["account"])
    audit.record(
        actor_id=application.account_id,
        action="members.linked",
        kind="members.Member",
        object_id=member.pk,
        subject_id=policies.subject_of(member),
    )
    jobs.publish(MemberLinked(member_id=member.pk, account_id=application.account_id))


def _is_final(member: Member) -> bool:
    if member.state != Member.State.ENDED:
        return False
    last = member.history.order_by("-id").values_list("reason", flat=True).first()
    return last in FINAL
