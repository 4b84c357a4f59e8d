"""Roles, reaches, levels, states and changes in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ROLE_WORDS: dict[str, Any] = {
    "chair": _("Chair"),
    "officer": _("Officer, full time"),
    "officer_part_time": _("Officer, part time"),
    "caseworker": _("Caseworker"),
    "finance": _("Finance"),
    "counsellor": _("Counsellor"),
    "lawyer": _("Lawyer"),
    "editor": _("Editor"),
    "station_keeper": _("Keeper of stations"),
    "expert": _("Expert"),
    "mentor": _("Mentor"),
    "volunteer": _("Volunteer"),
    "partner_contact": _("Contact of a partner"),
    "auditor": _("Auditor"),
    "system_admin": _("System administrator"),
    "security_admin": _("Security administrator"),
    "audit_admin": _("Audit administrator"),
}
REACH_WORDS: dict[str, Any] = {
    "here": _("This union only"),
    "here_and_below": _("This union and all below it"),
}
LEVEL_WORDS: dict[str, Any] = {
    "national": _("national federation"),
    "province": _("provincial federation"),
    "city": _("city federation"),
    "district": _("district federation"),
    "industry": _("industry union"),
    "street": _("street or township union"),
    "grassroots": _("grassroots union"),
    "group": _("union group"),
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
RESET_STATE_WORDS: dict[str, Any] = {
    "open": _("waits for a second person"),
    "confirmed": _("agreed, not handed over yet"),
    "handed": _("handed over"),
    "refused": _("answered with no"),
    "stopped": _("stopped by the officer herself"),
    "withdrawn": _("taken back by whoever asked"),
    "lapsed": _("lapsed"),
}
