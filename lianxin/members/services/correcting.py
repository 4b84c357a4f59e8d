"""Putting the roll right where an officer looked first: what a member asked, and a paper showed.

What she may change herself changes at once (`fact_save`, her own number here). The rest is who she
is: her union compares it with a paper, as a case of its own, and the decision is carried out here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.accounts import api as accounts
from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.models import Fact, Member
from lianxin.members.rules.facts import FactKind
from lianxin.members.rules.identity import Identity, IdKind
from lianxin.members.rules.membership import HELD
from lianxin.members.selectors.dictionary import fact_entry
from lianxin.members.selectors.people import member_of
from lianxin.members.services.duplicates import suspicions_note
from lianxin.members.services.facts import SELF, column_fact_add
from lianxin.members.services.membership import locked
from lianxin.members.services.roll import (
    clean_identity,
    clean_name,
    identity_columns,
    name_columns,
    phone_columns,
    put,
)
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

SOURCE = "correction"
# What stands for who somebody is, or for her rights as a member: an officer looks first.
CHECKED = ("name", "id_number", "sex", "birth_on", "union_joined_on")
# These two the number of a resident tells; they are put right with it.
FROM_NUMBER = ("sex", "birth_on")
REFUSALS = {
    "same": gettext_lazy("This is what stands on the roll already."),
    "ahead": gettext_lazy("This day lies ahead. Please write the day it happened."),
    "other_entry": gettext_lazy("This number stands on another entry of the roll. Please compare the two under “Entered twice?” first."),
    "from_number": gettext_lazy("This follows from the identity number. Please put the number right instead."),
    "missing": gettext_lazy("Please write how it should be."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What of an entry is wrong and how it should be: text, a day, or a code, as the fact has it."""

    member_id: uuid.UUID
    fact: str
    value: Any
    id_kind: str = ""


def is_from_number(member: Member, fact: str) -> bool:
    """Say whether a fact is told by the identity number, so that the number is what to put right."""
    # Looked at by the machine, shown to nobody.
    number = vault.reveal(member, "id_number")
    return fact in FROM_NUMBER and bool(number) and number[:-1].isdigit() and len(number) == 18


def correction_fault(correction: Correction) -> str:
    """Say what is wrong with a wish as the person wrote it, or ""; tells nothing of other people."""
    member = Member.objects.filter(pk=correction.member_id).first()
    if member is None or correction.fact not in CHECKED:
        return str(REFUSALS["missing"])
    if correction.value in {None, ""}:
        return str(REFUSALS["missing"])
    if is_from_number(member, correction.fact):
        return str(REFUSALS["from_number"])
    try:
        wanted = _read(correction)
    except RefusedError as refused:
        return refused.message
    if isinstance(wanted, dt.date) and wanted > clock.today():
        return str(REFUSALS["ahead"])
    return str(REFUSALS["same"]) if _is_same(member, correction.fact, wanted) else ""


def correction_hindrance(correction: Correction) -> str:
    """Say why a wish cannot be carried out as it stands, or ""; for the officer who decides."""
    fault = correction_fault(correction)
    if fault or correction.fact != "id_number":
        return fault
    identity = _read(correction)
    digests = vault.blind_indexes(identity.number, purpose="id_number")
    others = Member.objects.filter(id_index__in=digests, merged_into=None)
    is_taken = others.filter(state__in=HELD).exclude(pk=correction.member_id).exists()
    return str(REFUSALS["other_entry"]) if is_taken else ""


def roll_correct(
    *, correction: Correction, actor_id: uuid.UUID | None, dossier_id: uuid.UUID
) -> Member:
    """Carry out a correction that was granted; the same case again changes nothing.

    `actor_id` is who granted it; the case it follows from stands with the fact. Publishes
    `FactSaved`. What was put right is not overwritten by an older roll.

    Raises:
        RefusedError: something has come up since it was granted.
    """
    with atomic():
        member = locked(correction.member_id)
        done = Fact.objects.filter(
            member=member, name=correction.fact, source_id=str(dossier_id)
        ).first()
        if done is not None:
            return member
        hindrance = correction_hindrance(correction)
        if hindrance and hindrance != str(REFUSALS["same"]):
            raise RefusedError(hindrance)
        wanted, before = _read(correction), _held(member, correction.fact)
        for name, value in _facts(correction.fact, wanted).items():
            fact = column_fact_add(
                member, name, value, before=before.get(name), source=SOURCE,
                source_id=str(dossier_id), actor_id=actor_id,
            )  # fmt: skip
            if name == "id_number":
                # A digest alone: an old roll that names her by it finds her, and makes no second one.
                Fact.objects.filter(pk=fact.pk).update(was_index=member.id_index)
        _keep(member, correction.fact, wanted)
        audit.record(
            actor_id=actor_id, action="members.corrected", kind="members.Member",
            object_id=member.pk, subject_id=policies.subject_of(member),
            detail={"fact": correction.fact, "dossier": str(dossier_id)},
        )  # fmt: skip
        if correction.fact in {"name", "id_number"}:
            suspicions_note([member])
    return member


