"""Coming onto the roll through an officer, and corrections of what stands there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.constants import OFFICER
from lianxin.members.events import MemberJoined
from lianxin.members.models import Member
from lianxin.members.rules.identity import (
    SHORT_NAMES,
    Identity,
    IdentityError,
    IdKind,
    identity_of,
)
from lianxin.members.rules.industries import industry_of
from lianxin.members.rules.membership import OVER, Membership, State
from lianxin.members.rules.people import is_name, mobile_of, name_of
from lianxin.members.selectors.people import TAIL, entry_of_number
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.members.services.duplicates import suspicions_note
from lianxin.members.services.facts import column_fact_add
from lianxin.members.services.membership import Why, history_add
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Actor, Organisation, codes_above, line_of, member_counts_add
from lianxin.vault import api as vault


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What of a roll entry is to change; None leaves it as it is, "" empties it."""

    name: str | None = None
    phone: str | None = None
    employer_name: str | None = None
    employment_form: str | None = None
    industry: str | None = None
    occupation: str | None = None
    skill_level: str | None = None
    joined_on: dt.date | None = None


# The columns an officer may put right, and the fact each of them holds.
FACT_OF = {
    "name": "name",
    "phone": "phone",
    "employer_name": "employer",
    "employment_form": "employment_form",
    "industry": "industry",
    "occupation": "occupation",
    "skill_level": "skill_level",
    "joined_on": "union_joined_on",
}


def member_create(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    id_number: str,
    id_kind: IdKind | None = None,
    phone: str = "",
    employer_name: str = "",
    employment_form: str = "",
    occupation: str = "",
    skill_level: str = "",
    joined_on: dt.date | None = None,
    source: str = OFFICER,
) -> Member:
    """Put one person onto the roll of a union.

    One who is in force there already is returned unchanged. Publishes `MemberJoined`. Refuses a
    number that does not hold (GB 11643), one in force in another union (that is a transfer), and one
    whose membership is retained or over: her own entry is put in force again, she gets no second one.
    """
    if not policies.may_create(actor, organisation.path):
        raise ForbiddenError(_("You may not enter members of this union."))
    identity = clean_identity(id_number, id_kind)
    member = Member(
        organisation=organisation,
        **codes_above(line_of(organisation)),
        employer_name=clean(employer_name),
        employment_form=employment_form,
        occupation=clean(occupation),
        skill_level=skill_level,
        industry=industry_of(organisation.industry_code),
        joined_on=joined_on or clock.today(),
        source=source,
    )
    put(member, identity_columns(identity) | name_columns(clean_name(name, identity.kind)))
    put(member, phone_columns(clean_phone(phone)))
    return _keep(actor, member, identity.number)


def member_update(*, actor: Actor, member: Member, changes: Changes) -> Member:
    """Correct a roll entry; what is equal changes nothing and leaves no trace.

    A new phone goes to her sign-in as well: her sessions end, and the next code proves the number.
    Raises RefusedError when the number belongs to another member's sign-in.
    """
    if not policies.may_update(actor, member):
        raise ForbiddenError(_("You may not correct this entry. Its union can."))
    with atomic():
        held = Member.objects.select_for_update().get(pk=member.pk)
        before = {column: getattr(held, column) for column in FACT_OF}
        touched = _apply(held, changes)
        for column in touched:
            value = getattr(held, column) if column != "phone" else clean_phone(changes.phone or "")
            column_fact_add(
                held, FACT_OF[column], value, before=before[column], source="officer",
                actor_id=actor.account_id,
            )  # fmt: skip
        if touched:
            held.updated_at = clock.now()
            held.save()
            _record(actor, "members.updated", held, {"fields": touched})
        if "phone" in touched and changes.phone and held.account_id and actor.account_id:
            accounts.phone_rebind(
                actor_id=actor.account_id,
                account_id=held.account_id,
                phone=changes.phone,
                reason="roll_corrected",
            )
    return Member.objects.select_related("organisation").get(pk=member.pk)


def identity_columns(identity: Identity) -> dict[str, Any]:
    """Return the columns that hold the number, its index, and what the number tells."""
    return {
        "id_kind": identity.kind.value,
        "id_number": identity.number,
        "id_index": vault.blind_index(identity.number, purpose="id_number"),
        "birth_on": identity.birth_on,
        "sex": identity.sex,
    }


