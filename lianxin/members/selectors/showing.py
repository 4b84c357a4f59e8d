"""What a member is shown of her own data, and of who looked at it, in words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.kit.money import yuan
from lianxin.kit.paging import page_of
from lianxin.members.models import Fact, Member
from lianxin.members.rules.facts import FactEntry, FactKind
from lianxin.members.rules.people import account_masked, id_masked, phone_masked
from lianxin.members.rules.privacy import FactLink, crowd_looks, fact_links, opening_words
from lianxin.members.selectors.dictionary import dictionary, purposes
from lianxin.members.selectors.facts import FactValue, facts_known, facts_read
from lianxin.orgs.api import Post


@dataclass(frozen=True, kw_only=True)
class ShownFact:
    """A fact as its owner reads it."""

    name: str
    label: str
    value: str
    source: str
    recorded_at: dt.datetime | None
    expires_on: dt.date | None
    is_fresh: bool
    is_sensitive: bool
    may_correct: bool
    link: FactLink | None = None

    @property
    def is_known(self) -> bool:
        """Say whether anything is known at all."""
        return self.recorded_at is not None


@dataclass(frozen=True, kw_only=True)
class FactGroup:
    """Facts that serve one purpose."""

    purpose: str
    sentence: str
    known: list[ShownFact]
    unknown: list[ShownFact]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One opening of a person's sensitive data."""

    at: dt.datetime
    who: str
    where: str
    what: list[str]
    why: str


@dataclass(frozen=True, slots=True)
class CrowdShown:
    """Looks of a machine at everybody, in words: when, how often, at what, what for."""

    first_at: dt.datetime
    last_at: dt.datetime
    times: int
    what: list[str]
    why: str


def fact_groups(member: Member) -> list[FactGroup]:
    """List everything the dictionary knows, by purpose, with this member's values. Her own look."""
    entries = dictionary().facts
    found = facts_read(member, facts_known(member))
    links = {name: link for read in fact_links for name, link in read(member).items()}
    shown = [
        (entry.purpose, _shown(member, name, entry, found, links.get(name)))
        for name, entry in entries.items()
    ]
    order = list(purposes())
    shown.sort(key=lambda pair: order.index(pair[0]))
    groups = []
    for purpose, pairs in groupby(shown, key=lambda pair: pair[0]):
        facts = [fact for _purpose, fact in pairs]
        groups.append(
            FactGroup(
                purpose=purpose,
                sentence=str(purposes()[purpose].sentence),
                known=[fact for fact in facts if fact.is_known],
                unknown=[
                    fact for fact in facts if not fact.is_known and (fact.may_correct or fact.link)
                ],
            )
        )
    return groups


def facts_open(member: Member) -> list[tuple[str, str]]:
    """List what is known and not sealed, in words: what anyone who serves a member may see."""
    entries = dictionary().facts
    names = [
        name
        for name in facts_known(member)
        if name not in {"name", "organisation"}
        and not entries[name].is_sensitive
        and entries[name].purpose in {"membership", "service"}
    ]
    found = facts_read(member, names)
    return [(fact.label, value_in_words(entries[name], fact.value)) for name, fact in found.items()]


def opened_in_words(opened: dict[str, FactValue]) -> list[tuple[str, str]]:
    """Write out facts that were opened for a purpose, unmasked."""
    entries = dictionary().facts
    return [
        (fact.label, value_in_words(entries[name], fact.value, is_masked=False))
        for name, fact in opened.items()
    ]


def sensitive_known(member: Member) -> list[str]:
    """List the sealed facts an officer may ask to open; health and counselling are not among them."""
    entries = dictionary().facts
    known = facts_known(member)
    return [
        name for name in known if entries[name].is_sensitive and entries[name].purpose in _AT_DESK
    ]


_MASKED = frozenset({FactKind.PHONE, FactKind.ID_NUMBER, FactKind.BANK_ACCOUNT})
_AT_DESK = frozenset({"membership", "service", "finance"})


def value_in_words(entry: FactEntry, value: Any, *, is_masked: bool = True) -> str:
    """Write a value as a person says it; numbers that could be stolen are masked."""
    if not is_masked and entry.kind in _MASKED:
        return str(value)
    write = _WRITERS.get(entry.kind)
    return write(entry, value) if write else f"{value} {entry.unit or ''}".strip()


def _choice(entry: FactEntry, value: Any) -> str:
    return next((str(c.label) for c in entry.choices if c.code == value), str(value))


def _rows(entry: FactEntry, value: Any) -> str:
    words = {
        column.code: {choice.code: str(choice.label) for choice in column.choices}
        for column in entry.columns
    }
    return "; ".join(
        " · ".join(words.get(code, {}).get(cell, str(cell)) for code, cell in row.items() if cell)
        for row in value
    )