def phone_take(*, actor: Actor) -> Member:
    """Put the number one signs in with onto the roll: it was proved by a code. Again changes nothing.

    Raises:
        ForbiddenError: not signed in, or on no roll.
        RefusedError: the account has no proved number.
    """
    mine = member_of(actor.account_id)
    if mine is None or actor.account_id is None:
        raise ForbiddenError(_("We have not found you on a union’s roll yet."))
    with atomic():
        member = locked(mine.pk)
        number = accounts.proved_phone(actor.account_id)
        if not number:
            raise RefusedError(_("Please sign in by phone once, so that the number is proved."))
        columns = phone_columns(number)
        if member.phone_index == columns["phone_index"]:
            return member
        column_fact_add(
            member, "phone", number, before=None, source=SELF, actor_id=actor.account_id
        )
        put(member, columns)
        member.updated_at = clock.now()
        member.save(update_fields=[*columns, "updated_at"])
        audit.record(
            actor_id=actor.account_id, action="members.phone_taken", kind="members.Member",
            object_id=member.pk, subject_id=policies.subject_of(member),
        )  # fmt: skip
        suspicions_note([member])
    return member


def _read(correction: Correction) -> Any:
    """Read a wish as typed. Raises RefusedError."""
    value = correction.value
    if correction.fact == "name":
        paper = Member.objects.filter(pk=correction.member_id).values_list("id_kind", flat=True)
        return clean_name(str(value), IdKind(paper[0]) if paper else None)
    if correction.fact == "id_number":
        kind = IdKind(correction.id_kind) if correction.id_kind else None
        return clean_identity(str(value), kind)
    entry = fact_entry(correction.fact)
    if entry is not None and entry.kind is FactKind.DATE and isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise RefusedError(_("Please write the day like 1990-05-17.")) from None
    codes = {choice.code for choice in entry.choices} if entry else set()
    if codes and value not in codes:
        raise RefusedError(str(REFUSALS["missing"]))
    return value


def _facts(fact: str, wanted: Any) -> dict[str, Any]:
    """Name every fact that changes with one."""
    if not isinstance(wanted, Identity):
        return {fact: wanted}
    told: dict[str, Any] = {"id_number": wanted.number, "id_kind": wanted.kind.value}
    if wanted.birth_on is not None:
        told |= {"birth_on": wanted.birth_on, "sex": wanted.sex}
    return told


def _held(member: Member, fact: str) -> dict[str, Any]:
    names = ("id_number", "id_kind", *FROM_NUMBER) if fact == "id_number" else (fact,)
    return {name: getattr(member, _column_of(name)) for name in names if name != "id_number"}


def _column_of(fact: str) -> str:
    entry = fact_entry(fact)
    return entry.column if entry else fact


def _is_same(member: Member, fact: str, wanted: Any) -> bool:
    if isinstance(wanted, Identity):
        held = member.id_index in vault.blind_indexes(wanted.number, purpose="id_number")
        return held and member.id_kind == wanted.kind
    return bool(getattr(member, _column_of(fact)) == wanted)


def _keep(member: Member, fact: str, wanted: Any) -> None:
    columns: dict[str, Any]
    if isinstance(wanted, Identity):
        columns = identity_columns(wanted)
        if wanted.birth_on is None:  # a passport does not tell them: what is known stays
            columns = {key: columns[key] for key in columns if key not in FROM_NUMBER}
    elif fact == "name":
        columns = name_columns(wanted)
    else:
        columns = {_column_of(fact): wanted}
    put(member, columns)
    member.updated_at = clock.now()
    try:
        with transaction.atomic():
            member.save(update_fields=[*columns, "updated_at"])
    except IntegrityError:
        raise RefusedError(str(REFUSALS["other_entry"])) from None
