"""Writing down what is known about a member; a newer value supersedes, history stays."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members import policies
from lianxin.members.events import FactSaved
from lianxin.members.models import Fact, Member
from lianxin.members.rules.facts import FactEntry, FactKind, FactValueError, to_stored
from lianxin.members.rules.people import mobile_of
from lianxin.members.selectors.consents import consent_given
from lianxin.members.selectors.dictionary import dictionary, fact_entry
from lianxin.members.selectors.facts import value_of_row
from lianxin.orgs.api import Actor

SELF = "self"


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What somebody told, in the form it is stored."""

    name: str
    stored: Any
    source: str
    source_id: str
    expires_on: dt.date | None


def fact_save(
    *,
    actor: Actor,
    member_id: uuid.UUID,
    name: str,
    value: Any,
    source: str,
    source_id: str = "",
    expires_on: dt.date | None = None,
) -> Fact | None:
    """Write down one fact; None as value takes it back. The same again changes nothing.

    `value` is of the fact's kind: text, whole number, fen, date, yes or no, rows. Without
    `expires_on` it stays fresh as long as the dictionary says. A fact the roll entry holds itself
    changes there too. Publishes `FactSaved`. Refuses an unknown name or source, a value of another
    kind, and a sensitive fact told by a person who did not agree to its purpose.
    """
    entry = _entry(name, source)
    with atomic():
        member = Member.objects.select_related("organisation").filter(pk=member_id).first()
        if member is None:
            raise RefusedError(_("There is no such member."))
        _check_actor(actor, member, entry, source)
        told = _Told(
            name=name,
            stored=None if value is None else _stored(entry, value),
            source=source,
            source_id=source_id,
            expires_on=expires_on,
        )
        current = (
            Fact.objects.select_for_update()
            .filter(member=member, name=name, superseded_at=None)
            .first()
        )
        if _is_same(current, entry, told):
            return current
        if current is None and entry.column:
            column_past_add(member, name, entry)
        if current is not None:
            current.superseded_at = clock.now()
            current.save(update_fields=["superseded_at"])
        fact = _insert(actor, member, entry, told)
        if entry.column:
            _to_column(member, entry.column, told.stored)
        audit.record(
            actor_id=actor.account_id,
            action="members.fact_saved",
            kind="members.Member",
            object_id=member.pk,
            subject_id=policies.subject_of(member),
            detail={"fact": name, "source": source, "source_id": source_id},
        )
        jobs.publish(FactSaved(member_id=member.pk, fact=name))
    return fact


def column_fact_add(
    member: Member, name: str, value: Any, *, before: Any, source: str, source_id: str = "",
    actor_id: uuid.UUID | None,
) -> Fact:  # fmt: skip
    """Write down where a column of the roll entry comes from now; what stood there stays as history.

    The caller changes the column itself and records who did it. Inside `atomic`. Publishes
    `FactSaved`.
    """
    entry = _entry_of_column(name)
    current = (
        Fact.objects.select_for_update()
        .filter(member=member, name=name, superseded_at=None)
        .first()
    )
    if current is None:
        column_past_add(member, name, entry, before)
    else:
        Fact.objects.filter(pk=current.pk).update(superseded_at=clock.now())
    stored = None if value in {None, ""} else to_stored(entry, value)
    told = _Told(name=name, stored=stored, source=source, source_id=source_id, expires_on=None)
    fact = _insert(Actor(account_id=actor_id), member, entry, told)
    jobs.publish(FactSaved(member_id=member.pk, fact=name))
    return fact


def column_past_add(member: Member, name: str, entry: FactEntry, value: Any = None) -> None:
    """Keep as history what a column held before anything was written down about it.

    Numbers that could be stolen are not kept once they are wrong.
    """
    held = value if value is not None else getattr(member, entry.column)
    if entry.is_sensitive or held in {None, ""}:
        return
    Fact(
        member=member,
        name=name,
        value=to_stored(entry, held),
        source=member.source if member.source in dictionary().sources else "roll",
        recorded_at=min(member.updated_at, clock.now()),
        superseded_at=clock.now(),
    ).save(force_insert=True)


