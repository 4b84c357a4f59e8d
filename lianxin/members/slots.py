"""Where members show themselves and what they answer: me, the desk, sign-in, privacy."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import api as accounts
from lianxin.accounts.api import IdentityCheck, User
from lianxin.files import api as files
from lianxin.members import policies
from lianxin.members.constants import SIGNED_PAGE
from lianxin.members.forms import OPENING_PURPOSES
from lianxin.members.models import Member
from lianxin.members.rules.merging import MergePart, member_merge
from lianxin.members.rules.privacy import (
    ErasePart,
    ExportPart,
    FactLink,
    Person,
    PersonLink,
    fact_links,
    opening_words,
    person_links,
    privacy_erase,
    privacy_export,
)
from lianxin.members.selectors.imports import import_run
from lianxin.members.selectors.people import member_of
from lianxin.members.services.carrying import entries_carry, in_force_by_union, lines_follow
from lianxin.members.services.copy_words import members_page, openings_page, posts_page
from lianxin.members.services.duplicates import MERGED, rows_merge
from lianxin.members.services.entering import signed_may_open
from lianxin.members.services.exporting import EXPORTS, PURPOSE_WORDS, export_may_open
from lianxin.members.services.helping import BEGUN
from lianxin.members.services.importing.source import REJECTIONS
from lianxin.members.services.keeping import HOLDS
from lianxin.members.services.linking import ASKED, answer_matches
from lianxin.members.services.privacy import (
    TABLES,
    members_erase,
    members_export,
    openings_export,
    posts_export,
)
from lianxin.notify import api as notify
from lianxin.orgs.api import Ability, Actor, Carrier, organisation_carriers
from lianxin.ui.slots import NavItem, desk_nav, me_links
from lianxin.vault import api as vault

Read = Callable[[Person], object]
Erase = Callable[[Person], None]
_ACCOUNT_TABLES = (
    "accounts.User",
    "accounts.Device",
    "accounts.SignIn",
    "accounts.Attempt",
    "accounts.Agreement",
    "accounts.Challenge",
    "accounts.OutsideIdentity",
    "accounts.KioskGrant",
)


def fill() -> None:
    """Fill the slots of the lower apps; called once by apps.py."""
    _links()
    accounts.identity_checks.fill(
        "members", IdentityCheck(question=_question, verify=_verify), order=10
    )
    accounts.identity_finders.fill("members", _account_behind, order=10)
    accounts.sign_in_steps.fill("members", _step, order=50)
    organisation_carriers.fill(
        "members", Carrier(follow=lines_follow, carry=entries_carry, count=in_force_by_union)
    )
    _privacy()
    member_merge.fill("members", MergePart(tables=MERGED, merge=rows_merge))
    for code, words in OPENING_PURPOSES.items():
        opening_words.fill(code, words)
    opening_words.fill(
        BEGUN, _("To keep an account for you, so that what was applied for with you is yours")
    )
    for code, words in PURPOSE_WORDS.items():
        opening_words.fill(f"export_{code}", words)
    files.access.fill(REJECTIONS, _may_read_rejections)
    files.access.fill(EXPORTS, export_may_open)
    files.access.fill(SIGNED_PAGE, signed_may_open)


def _privacy() -> None:
    """Answer for one's own tables, and for the storeys that cannot reach up to these slots."""
    pages: dict[str, Read] = {
        "members": members_page, "openings": openings_page, "posts": posts_page,
    }  # fmt: skip
    parts: tuple[tuple[str, tuple[str, ...], Read, Erase], ...] = (
        ("members", TABLES, members_export, members_erase),
        ("account", _ACCOUNT_TABLES, _account, _closed_already),
        ("messages", ("notify.InboxMessage",), _messages, _messages_erase),
        ("files", ("files.StoredFile",), _files, _files_erase),
        (
            "posts",
            ("orgs.Post", "orgs.PostProposal", "orgs.OfficerReset"),
            posts_export,
            _kept_by_law,
        ),
        ("openings", ("audit.AuditRow",), openings_export, _kept_by_law),
    )
    for key, tables, read, erase in parts:
        privacy_export.fill(key, ExportPart(tables=tables, read=read, page=pages.get(key)))
        privacy_erase.fill(key, ErasePart(tables=tables, erase=erase, holds=HOLDS.get(key)))


