"""The policies in force on a day, compiled once a process."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec
from django.db.models import Q, QuerySet

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.rules.closing import Closed, close
from lianxin.eligibility.rules.excluding import Bond, Plan, bound_with, plan_of
from lianxin.eligibility.rules.explaining import Answer, Prepared, explain
from lianxin.eligibility.rules.policy import (
    Policy,
    Wording,
    amount_of,
    bond_of,
    covers,
    granted_of,
    names_of,
    parameters_at,
    ready,
)
from lianxin.kit.text import Bilingual
from lianxin.kit.workdays import SHANGHAI


@dataclass(frozen=True, slots=True)
class Ready:
    """One policy compiled for a day.

    The law is that of the place of whom it is asked about; of a visitor, that of the policy's region.
    """

    id: uuid.UUID
    policy: Policy
    prepared: Prepared
    granted: Closed | None
    names: tuple[str, ...]
    as_of: dt.date

    def law(self, region: str | None = None) -> Mapping[str, int | None]:
        """Return the law's numbers for a place."""
        return law_at(region or self.policy.region, self.as_of)

    @property
    def wording(self) -> dict[str, Wording]:
        """What each condition says, by its code."""
        return {each.code: each for each in self.policy.conditions}

    def asked(self, values: Mapping[str, object], region: str | None = None) -> Answer:
        """Return the answer for what is known of one person; what she was granted elsewhere plays no part."""
        return explain(self.prepared, {**self.law(region), **values})

    def is_granted(self, values: Mapping[str, object], region: str | None = None) -> bool:
        """Say whether it is known that she was granted it."""
        if self.granted is None:
            return False
        return bool(self.granted({**self.law(region), **values}))

    def amount_fen(self, values: Mapping[str, object], region: str | None = None) -> int | None:
        """Return what it gives her, None where it is no sum or not known."""
        return amount_of(self.policy, {**self.law(region), **values}, self.as_of)


def in_force(day: dt.date, region: str | None = None) -> list[Ready]:
    """Return the policies that hold on a day, by code; in a region one a code, the nearest to it.

    What a county says of its own takes the place of what its city says. Without a region all there
    are. One query, and one more after a new version was loaded.
    """
    rows = list(_in_force(day).order_by("code", "region").values_list("pk", "code", "region"))
    wanted = [pk for pk, _code, _own in rows] if region is None else _nearest(rows, region)
    fresh = [pk for pk in wanted if pk not in _TEXTS]
    if fresh:
        _TEXTS.update(PolicyVersion.objects.filter(pk__in=fresh).values_list("pk", "content"))
    return [_ready(pk, day) for pk in wanted]


def one_in_force(code: str, day: dt.date, region: str | None = None) -> Ready | None:
    """Return the policy of a code that holds on a day: the nearest to a region, else the widest."""
    return next((each for each in of_place(day, region) if each.policy.code == code), None)


def one_shown(code: str, day: dt.date, region: str | None = None) -> Ready | None:
    """Return the policy of a code that holds on a day, else the last that held, else the next.

    One that is over is compiled for its last day, one to come for its first: so it is shown as it
    held, or will hold.
    """
    held = one_in_force(code, day, region)
    if held is not None:
        return held
    return _last_or_next(PolicyVersion.objects.filter(code=code).order_by("version"), day, region)


def to_come(day: dt.date, region: str | None, held: Collection[str]) -> list[Ready]:
    """Return of each code beside those held the policy that will hold, by code; none that ever held.

    Two queries.
    """
    ahead = PolicyVersion.objects.filter(valid_from__gt=day).exclude(code__in=held)
    rows = PolicyVersion.objects.filter(code__in=set(ahead.values_list("code", flat=True)))
    by_code: dict[str, list[PolicyVersion]] = {}
    for each in rows.order_by("code", "version"):
        by_code.setdefault(each.code, []).append(each)
    found = (_last_or_next(versions, day, region) for versions in by_code.values())
    return [each for each in found if each is not None and each.policy.valid_from > day]


def _last_or_next(versions: Iterable[PolicyVersion], day: dt.date, region: str | None) -> Ready | None:  # fmt: skip
    """Choose among versions of one code, oldest first, of which none holds on a day."""
    near = [each for each in versions if not each.never_held and (region is None or covers(each.region, region))]  # fmt: skip
    over = {each.region: each for each in near if each.valid_from <= day}
    ahead = [each for each in near if each.valid_from > day]
    if over:
        version = max(over.values(), key=lambda each: (_ended(each), len(each.region)))
    elif ahead:
        version = min(ahead, key=lambda each: (each.valid_from, -each.version))
    else:
        return None
    shown_on = min(max(day, version.valid_from), version.valid_until or dt.date.max)
    _TEXTS.setdefault(version.pk, version.content)
    ready = _ready(version.pk, shown_on)
    if ready.policy.valid_until == version.valid_until:
        return ready
    # Ended before its day by two people: the text itself never changes.
    return replace(ready, policy=msgspec.structs.replace(ready.policy, valid_until=version.valid_until))  # fmt: skip


def of_place(day: dt.date, region: str | None) -> list[Ready]:
    """Return one policy a code: the nearest to a place, the widest where none is known."""
    if region is not None:
        return in_force(day, region)
    widest: dict[str, Ready] = {}
    for each in in_force(day):
        held = widest.get(each.policy.code)
        if held is None or len(each.policy.region) < len(held.policy.region):
            widest[each.policy.code] = each
    return list(widest.values())


def nearest(policies: Iterable[Ready], region: str) -> list[Ready]:
    """Choose of each code the policy nearest to a region, among those that cover it."""
    held = {each.id: each for each in policies}
    rows = [(pk, each.policy.code, each.policy.region) for pk, each in held.items()]
    return [held[pk] for pk in _nearest(rows, region)]