def name_columns(name: str) -> dict[str, Any]:
    """Return the columns that hold the name and what it is sorted by."""
    return {"name": name, "sort_key": sort_key_of(name)}


def phone_columns(phone: str) -> dict[str, Any]:
    """Return the columns that hold the phone, its index and its tail's; "" empties them."""
    return {
        "phone": phone or None,
        "phone_index": vault.blind_index(phone, purpose="phone"),
        "tail_index": vault.blind_index(phone[-4:], purpose="phone_tail")[:TAIL],
    }


def put(member: Member, columns: Mapping[str, Any]) -> None:
    """Set columns of an entry."""
    for column, value in columns.items():
        setattr(member, column, value)


def _keep(actor: Actor, member: Member, number: str) -> Member:
    try:
        with atomic():
            standing = entry_of_number(number)
            if standing is not None:
                return _standing(standing, member)
            member.save(force_insert=True)
            member_counts_add({member.organisation.path: 1})
            _record(actor, "members.created", member, {})
            suspicions_note([member])
            entered = Membership(State.IN_FORCE, member.organisation_id)
            history_add(member, Membership(), entered, Why(actor_id=actor.account_id))
            jobs.publish(MemberJoined(member_id=member.pk, organisation_id=member.organisation_id))
    except IntegrityError:
        # A second tap was faster between our look and our insert.
        held = entry_of_number(number)
        if held is None:
            raise
        return _standing(held, member)
    return member


def _standing(held: Member, wanted: Member) -> Member:
    # The name first: whoever types a number alone learns nothing of whose it is.
    if held.name != wanted.name:
        raise RefusedError(sentence("name_differs"), field="name")
    if held.state in OVER:
        raise RefusedError(sentence(f"member_{held.state}"), field="id_number")
    if held.organisation_id != wanted.organisation_id:
        raise RefusedError(sentence("member_elsewhere"), field="id_number")
    if held.state == Member.State.RETAINED:
        raise RefusedError(sentence("member_retained"), field="id_number")
    return held


def _apply(held: Member, changes: Changes) -> list[str]:
    touched = []
    for field in fields(changes):
        value: Any = getattr(changes, field.name)
        if value is None:
            continue
        if field.name == "name":
            value = clean_name(value, IdKind(held.id_kind))
            changed = value != held.name
            put(held, name_columns(value))
        elif field.name == "phone":
            phone = clean_phone(value)
            changed = vault.blind_index(phone, purpose="phone") != held.phone_index
            if changed:
                put(held, phone_columns(phone))
        else:
            value = clean(value) if isinstance(value, str) else value
            changed = value != getattr(held, field.name)
            setattr(held, field.name, value)
        if changed:
            touched.append(field.name)
    return touched


def clean_identity(typed: str, kind: IdKind | None = None) -> Identity:
    """Read an identity number as typed. Raises RefusedError at its field."""
    try:
        return identity_of(clean(typed), kind, today=clock.today())
    except IdentityError as error:
        raise RefusedError(sentence(error.problem), field="id_number") from None


def number_fault(typed: str) -> str:
    """Say what is wrong with an identity number as typed, or ""."""
    try:
        clean_identity(typed)
    except RefusedError as refused:
        return refused.message
    return ""


def clean_name(typed: str, kind: IdKind | None = None) -> str:
    """Read a name as typed, as it stands on a paper of this kind. Raises RefusedError at its field."""
    name = name_of(clean(typed))
    if not is_name(name, shortest=1 if kind in SHORT_NAMES else 2):
        raise RefusedError(sentence("name_form" if name else "name_missing"), field="name")
    return name


def clean_phone(typed: str) -> str:
    """Read a mobile number as typed; "" is none. Raises RefusedError at its field."""
    phone = mobile_of(clean(typed))
    if typed.strip() and not phone:
        raise RefusedError(sentence("phone_form"), field="phone")
    return phone


def _record(actor: Actor, action: str, member: Member, detail: dict[str, Any]) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="members.Member",
        object_id=member.pk,
        subject_id=policies.subject_of(member),
        detail=detail,
    )
