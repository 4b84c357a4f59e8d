"""The door of partners."""

from __future__ import annotations

from lianxin.partners.models import Contact, Partner
from lianxin.partners.policies import visible_to
from lianxin.partners.selectors import own_partners, partner_page
from lianxin.partners.services import Entry, contact_end, contact_name, partner_add, partner_end

__all__ = [
    "Contact",
    "Entry",
    "Partner",
    "contact_end",
    "contact_name",
    "own_partners",
    "partner_add",
    "partner_end",
    "partner_page",
    "visible_to",
]
