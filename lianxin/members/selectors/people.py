"""Finding members."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Left
from django.http import HttpRequest

from lianxin.accounts import api as accounts
from lianxin.kit import clock
from lianxin.kit.paging import Page, page_of_parts
from lianxin.kit.slots import once
from lianxin.kit.text import clean
from lianxin.members.constants import ENTERED_LATELY, OFFICER
from lianxin.members.models import Member, Relative
from lianxin.members.policies import at_and_below, parts_of, visible_to
from lianxin.members.rules.identity import IdentityError, identity_of
from lianxin.members.rules.membership import HELD, OVER, RANK, State
from lianxin.members.rules.people import mobile_of
from lianxin.members.selectors.pinyin import sort_key_of
from lianxin.orgs.api import Actor, Organisation, organisation_by_code
from lianxin.vault import api as vault

# Of the digest of the last four digits this much is kept: enough to tell ten thousand apart.
TAIL = 24
# Greater than any letter in the byte order sort keys are compared in.
PAST_ALL = "\U0010ffff"
# Names so rare are found by the name itself, not by its sound.
RARE = 1000


def member_of(account_id: uuid.UUID | None) -> Member | None:
    """Return the roll entry linked to an account, with its organisation; None if there is none."""
    if account_id is None:
        return None
    return Member.objects.select_related("organisation").filter(account_id=account_id).first()


def member_here(request: HttpRequest) -> Member | None:
    """Return the roll entry of whoever looks, looked up once a request: several cards of the home ask."""
    if not request.user.is_authenticated:
        return None
    account_id = request.user.pk
    return once(request, "member_here", lambda: member_of(account_id))


def number_is_held(member: Member, phone: str) -> bool:
    """Say whether the roll has this number (E.164) of hers."""
    return bool(phone) and member.phone_index in vault.blind_indexes(phone, purpose="phone")


def members_by_id(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Member]:
    """Return members by id, with their organisation. One query."""
    rows = Member.objects.select_related("organisation").filter(pk__in=member_ids)
    return {row.pk: row for row in rows}


def member_locked(member_id: uuid.UUID) -> Member | None:
    """Return a member with her organisation; until the end of the transaction nobody else gets her so.

    Whoever reckons from what is known of her and writes the result down takes her first: else of
    two who reckon at once the slower one writes what is no longer true. Facts may still be told.
    """
    rows = Member.objects.select_related("organisation").filter(pk=member_id)
    return rows.select_for_update(of=("self",), no_key=True).first()


def member_by_id_number(id_number: str) -> Member | None:
    """Return the member in force of an identity number in its written form."""
    digests = vault.blind_indexes(id_number, purpose="id_number")
    found = Member.objects.select_related("organisation").filter(state=Member.State.IN_FORCE)
    return next(iter(found.filter(id_index__in=digests)[:1]), None) if digests else None


def entry_of_number(id_number: str) -> Member | None:
    """Return the one entry of a number in its written form: in force first, then the newest."""
    digests = vault.blind_indexes(id_number, purpose="id_number")
    rows = Member.objects.select_related("organisation").filter(
        id_index__in=digests, merged_into=None
    )
    found = sorted(rows, key=lambda row: (RANK[State(row.state)], -row.pk.int))
    return found[0] if found else None


def union_named(typed: str) -> Organisation | None:
    """Find a union by its code, or by its whole name if one alone bears it."""
    wanted = clean(typed)
    if found := organisation_by_code(wanted):
        return found
    named = list(Organisation.objects.filter(name=wanted)[:2]) if wanted else []
    return named[0] if len(named) == 1 else None


# Those whose membership is over, for whatever reason.
ANY_OVER = "over"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of a list is wanted; "" wants everything."""

    search: str = ""  # the start of a name or of its pinyin, a whole phone or identity number
    tail: str = ""  # the last four digits of the phone
    industry: str = ""  # a section of GB/T 4754
    employment_form: str = ""
    state: str = ""  # "" is in force or retained, ANY_OVER left or ended
    union: str = ""  # the code of a union: those at and below it
    entered: str = ""  # "lately": by one officer, in the last weeks

    @property
    def is_narrow(self) -> bool:
        """Say whether anything is asked for."""
        return any(vars(self).values())

    @property
    def is_pointed(self) -> bool:
        """Say whether it points at few, who are found by an index of their own."""
        return bool(self.tail or self.union or self.entered) or _is_number(clean(self.search))


def members_listed(actor: Actor, filters: Filters) -> QuerySet[Member]:
    """Return the members in an officer's reach that she asks for, in no order yet."""
    return _narrowed(visible_to(actor, Member.objects.all()), filters)


def member_page(
    actor: Actor,
    *,
    search: str = "",
    filters: Filters | None = None,
    after: str | None = None,
) -> Page[Member]:
    """List the members in an officer's reach by name in pinyin, a page at a time.

    `search` takes the start of a name, of its pinyin, or a whole phone or identity number. A query
    for each part of her reach, three more at most.
    """
    wanted = filters or Filters(search=search)
    reach = [] if actor.is_system or wanted.is_pointed else parts_of(actor)
    parts = []
    for one in _apart(wanted):
        if len(reach) > 1:
            narrow = _narrowed(Member.objects.all(), one)
            parts += [narrow.filter(part) for part in reach]
        else:
            parts.append(members_listed(actor, one))
    parts = [part.select_related("organisation") for part in parts]
    return page_of_parts(parts, after, order=("sort_key", "id"))


