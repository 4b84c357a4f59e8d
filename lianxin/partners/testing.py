"""Factories of partners for tests and the demo."""

from __future__ import annotations

from lianxin.accounts.api import User
from lianxin.orgs.api import Organisation
from lianxin.orgs.testing import invented_uscc
from lianxin.partners.models import Contact, Partner


def partner_make(
    name: str, organisation: Organisation, *, contact: User | None = None, kind: str = "school"
) -> Partner:
    made = Partner.objects.create(
        name=name, organisation=organisation, kind=kind, uscc=invented_uscc(name), phone="12351"
    )
    if contact is not None:
        Contact.objects.create(partner=made, account=contact, title="联络员")
    return made
