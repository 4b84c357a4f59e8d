"""Roles and reaches in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.orgs.rules import Reach, Role

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