def _entry_of_column(name: str) -> FactEntry:
    entry = fact_entry(name)
    if entry is None or not entry.column:
        raise ValueError(f"{name} is no column of the roll")
    return entry


def _entry(name: str, source: str) -> FactEntry:
    entry = fact_entry(name)
    if entry is None:
        raise RefusedError(_("Lianxin keeps no fact of this name."), field=name)
    if source not in dictionary().sources:
        raise RefusedError(_("Where this comes from is not known."), field=name)
    if entry.column and entry.column not in _FREE_COLUMNS:
        raise RefusedError(_("Only your union can change this on the roll."), field=name)
    return entry


# Columns of the roll entry that a fact may change; name, number, phone and union go by services.
_FREE_COLUMNS = frozenset(
    {"employer_name", "employment_form", "industry", "occupation", "skill_level"}
)


def _check_actor(actor: Actor, member: Member, entry: FactEntry, source: str) -> None:
    if not policies.may_record(actor, member):
        raise ForbiddenError(_("You may not write about this member."))
    if source != SELF:
        if policies.is_self(actor, member) and not actor.is_system:
            raise ForbiddenError(_("About oneself one writes as oneself."))
        return
    if not entry.may_correct:
        raise ForbiddenError(_("Only your union can change this."))
    if entry.is_sensitive and not consent_given(member.account_id, entry.purpose):
        raise RefusedError(_("Please agree first that the union may keep this."), field="consent")


def _stored(entry: FactEntry, value: Any) -> Any:
    if isinstance(value, str):
        value = clean(value)
    if entry.kind is FactKind.PHONE and isinstance(value, str):
        value = mobile_of(value) or value
    if entry.kind is FactKind.BANK_ACCOUNT and isinstance(value, str):
        value = "".join(value.split())
        if not value.isdigit() or not 8 <= len(value) <= 32:
            raise RefusedError(
                _("A bank account has 8 to 32 digits. Please look at the card again.")
            )
    try:
        return to_stored(entry, value)
    except FactValueError:
        raise RefusedError(
            _("“%(fact)s” cannot be written like this.") % {"fact": str(entry.label)}
        ) from None


def _is_same(current: Fact | None, entry: FactEntry, told: _Told) -> bool:
    if current is None:
        return told.stored is None
    same_place = (current.source, current.source_id) == (told.source, told.source_id)
    is_recent = clock.now() - current.recorded_at < dt.timedelta(days=1)
    has_run_out = current.expires_on is not None and current.expires_on < clock.today()
    if not same_place or not is_recent or has_run_out:
        return False
    if told.expires_on not in {None, current.expires_on}:
        return False
    held = value_of_row(current, entry)
    return bool((held.isoformat() if isinstance(held, dt.date) else held) == told.stored)


def _insert(actor: Actor, member: Member, entry: FactEntry, told: _Told) -> Fact:
    expires_on = told.expires_on
    if expires_on is None and told.stored is not None:
        expires_on = entry.holds_until(clock.today())
    fact = Fact(
        member=member,
        name=told.name,
        source=told.source,
        source_id=told.source_id,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
        expires_on=expires_on,
    )
    if entry.is_sensitive and told.stored is not None:
        fact.sealed_value = json.dumps(told.stored, ensure_ascii=False)
    else:
        fact.value = told.stored
    fact.save(force_insert=True)
    return fact


def _to_column(member: Member, column: str, stored: Any) -> None:
    limit = getattr(Member._meta.get_field(column), "max_length", None)
    value = str(stored or "")
    if limit is not None and len(value) > limit:
        raise RefusedError(_("That is longer than we can keep. Please shorten it."), field=column)
    setattr(member, column, value)
    member.updated_at = clock.now()
    member.save(update_fields=[column, "updated_at"])
