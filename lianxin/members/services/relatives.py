"""The family a member declares: for her own forms, and so that no relative decides about her."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.audit import api as audit
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.members.models import Member, Relative
from lianxin.members.rules.identity import IdentityError, identity_of
from lianxin.members.rules.people import is_name, mobile_of, name_of, needs_guardian
from lianxin.members.selectors.consents import consent_given
from lianxin.members.selectors.people import member_of
from lianxin.members.services.sentences import sentence
from lianxin.orgs.api import Actor
from lianxin.vault import api as vault

RELATION_WORDS = {
    "spouse": gettext_lazy("Husband or wife"),
    "child": gettext_lazy("Child"),
    "parent": gettext_lazy("Father or mother"),
    "sibling": gettext_lazy("Brother or sister"),
    "other": gettext_lazy("Other relative"),
}
RELATIONS = tuple(RELATION_WORDS)
MOST = 20


def relative_add(
    *,
    actor: Actor,
    relation: str,
    name: str,
    id_number: str = "",
    phone: str = "",
    birth_on: dt.date | None = None,
    lives_together: bool = True,
) -> Relative:
    """Declare one person as family; the same again returns the first.

    Of numbers only the blind index is kept. A child under 14 needs the consent `child`.
    """
    member = _own(actor)
    name = name_of(clean(name))
    if relation not in RELATIONS:
        raise RefusedError(_("Please choose how this person is related to you."), field="relation")
    if not is_name(name):
        raise RefusedError(sentence("name_form" if name else "name_missing"), field="name")
    id_index, told = _id_index(id_number)
    birth_on = told or birth_on
    if needs_guardian(birth_on, clock.today()) and not consent_given(actor.account_id, "child"):
        raise RefusedError(
            _("Please agree first, as a guardian, that the union may keep this."), field="consent"
        )
    phone_index = _phone_index(phone)
    with atomic():
        Member.objects.select_for_update().get(pk=member.pk)  # one declaration at a time
        for held in Relative.objects.filter(member=member):
            if held.relation == relation and _is_same(held, name, id_index):
                return held
        if Relative.objects.filter(member=member).count() >= MOST:
            raise RefusedError(_("That is as many relatives as we can keep."))
        relative = Relative(
            member=member,
            relation=relation,
            name=name,
            id_index=id_index,
            phone_index=phone_index,
            birth_on=birth_on,
            lives_together=lives_together,
        )
        relative.save(force_insert=True)
        _record(actor, "members.relative_added", member, relative.pk)
    return relative


def relative_remove(*, actor: Actor, relative_id: uuid.UUID) -> None:
    """Take a declared relative away; one that is gone stays gone."""
    member = _own(actor)
    with atomic():
        gone, _rows = Relative.objects.filter(pk=relative_id, member=member).delete()
        if gone:
            _record(actor, "members.relative_removed", member, relative_id)


def relatives_shown(member: Member) -> list[tuple[Relative, str]]:
    """List the declared family with their names, for the member herself alone."""
    rows = Relative.objects.filter(member=member).order_by("relation", "id")
    return [(row, vault.reveal(row, "name")) for row in rows]


def _own(actor: Actor) -> Member:
    member = member_of(actor.account_id)
    if member is None:
        raise ForbiddenError(_("Family is kept with your membership. Please link it first."))
    return member


def _is_same(held: Relative, name: str, id_index: str) -> bool:
    if id_index and held.id_index:
        return held.id_index == id_index
    # Compared by the machine, shown to nobody.
    return vault.reveal(held, "name") == name


def _id_index(typed: str) -> tuple[str, dt.date | None]:
    if not typed.strip():
        return "", None
    try:
        identity = identity_of(clean(typed), today=clock.today())
    except IdentityError as error:
        raise RefusedError(sentence(error.problem), field="id_number") from None
    return vault.blind_index(identity.number, purpose="id_number"), identity.birth_on


def _phone_index(typed: str) -> str:
    phone = mobile_of(clean(typed))
    if typed.strip() and not phone:
        raise RefusedError(sentence("phone_form"), field="phone")
    return vault.blind_index(phone, purpose="phone")


def _record(actor: Actor, action: str, member: Member, relative_id: uuid.UUID) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="members.Relative",
        object_id=relative_id,
        subject_id=actor.account_id,
        detail={"member": str(member.pk)},
    )
