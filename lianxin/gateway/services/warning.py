"""Tells those who keep the machine and its doors that a receiver was switched off."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.gateway import conf
from lianxin.gateway.models import Subscription
from lianxin.kit import clock
from lianxin.notify import api as notify
from lianxin.orgs.api import Post, Reach, Role, holders_at, line_of

_KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def operator_warn(row: Subscription) -> None:
    """Put word into the inbox of the administrators over the client's organisation. In `atomic`."""
    client, moment = row.client, f"{clock.now():%Y%m%d%H%M}"
    body = lazy(_body, str)(client.name)
    for account_id in {post.account_id for post in _keepers(row)}:
        notify.notify(
            account_id=account_id,
            kind="gateway.subscription_off",
            title=_("A receiver of another system was switched off"),
            body=body,
            url=reverse("gateway:clients"),
            urgent=True,
            key=f"gateway.off:{row.pk}:{moment}",
        )


def _body(name: str) -> str:
    return gettext(
        "%(name)s took no messages for %(days)d days, or said that it is gone for good. Nothing is "
        "lost: ask its operator, then switch it on again with rest_webhook resume."
    ) % {"name": name, "days": conf.webhook_days().days}


def _keepers(row: Subscription) -> list[Post]:
    own = row.client.organisation
    return [
        post
        for organisation in line_of(own)
        for post in holders_at(organisation.pk, _KEEPERS, also_away=True)
        if organisation.pk == own.pk or post.reach == Reach.BELOW
    ]
