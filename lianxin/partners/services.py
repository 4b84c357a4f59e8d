"""Add partners, put them right, name who speaks for them, end what is over."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor, Organisation, uscc_is_valid
from lianxin.partners import policies
from lianxin.partners.events import PartnerAdded, PartnerEnded
from lianxin.partners.models import Contact, Partner


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is written of a partner."""

    name: str
    kind: str
    uscc: str = ""
    work: str = ""
    phone: str = ""
    address: str = ""


def partner_add(*, actor: Actor, organisation: Organisation, entry: Entry) -> Partner:
    """Write a partner down; one in force of this name at this union is returned unchanged.

    Publishes `PartnerAdded`. Refuses a wrong credit code, and one that another partner has here.
    """
    if not policies.may_manage(actor, organisation):
        raise ForbiddenError(_("You may not add partners of this union."))
    written = _checked(entry)
    with atomic():
        standing = _in_force(organisation).filter(name=written.name).first()
        if standing is not None:
            return standing
        _check_code(organisation, written.uscc)
        made = Partner.objects.create(organisation=organisation, **asdict(written))
        _record(actor, "partners.partner_added", made)
        jobs.publish(PartnerAdded(partner_id=made.pk, organisation_id=organisation.pk))
    return made


def partner_correct(*, actor: Actor, partner: Partner, entry: Entry) -> Partner:
    """Put right what is written of a partner; what is equal changes nothing."""
    if not policies.may_manage(actor, partner.organisation):
        raise ForbiddenError(_("You may not change this partner."))
    return _write(actor, partner, asdict(_checked(entry)))


def partner_reach(*, actor: Actor, partner: Partner, phone: str, address: str) -> Partner:
    """Put right how a partner is reached; its own contacts may."""
    if not policies.may_correct(actor, partner):
        raise ForbiddenError(_("You may not change this partner."))
    return _write(actor, partner, {"phone": clean(phone), "address": clean(address)})


def partner_end(*, actor: Actor, partner: Partner) -> Partner:
    """End the work with a partner, and with it its contacts; ended, it stays so."""
    if not policies.may_manage(actor, partner.organisation):
        raise ForbiddenError(_("You may not change this partner."))
    with atomic():
        held = _locked(partner)
        if held.state == Partner.State.ENDED:
            return held
        held.state, held.ended_on = Partner.State.ENDED, clock.today()
        held.save(update_fields=["state", "ended_on"])
        Contact.objects.filter(partner=held, ended_on=None).update(ended_on=clock.today())
        _record(actor, "partners.partner_ended", held)
        jobs.publish(PartnerEnded(partner_id=held.pk))
    return held


def contact_name(
    *, actor: Actor, partner: Partner, account_id: uuid.UUID, title: str = ""
) -> Contact:
    """Name somebody who speaks for a partner; named already, she stays as she is."""
    if not policies.may_name_contact(actor, partner, account_id):
        raise ForbiddenError(_("You may not name contacts here, and never yourself."))
    with atomic():
        held = _locked(partner)
        if held.state == Partner.State.ENDED:
            raise RefusedError(_("This partner has ended."))
        contact, is_new = Contact.objects.get_or_create(
            partner=held, account_id=account_id, ended_on=None, defaults={"title": clean(title)}
        )
        if is_new:
            _record(actor, "partners.contact_named", held, account_id)
    return contact


def contact_end(*, actor: Actor, contact: Contact) -> Contact:
    """End somebody's speaking for a partner; the contact herself may as well."""
    is_self = actor.account_id is not None and contact.account_id == actor.account_id
    if not is_self and not policies.may_manage(actor, contact.partner.organisation):
        raise ForbiddenError(_("You may not change this partner."))
    with atomic():
        ended = Contact.objects.filter(pk=contact.pk, ended_on=None).update(ended_on=clock.today())
        if ended:
            _record(actor, "partners.contact_ended", contact.partner, contact.account_id)
    contact.refresh_from_db()
    return contact


def _checked(entry: Entry) -> Entry:
    typed = {name: clean(value) for name, value in asdict(entry).items()}
    typed["uscc"] = typed["uscc"].upper()
    if not typed["name"]:
        raise RefusedError(_("A partner needs a name."), field="name")
    if typed["uscc"] and not uscc_is_valid(typed["uscc"]):
        raise RefusedError(
            _("This credit code does not add up. Please compare it with the certificate."),
            field="uscc",
        )
    return Entry(**typed)


def _check_code(organisation: Organisation, uscc: str, *, but: Partner | None = None) -> None:
    others = _in_force(organisation)
    others = others.exclude(pk=but.pk) if but else others
    other = others.filter(uscc=uscc).first() if uscc else None
    if other is not None:
        raise RefusedError(
            _("This credit code is written down already, with {name}.").format(name=other.name),
            field="uscc",
        )


def _write(actor: Actor, partner: Partner, wanted: dict[str, str]) -> Partner:
    with atomic():
        held = _locked(partner)
        changed = sorted(name for name, value in wanted.items() if getattr(held, name) != value)
        if not changed:
            return held
        if "uscc" in changed:
            _check_code(held.organisation, wanted["uscc"], but=held)
        same_name = (
            _in_force(held.organisation).filter(name=wanted.get("name", "")).exclude(pk=held.pk)
        )
        if "name" in changed and same_name.exists():
            raise RefusedError(_("Another partner bears this name already."), field="name")
        for name in changed:
            setattr(held, name, wanted[name])
        held.save()
        _record(actor, "partners.partner_corrected", held)
    return held


def _in_force(organisation: Organisation) -> QuerySet[Partner]:
    return Partner.objects.filter(organisation=organisation, state=Partner.State.IN_FORCE)


def _locked(partner: Partner) -> Partner:
    rows = Partner.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=partner.pk)


def _record(
    actor: Actor, action: str, partner: Partner, account_id: uuid.UUID | None = None
) -> None:
    audit.record(
        actor_id=actor.account_id,
        action=action,
        kind="partners.Partner",
        object_id=partner.pk,
        subject_id=account_id,
        detail={"organisation": str(partner.organisation_id)},
    )
