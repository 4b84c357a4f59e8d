"""The policies in force on a day, compiled once a process."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from django.db.models import Q, QuerySet

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import PolicyVersion
from lianxin.eligibility.rules.explaining import Answer, Prepared, explain
from lianxin.eligibility.rules.policy import Policy, Wording, amount_of, parameters_at, ready
from lianxin.kit.text import Bilingual
from lianxin.kit.workdays import SHANGHAI


@dataclass(frozen=True, slots=True)
class Ready:
    """One policy compiled for a day, with the law of its region."""

    id: uuid.UUID
    policy: Policy
    prepared: Prepared
    law: Mapping[str, int | None]
    as_of: dt.date

    @property
    def wording(self) -> dict[str, Wording]:
        """What each condition says, by its code."""
        return {each.code: each for each in self.policy.conditions}

    def asked(self, values: Mapping[str, object]) -> Answer:
        """Return the answer for what is known of one person."""
        return explain(self.prepared, {**self.law, **values})

    def amount_fen(self, values: Mapping[str, object]) -> int | None:
        """Return what it gives her, None where it is no sum or not known."""
        return amount_of(self.policy, {**self.law, **values}, self.as_of)


def in_force(day: dt.date, region: str | None = None) -> list[Ready]:
    """Return the policies that hold on a day, by code; of a region, its own and those above.

    One query, and one more after a new version was loaded.
    """
    rows = list(_in_force(day).order_by("code", "region").values_list("pk", "region"))
    wanted = [pk for pk, own in rows if region is None or covers(own, region)]
    fresh = [pk for pk in wanted if pk not in _TEXTS]
    if fresh:
        _TEXTS.update(PolicyVersion.objects.filter(pk__in=fresh).values_list("pk", "content"))
    return [_ready(pk, day) for pk in wanted]


def one_in_force(code: str, day: dt.date, region: str | None = None) -> Ready | None:
    """Return the policy of a code that holds on a day, the nearest to a region."""
    found = [each for each in in_force(day, region) if each.policy.code == code]
    return max(found, key=lambda each: len(each.policy.region), default=None)


def ready_of(pk: uuid.UUID, policy: Policy, day: dt.date) -> Ready:
    """Compile a text that stands on no shelf (yet), or once did, for a day."""
    law = parameters_at(yaml_files.parameters(), policy.region, day)
    return Ready(pk, policy, ready(policy, day), law, day)


def policy_of(version: PolicyVersion) -> Policy:
    """Read a version whole."""
    return msgspec.convert(version.content, Policy)


def version_then(code: str, region: str, day: dt.date) -> PolicyVersion | None:
    """Return the version that held for a region on a day, as it was known on that day. One query."""
    until = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=SHANGHAI)
    rows = PolicyVersion.objects.filter(code=code, loaded_at__lt=until, valid_from__lte=day)
    found = [row for row in rows if region == row.region or covers(row.region, region)]
    newest = max(found, key=lambda row: (len(row.region), row.version), default=None)
    is_over = newest is not None and newest.valid_until is not None and newest.valid_until < day
    return None if is_over else newest


def covers(above: str, region: str) -> bool:
    """Tell whether a policy's region holds a union's code."""
    return above in {"*", region} or region.startswith(f"{above}-")


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


def _in_force(day: dt.date) -> QuerySet[PolicyVersion]:
    ends = Q(valid_until=None) | Q(valid_until__gte=day)
    return PolicyVersion.objects.filter(ends, is_current=True, valid_from__lte=day)


# A version never changes, so what was read once stays true.
_TEXTS: dict[uuid.UUID, dict[str, object]] = {}


@lru_cache(maxsize=4_096)
def _ready(pk: uuid.UUID, day: dt.date) -> Ready:
    return ready_of(pk, msgspec.convert(_TEXTS[pk], Policy), day)