def _apart(filters: Filters) -> list[Filters]:
    """Ask for each kind of what is over by itself: an index holds each of them in order."""
    if filters.state != ANY_OVER or filters.is_pointed:
        return [filters]
    return [replace(filters, state=state.value) for state in sorted(OVER)]


def _narrowed(rows: QuerySet[Member], filters: Filters) -> QuerySet[Member]:
    if filters.union:
        found = organisation_by_code(filters.union)
        rows = rows.filter(at_and_below(found)) if found is not None else rows.none()
    rows = _standing(rows, filters.state)
    if filters.entered:
        rows = rows.filter(source=OFFICER, created_at__gte=clock.now() - ENTERED_LATELY)
    if filters.tail:
        digests = vault.blind_indexes(filters.tail, purpose="phone_tail")
        rows = _exactly(rows, tail_index__in=[digest[:TAIL] for digest in digests])
    for column in ("industry", "employment_form"):
        if wanted := getattr(filters, column):
            rows = rows.filter(**{column: wanted})
    return _found(rows, filters.search)


def _standing(rows: QuerySet[Member], state: str) -> QuerySet[Member]:
    """Narrow to a state of membership; "" is in force or retained."""
    if state not in {"", State.IN_FORCE}:
        # In the words of the index of these few: SQLite follows it only where it reads them again.
        rows = rows.exclude(state=State.IN_FORCE)
    if state == ANY_OVER:
        return rows.filter(state__in=OVER)
    return rows.filter(state=state) if state else rows.filter(state__in=HELD)


def relatives_of(account_id: uuid.UUID) -> QuerySet[Relative]:
    """List the family that whoever has an account declared; without reading her entry first."""
    return Relative.objects.filter(member__account_id=account_id).order_by("relation", "id")


def family_of(member: Member) -> dict[uuid.UUID, uuid.UUID | None]:
    """Return the entries of a member and her spouse, if each declared the other, with their accounts.

    What one person says of another binds nobody: a stranger's declaration does not make a family.
    One query; two where she declared somebody.
    """
    own = {member.pk: member.account_id}
    spouses = Relative.objects.filter(relation="spouse").exclude(id_index="")
    declared = list(spouses.filter(member=member).values_list("id_index", flat=True))
    if not member.id_index or not declared:
        return own
    back = spouses.filter(id_index=member.id_index, member__id_index__in=declared)
    mutual = back.filter(member__state=Member.State.IN_FORCE)
    return own | dict(mutual.values_list("member_id", "member__account_id"))


def _found(rows: QuerySet[Member], search: str) -> QuerySet[Member]:
    typed = clean(search)[:64]
    if not typed:
        return rows
    if phone := _phone(typed):
        return _exactly(rows, phone_index__in=vault.blind_indexes(phone, purpose="phone"))
    if _is_number(typed):
        return _exactly(rows, id_index__in=_id_indexes(typed))
    key = sort_key_of(typed)
    if not key:
        return rows.none()
    rows = rows.filter(sort_key__gte=key, sort_key__lt=key + PAST_ALL)
    return rows if typed.isascii() else _written(rows, typed.replace(" ", ""))


def _is_number(typed: str) -> bool:
    return sum(c.isdigit() for c in typed) >= 6 or bool(mobile_of(typed))


def _phone(typed: str) -> str:
    """Read a whole number; with a plus from any country, as people sign in with it."""
    number = accounts.normal_phone(typed, strict=False) if typed.startswith("+") else ""
    return number or mobile_of(typed)


def _written(rows: QuerySet[Member], start: str) -> QuerySet[Member]:
    """Keep those whose name begins so: 厉 sounds like 李 and is a thousand times as rare.

    The rare are looked up first. The frequent are met soon in a walk through the list, and that the
    database must believe: it takes a comparison it sees through for a rare one, and sorts them all.
    """
    if connection.vendor == "postgresql":
        named = Member.objects.filter(name__startswith=start)  # by an index of patterns
    else:
        named = Member.objects.filter(name__gte=start, name__lt=start + PAST_ALL)
    found = list(named.values_list("pk", flat=True)[: RARE + 1])
    if len(found) <= RARE:
        return rows.filter(pk__in=found)
    begins = Q(start_of_name=start)
    return rows.alias(start_of_name=Left("name", len(start))).filter(
        Case(When(begins, then=True), default=False)
    )


def _exactly(rows: QuerySet[Member], **digests: list[str]) -> QuerySet[Member]:
    """Find the few of an index first: told all at once, SQLite walks the whole list in order.

    PostgreSQL knows how few they are, and need not be told eight hundred ids.
    """
    if not all(digests.values()):
        return rows.none()
    if connection.vendor == "postgresql":
        return rows.filter(**digests)
    return rows.filter(pk__in=list(Member.objects.filter(**digests).values_list("pk", flat=True)))


def _id_indexes(typed: str) -> list[str]:
    try:
        number = identity_of(typed, today=clock.today()).number
    except IdentityError:
        return []
    return vault.blind_indexes(number, purpose="id_number")