_WRITERS: dict[FactKind, Callable[[FactEntry, Any], str]] = {
    FactKind.MONEY: lambda _entry, value: _("%(sum)s yuan") % {"sum": yuan(value)},
    FactKind.YES_NO: lambda _entry, value: _("Yes") if value else _("No"),
    FactKind.DATE: lambda _entry, value: formats.date_format(value, "Y-m-d"),
    FactKind.CHOICE: _choice,
    FactKind.PHONE: lambda _entry, value: phone_masked(value),
    FactKind.ID_NUMBER: lambda _entry, value: id_masked(value),
    FactKind.BANK_ACCOUNT: lambda _entry, value: account_masked(value),
    FactKind.LIST: _rows,
}


def fact_past(member: Member, name: str) -> list[tuple[dt.datetime, str]]:
    """List when a fact was told before and by whom; the old values stay sealed."""
    rows = Fact.objects.filter(member=member, name=name).order_by("-recorded_at", "-id")[:20]
    words = dictionary().sources
    return [(row.recorded_at, str(words.get(row.source, row.source))) for row in rows]


def looks_at(
    account_id: uuid.UUID, member: Member | None, after: str | None
) -> tuple[list[Look], str]:
    """List who opened a person's sensitive data, newest first, and the token of the next page."""
    page = page_of(
        _openings(account_id, member.pk if member else None), after, size=30, order=("-at", "-id")
    )
    return _looks(page.rows), page.next_token


def looks_all(
    account_id: uuid.UUID | None, member_id: uuid.UUID | None, most: int = 2000
) -> list[Look]:
    """List who opened a person's sensitive data, newest first, as many as one reads; for her copy."""
    return _looks(list(_openings(account_id, member_id).order_by("-at", "-id")[:most]))


def _looks(rows: Sequence[audit.AuditRow]) -> list[Look]:
    people = {row.actor_id for row in rows if row.actor_id}
    names = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=people)}
    posts = _posts_of(people)
    return [
        Look(
            at=row.at,
            who=names.get(row.actor_id, "") if row.actor_id else "",
            where=posts.get(row.actor_id, "") if row.actor_id else "",
            what=_what(row),
            why=_why(row.purpose),
        )
        for row in rows
    ]


def crowd_shown(member: Member | None) -> list[CrowdShown]:
    """List the passes of a machine over everybody that covered a member, in words."""
    found = [each for look in crowd_looks for each in look(member)] if member is not None else []
    return [
        CrowdShown(each.first_at, each.last_at, each.times, [str(dictionary().facts[name].label) for name in each.facts], _why(each.purpose))
        for each in sorted(found, key=lambda each: each.last_at, reverse=True)
    ]  # fmt: skip


def look_count(account_id: uuid.UUID, member: Member | None, since: dt.datetime) -> int:
    """Count the openings since a moment."""
    return _openings(account_id, member.pk if member else None).filter(at__gte=since).count()


def _openings(
    account_id: uuid.UUID | None, member_id: uuid.UUID | None
) -> QuerySet[audit.AuditRow]:
    # What was opened before she first signed in stands under her entry on the roll.
    found = [audit.openings_of(one) for one in (account_id, member_id) if one is not None]
    rows = found[0] if found else audit.AuditRow.objects.none()
    return rows | found[1] if len(found) > 1 else rows


def _posts_of(accounts: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Post.objects.filter(Q(account_id__in=list(accounts))).select_related("organisation")
    return {row.account_id: row.organisation.name for row in rows.order_by("starts_on")}


def _what(row: audit.AuditRow) -> list[str]:
    facts = dictionary().facts
    if row.kind == "members.Member":
        # Columns of the roll entry and facts share their names.
        return [str(facts[name].label) for name in row.detail.get("fields", ()) if name in facts]
    return [str(opening_words.get(row.kind) or _("Papers of a case of yours"))]


def _why(purpose: str) -> str:
    known = opening_words.get(purpose)
    if known:
        return str(known)
    return str(purposes()[purpose].sentence) if purpose in purposes() else ""


def fact_shown(member: Member, name: str) -> ShownFact:
    """Return one thing known of a member as its owner reads it, masked where it could be stolen."""
    entry = dictionary().facts[name]
    return _shown(member, name, entry, facts_read(member, [name]), None)


def _shown(
    member: Member,
    name: str,
    entry: FactEntry,
    found: dict[str, FactValue],
    link: FactLink | None,
) -> ShownFact:
    fact = found.get(name)
    value = ""
    if fact is not None:
        value = (
            member.organisation.name
            if entry.kind is FactKind.ORGANISATION
            else value_in_words(entry, fact.value)
        )
    return ShownFact(
        name=name,
        label=str(entry.label),
        value=value,
        source=fact.source_label if fact else "",
        recorded_at=fact.recorded_at if fact else None,
        expires_on=fact.expires_on if fact else None,
        is_fresh=fact.is_fresh if fact else True,
        is_sensitive=entry.is_sensitive,
        may_correct=entry.may_correct,
        link=None if entry.may_correct else link,
    )