def nearer_places(code: str, region: str, day: dt.date) -> list[str]:
    """Name the places below a region that have a version of their own on a day. One query."""
    rows = _in_force(day).filter(code=code).exclude(region=region).values_list("region", flat=True)
    return sorted(each for each in set(rows) if covers(region, each))


def ready_of(pk: uuid.UUID, policy: Policy, day: dt.date) -> Ready:
    """Compile a text that stands on no shelf (yet), or once did, for a day."""
    granted = granted_of(policy, day)
    closed = close(granted, day) if granted else None
    return Ready(pk, policy, ready(policy, day), closed, names_of(policy), day)


@lru_cache(maxsize=4_096)
def law_at(region: str, day: dt.date) -> Mapping[str, int | None]:
    """Return the law's numbers for a place: of its own lines or those of the nearest place above it."""
    return parameters_at(yaml_files.parameters(), region, day)


def plan_at(day: dt.date) -> Plan[uuid.UUID]:
    """Say how the policies in force on a day yield to each other, in all regions.

    One query, and one more after a new version was loaded.
    """
    bonds = bonds_at(day)
    return _plan(tuple(bonds.items()))


def bonds_at(day: dt.date) -> dict[uuid.UUID, Bond]:
    """Say what binds the policies in force on a day to others."""
    wanted = list(_in_force(day).order_by("code", "region").values_list("pk", flat=True))
    fresh = [pk for pk in wanted if pk not in _BONDS]
    if fresh:
        rows = PolicyVersion.objects.filter(pk__in=fresh).values_list("pk", "content")
        _BONDS.update((pk, bond_of(msgspec.convert(content, Policy))) for pk, content in rows)
    return {pk: _BONDS[pk] for pk in wanted}


def bound(found: Iterable[Ready], day: dt.date, region: str | None = None, *, refused: Collection[str] = ()) -> list[Ready]:  # fmt: skip
    """Return policies with all in force for a region that they may have to yield to; two queries at most."""
    found, bonds = list(found), bonds_at(day)
    if not any(bonds[each.id].excludes for each in found if each.id in bonds):
        return found
    return beside(found, in_force(day, region), bonds, refused)


def beside(found: Iterable[Ready], near: Iterable[Ready], bonds: Mapping[uuid.UUID, Bond], refused: Collection[str] = ()) -> list[Ready]:  # fmt: skip
    """Return policies with those near that they may have to yield to, through others too.

    Of a kind of help she refused none takes anything from them, and none is asked about.
    """
    found, near = list(found), wanted(near, refused)
    held = {each.id: bonds[each.id] for each in (*found, *near) if each.id in bonds}
    own = {each.id for each in found}
    asked = set(bound_with(own & held.keys(), held)) - own
    return [*found, *(each for each in near if each.id in asked)]


def wanted(policies: Iterable[Ready], refused: Collection[str]) -> list[Ready]:
    """Leave out the policies of kinds of help somebody refused."""
    return [each for each in policies if each.policy.purpose not in refused]


def policy_of(version: PolicyVersion) -> Policy:
    """Read a version whole."""
    return msgspec.convert(version.content, Policy)


def version_then(code: str, region: str, day: dt.date) -> PolicyVersion | None:
    """Return the version that held for a region on a day, as it was known on that day. One query."""
    until = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=SHANGHAI)
    rows = PolicyVersion.objects.filter(code=code, loaded_at__lt=until, valid_from__lte=day)
    begun = (row for row in rows.order_by("version") if not row.never_held)
    newest = {row.region: row for row in begun if covers(row.region, region)}
    held = [row for row in newest.values() if row.valid_until is None or row.valid_until >= day]
    return max(held, key=lambda row: len(row.region), default=None)


def title_of(version: PolicyVersion) -> Bilingual:
    """Return a version's title without reading all of it."""
    return bilingual(version.content["title"])


def bilingual(plain: Mapping[str, str]) -> Bilingual:
    """Read a text in two languages out of a version's content."""
    return msgspec.convert(plain, Bilingual)


def wording_of(version: PolicyVersion, condition: str) -> Wording | None:
    """Return what one condition of a version says."""
    for each in version.content["conditions"]:
        if each["code"] == condition:
            return msgspec.convert(each, Wording)
    return None


def _nearest(rows: Iterable[tuple[uuid.UUID, str, str]], region: str) -> list[uuid.UUID]:
    """Choose of each code the version nearest to a region, among those that cover it."""
    nearest: dict[str, tuple[uuid.UUID, str]] = {}
    for pk, code, own in rows:
        if covers(own, region) and (code not in nearest or len(own) > len(nearest[code][1])):
            nearest[code] = (pk, own)
    return [pk for pk, _own in nearest.values()]


def _ended(version: PolicyVersion) -> dt.date:
    return version.valid_until or dt.date.max


def _in_force(day: dt.date) -> QuerySet[PolicyVersion]:
    ends = Q(valid_until=None) | Q(valid_until__gte=day)
    return PolicyVersion.objects.filter(ends, is_current=True, valid_from__lte=day)


# A version never changes, so what was read once stays true.
_TEXTS: dict[uuid.UUID, dict[str, object]] = {}


_BONDS: dict[uuid.UUID, Bond] = {}


@lru_cache(maxsize=32)
def _plan(bonds: tuple[tuple[uuid.UUID, Bond], ...]) -> Plan[uuid.UUID]:
    return plan_of(dict(bonds))


@lru_cache(maxsize=4_096)
def _ready(pk: uuid.UUID, day: dt.date) -> Ready:
    return ready_of(pk, msgspec.convert(_TEXTS[pk], Policy), day)
