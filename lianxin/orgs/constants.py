"""Roles, reaches, levels, states and changes in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.orgs.rules import Level, Reach, Role

ROLE_WORDS: dict[Role, Any] = {
    Role.CHAIR: _("Chair"),
    Role.OFFICER: _("Officer, full time"),
    Role.OFFICER_PART_TIME: _("Officer, part time"),
    Role.CASEWORKER: _("Caseworker"),
    Role.FINANCE: _("Finance"),
    Role.COUNSELLOR: _("Counsellor"),
    Role.LAWYER: _("Lawyer"),
    Role.EDITOR: _("Editor"),
    Role.EXPERT: _("Expert"),
    Role.MENTOR: _("Mentor"),
    Role.VOLUNTEER: _("Volunteer"),
    Role.PARTNER_CONTACT: _("Contact of a partner"),
    Role.AUDITOR: _("Auditor"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}
REACH_WORDS: dict[Reach, Any] = {
    Reach.HERE: _("This union only"),
    Reach.BELOW: _("This union and all below it"),
}
LEVEL_WORDS: dict[Level, Any] = {
    Level.NATIONAL: _("national federation"),
    Level.PROVINCE: _("provincial federation"),
    Level.CITY: _("city federation"),
    Level.DISTRICT: _("district federation"),
    Level.INDUSTRY: _("industry union"),
    Level.STREET: _("street or township union"),
    Level.GRASSROOTS: _("grassroots union"),
    Level.GROUP: _("union group"),
}
STATE_WORDS: dict[str, Any] = {
    "in_force": _("in force"),
    "merging": _("being merged"),
    "closing": _("being closed"),
    "closed": _("closed for good"),
}
CHANGE_WORDS: dict[str, Any] = {
    "found": _("Founded"),
    "rename": _("Renamed"),
    "details": _("Details put right"),
    "affiliate": _("Affiliated with a further parent"),
    "leave": _("Affiliation ended"),
    "move": _("Moved below another union"),
    "merge": _("Merged into another union"),
    "close": _("Closed"),
}
CHANGE_STATE_WORDS: dict[str, Any] = {
    "planned": _("planned"),
    "carrying": _("running"),
    "done": _("carried out"),
    "cancelled": _("plan taken back"),
    "refused": _("not possible any more"),
}
