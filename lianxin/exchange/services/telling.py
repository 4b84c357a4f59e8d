"""Telling everybody who holds a voucher or has booked what is different now, batch by batch.

A telling is written down in the transaction that made it necessary; a job carries it out in
batches, each in a transaction of its own together with how far it has come.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.allocation import api as allocation
from lianxin.exchange.models import Resource, Telling
from lianxin.exchange.rules import TOLD, State, Way, plain
from lianxin.exchange.selectors import BOOKED, changed_words, pool_of
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify, words_for

BATCH = 100


def holders_tell(
    resource: Resource, before: dict[str, Any], after: dict[str, Any]
) -> Telling | None:
    """Write down that those who hold or booked something are told; inside `atomic`. None: nothing to tell."""
    changed = [
        {"name": name, "before": plain(before[name]), "after": plain(after[name])}
        for name in TOLD
        if before[name] != after[name]
    ]
    if not changed or resource.way == Way.ASKED:
        return None
    telling = Telling.objects.create(resource=resource, changed=changed)
    jobs.enqueue("exchange.tell_holders", payload={"telling_id": str(telling.pk)})
    return telling


def telling_run(telling_id: uuid.UUID) -> int:
    """Tell everybody who was not told yet, batch by batch; return how many were told now."""
    told = 0
    while batch := _batch_tell(telling_id):
        told += batch
    return told


def _batch_tell(telling_id: uuid.UUID) -> int:
    with atomic():
        rows = Telling.objects.select_for_update(of=("self",)).select_related("resource")
        telling = rows.get(pk=telling_id)
        if telling.finished_at is not None:
            return 0
        is_there = telling.resource.standing is State.PUBLISHED
        holders = list(_holders(telling)[:BATCH]) if is_there else []
        for one in holders:
            _tell(telling, one)
        if holders:
            telling.cursor = holders[-1].pk
            telling.told += len(holders)
        else:
            telling.finished_at = clock.now()
        telling.save(update_fields=["cursor", "told", "finished_at"])
    return len(holders)


def _holders(telling: Telling) -> QuerySet[Any]:
    """Those who hold or wait for a voucher, or whose booking is ahead, in the order in which they are told."""
    resource = telling.resource
    pool = pool_of(resource)
    rows: QuerySet[Any]
    if pool is not None:
        rows = allocation.Claim.objects.filter(pool=pool, state__in=allocation.LIVE, used=0)
    else:
        rows = allocation.bookings_of_things(BOOKED, [resource.pk]).filter(ends_at__gt=clock.now())
    rows = rows.filter(account__isnull=False)
    rows = rows.filter(made_at__lte=telling.made_at)
    if telling.cursor is not None:
        rows = rows.filter(pk__gt=telling.cursor)
    return rows.order_by("pk")


def _tell(telling: Telling, holder: Any) -> None:
    is_booked = telling.resource.way == Way.BOOKED
    page = reverse("allocation:booking" if is_booked else "allocation:claim", args=[holder.pk])
    with words_for(holder.account_id):
        lines = [
            _("%(thing)s: %(now)s (before: %(before)s)")
            % {"thing": label, "now": now, "before": was}
            for label, was, now in changed_words(telling.changed)
        ]
        lines.append(_("If it no longer suits you, give it back; somebody else is glad of it."))
        notify(
            account_id=holder.account_id,
            kind="exchange.changed",
            title=_("Changed: %(what)s") % {"what": telling.resource.title},
            body="\n".join(lines),
            url=page,
            key=f"exchange:told:{telling.pk}",
        )