def _links() -> None:
    notes = (
        ("facts", _("What the union knows of me"), "id", _("See it, with its source, and put it right"), 10),
        ("consents", _("What I agreed to"), "signature", _("Give and take back, one by one"), 20),
        ("looked", _("Who looked at my data"), "eye", _("Each opening, by whom and what for"), 30),
        ("family", _("My family"), "home-heart", _("So that no relative decides about my case"), 40),
        ("copy", _("A copy of my data"), "download", "", 85),
        ("closing", _("Close my account"), "user-off", _("What goes, what stays by law, and 15 working days to think again"), 95),
    )  # fmt: skip
    for name, label, icon, note, order in notes:
        item = NavItem(label=label, url_name=f"members:{name}", icon=icon, note=note)
        me_links.fill(name, item, order=order)
    me_links.fill(
        "card",
        NavItem(
            label=_("My membership card"),
            url_name="members:card",
            icon="id",
            note=_("To show, and what happened to my membership"),
            visible=_is_linked,
        ),
        order=3,
    )
    me_links.fill(
        "membership",
        NavItem(
            label=_("Find me on the union’s roll"),
            url_name="members:link",
            icon="user-check",
            note=_("Name and identity number, once"),
            visible=_is_unlinked,
        ),
        order=5,
    )
    desk_nav.fill(
        "members",
        NavItem(
            label=_("Members"),
            url_name="members:member_list",
            icon="users",
            visible=_may_list,
            group="people",
        ),
        order=35,
    )
    desk_nav.fill(
        "duplicates",
        NavItem(
            label=_("Entered twice?"),
            url_name="members:duplicate_list",
            icon="users",
            visible=_may_help,
            group="people",
        ),
        order=52,
    )
    person_links.fill("membership", _membership_link, order=10)
    fact_links.fill("members", lambda _member: {"phone": FactLink(url=reverse("members:number"))})


def _is_unlinked(request: HttpRequest) -> bool:
    return request.user.is_authenticated and member_of(request.user.pk) is None


def _is_linked(request: HttpRequest) -> bool:
    return request.user.is_authenticated and member_of(request.user.pk) is not None


def _may_help(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.MEMBER_HELP))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _membership_link(actor: Actor, member: Member) -> PersonLink | None:
    if not policies.may_change(actor, member):
        return None
    address = reverse("members:membership", args=[member.pk])
    return PersonLink(label=_("Membership and its history"), url=address, icon="user-check")


def _may_list(request: HttpRequest) -> bool:
    return bool(request.actor.can(Ability.MEMBER_VIEW))  # type: ignore[attr-defined]  # set by ActorMiddleware


def _question(user: User) -> str | None:
    member = Member.objects.filter(account_id=user.pk).exclude(id_index="").first()
    return gettext("The last six characters of your identity number") if member else None


def _verify(user: User, answer: str) -> bool:
    member = member_of(user.pk)
    return member is not None and answer_matches(member, answer)


def _account_behind(id_number: str) -> uuid.UUID | None:
    """Find the one account a verified identity number belongs to; two are nobody."""
    digests = vault.blind_indexes(id_number, purpose="id_number")
    rows = Member.objects.filter(id_index__in=digests).exclude(account=None)
    found = list(rows.values_list("account_id", flat=True).distinct()[:2])
    return found[0] if len(found) == 1 else None


def _step(request: HttpRequest, user: User) -> str | None:
    """Lead a fresh sign-in to the roll once; whoever says “later” is not asked again this time."""
    if str(request.session.get("after_sign_in", "")).startswith("/join/"):
        return None  # she is here to join: her union finds out whether she stands on a roll
    if request.session.get(ASKED) or user.login_name or member_of(user.pk) is not None:
        return None
    return reverse("members:link")


def _account(person: Person) -> object:
    return accounts.account_export(person.account_id) if person.account_id else {}


def _messages(person: Person) -> object:
    return notify.account_export(person.account_id) if person.account_id else []


def _messages_erase(person: Person) -> None:
    if person.account_id:
        notify.account_erase(person.account_id)


def _files(person: Person) -> object:
    return files.account_export(person.account_id) if person.account_id else []


def _files_erase(person: Person) -> None:
    if person.account_id:
        files.account_erase(person.account_id)


def _closed_already(_person: Person) -> None:
    """Closing an account clears its row, devices, sign-ins and factors at once."""


def _kept_by_law(_person: Person) -> None:
    """Who decided, and who looked, must stay provable."""


def _may_read_rejections(actor: Actor, run_id: uuid.UUID) -> bool:
    return import_run(actor, run_id) is not None
