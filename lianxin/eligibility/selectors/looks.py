"""Which passes over everybody covered a person: one line for all that looked the same."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from lianxin.eligibility.models import MatchPartition
from lianxin.eligibility.selectors.answers import PURPOSE
from lianxin.members.api import CrowdLook, Member, past_of
from lianxin.orgs.api import codes_above, line_of

MOST = 400  # parts looked back over: a year of nights


def crowd_looks_of(member: Member) -> list[CrowdLook]:
    """Say when a machine looked at a member among all others, at which facts; newest first.

    A part of a run names a district, not people: she was covered if she belonged to it then and had
    agreed. Looks at the same facts that follow each other are one line.
    """
    found: list[CrowdLook] = []
    for look in _looks(member):
        last = found[-1] if found else None
        if last is not None and last.facts == look.facts:
            found[-1] = CrowdLook(
                first_at=look.first_at, last_at=last.last_at, times=last.times + 1, facts=look.facts, purpose=PURPOSE
            )  # fmt: skip
        else:
            found.append(look)
    return found


def _looks(member: Member) -> Iterator[CrowdLook]:
    past = past_of(member)
    places = [(union, codes_above(line_of(union))) for _span, union in past.stays]
    here = Q(pk__in=[])
    for _union, codes in places:
        here |= Q(city_code=codes["city_code"], district_code=codes["district_code"])
    parts = MatchPartition.objects.filter(here).exclude(exported_at=None)
    codes_of = {union.pk: codes for union, codes in places}
    for part in parts.select_related("run__organisation").order_by("-exported_at")[:MOST]:
        first = part.exported_at
        if first is None:
            continue
        union, last = past.union_at(first), part.done_at or first
        if union is None or PURPOSE not in past.agreed(first, last):
            continue
        codes = codes_of[union.pk]
        if (part.city_code, part.district_code) != (codes["city_code"], codes["district_code"]):
            continue
        within = part.run.organisation
        if within is not None and not union.path.startswith(within.path):
            continue
        facts = tuple(past.known(part.facts, first, last))
        if facts:
            yield CrowdLook(first_at=first, last_at=first, times=1, facts=facts, purpose=PURPOSE)
