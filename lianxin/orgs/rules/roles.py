"""The roles of a union and the abilities each brings. Pure.

A post (职务) ties a person to an organisation in a role, for a time. A role brings abilities. The
post's reach says whether they hold *here* or *here and below*. Some roles are hidden from above:
what a counsellor or a lawyer does is not seen by those over them.
"""

from __future__ import annotations

from enum import StrEnum


class Reach(StrEnum):
    HERE = "here"
    BELOW = "here_and_below"


class Role(StrEnum):
    CHAIR = "chair"  # 主席
    OFFICER = "officer"  # 专职干部
    OFFICER_PART_TIME = "officer_part_time"  # 兼职干部
    CASEWORKER = "caseworker"  # 帮扶专员
    FINANCE = "finance"  # 财务
    COUNSELLOR = "counsellor"  # 心理咨询师
    LAWYER = "lawyer"  # 律师
    EDITOR = "editor"  # 编辑
    STATION_KEEPER = "station_keeper"  # 驿站管理员
    EXPERT = "expert"  # 专家
    MENTOR = "mentor"  # 导师
    VOLUNTEER = "volunteer"  # 志愿者
    PARTNER_CONTACT = "partner_contact"  # 合作单位联络员
    AUDITOR = "auditor"  # 经审委员
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


class Ability(StrEnum):
    """What a role may do. Steps of a route name roles; everything else asks for an ability."""

    DOSSIER_HANDLE = "dossier.handle"
    DOSSIER_OVERSEE = "dossier.oversee"
    MEMBER_VIEW = "member.view"
    MEMBER_IMPORT = "member.import"
    MEMBER_HELP = "member.help"
    NOTICE_MANAGE = "notice.manage"
    PAYMENT_MANAGE = "payment.manage"
    TEAM_VIEW = "team.view"
    POST_GRANT = "post.grant"
    ORGANISATION_MANAGE = "organisation.manage"
    PARTNER_MANAGE = "partner.manage"
    SUGGESTION_ANSWER = "suggestion.answer"
    AUDIT_VIEW = "audit.view"
    JOBS_VIEW = "jobs.view"
    CLIENT_VIEW = "client.view"
    CLIENT_MANAGE = "client.manage"
    POLICY_EDIT = "policy.edit"
    POLICY_PUBLISH = "policy.publish"
    PLACES_MANAGE = "places.manage"
    STATION_KEEP = "station.keep"


_OFFICER = frozenset(
    {
        Ability.DOSSIER_HANDLE,
        Ability.MEMBER_VIEW,
        Ability.MEMBER_HELP,
        Ability.SUGGESTION_ANSWER,
    }
)
_LEAD = _OFFICER | {
    Ability.PLACES_MANAGE,
    Ability.STATION_KEEP,
    Ability.PARTNER_MANAGE,
    Ability.DOSSIER_OVERSEE,
    Ability.TEAM_VIEW,
    Ability.NOTICE_MANAGE,
    Ability.MEMBER_IMPORT,
    Ability.POST_GRANT,
}
ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.CHAIR: _LEAD | {Ability.ORGANISATION_MANAGE, Ability.POLICY_EDIT, Ability.POLICY_PUBLISH},
    Role.OFFICER: _LEAD - {Ability.POST_GRANT},
    Role.OFFICER_PART_TIME: _OFFICER | {Ability.PLACES_MANAGE, Ability.STATION_KEEP},
    Role.CASEWORKER: _OFFICER,
    Role.FINANCE: frozenset({Ability.PAYMENT_MANAGE, Ability.DOSSIER_HANDLE}),
    Role.COUNSELLOR: frozenset({Ability.DOSSIER_HANDLE}),
    Role.LAWYER: frozenset({Ability.DOSSIER_HANDLE}),
    Role.EDITOR: frozenset({Ability.POLICY_EDIT}),
    Role.STATION_KEEPER: frozenset({Ability.STATION_KEEP}),
    Role.EXPERT: frozenset(),
    Role.MENTOR: frozenset(),
    Role.VOLUNTEER: frozenset(),
    Role.PARTNER_CONTACT: frozenset(),
    Role.AUDITOR: frozenset({Ability.AUDIT_VIEW}),
    Role.SYSTEM_ADMIN: frozenset({Ability.JOBS_VIEW}),
    Role.SECURITY_ADMIN: frozenset(
        {Ability.POST_GRANT, Ability.CLIENT_VIEW, Ability.CLIENT_MANAGE}
    ),
    Role.AUDIT_ADMIN: frozenset({Ability.AUDIT_VIEW}),
}
HIDDEN_FROM_ABOVE = frozenset({Role.COUNSELLOR, Role.LAWYER})
# The three separated administrators (三员分立): one runs the machine, one gives posts, one reads
# the trail. None of the three sees what is known of members.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
PERSONAL = frozenset(
    {
        Ability.DOSSIER_HANDLE,
        Ability.DOSSIER_OVERSEE,
        Ability.MEMBER_VIEW,
        Ability.MEMBER_HELP,
        Ability.MEMBER_IMPORT,
        Ability.PAYMENT_MANAGE,
        Ability.NOTICE_MANAGE,
        Ability.SUGGESTION_ANSWER,
    }
)
# People who help beside their work: their posts open no desk and ask for no second factor.
BESIDE = frozenset({Role.EXPERT, Role.MENTOR, Role.VOLUNTEER, Role.PARTNER_CONTACT})
AT_DESK = frozenset(Role) - BESIDE
# What stays with the holder herself while somebody stands in for her.
NOT_DEPUTISED = frozenset({Ability.POST_GRANT, Ability.POLICY_PUBLISH, Ability.CLIENT_MANAGE})
