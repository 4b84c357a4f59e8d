"""Reminding who arranges a draw that its rule is not published: until it is, nobody can apply."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.allocation.models import Pool
from lianxin.allocation.rules.draws_steps import Unruled, unruled_at
from lianxin.allocation.selectors.draws import pools_unruled
from lianxin.allocation.selectors.showing import desk_of
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.transactions import atomic
from lianxin.notify.api import notify, words_for
from lianxin.orgs.api import Ability, bearers_of
from lianxin.ui.templatetags.ui import daytime

AHEAD = dt.timedelta(days=1)  # so long before sign-up opens it is said first


def rules_remind() -> int:
    """Write to whoever arranges draws without a rule what is due now, each once; return how many draws."""
    rows = pools_unruled().filter(opens_at__lte=clock.now() + AHEAD).order_by("closes_at", "pk")
    # All of them: who was told before stays among them, and of a part the last would never be told.
    return jobs.each_alone(
        list(rows.values_list("pk", flat=True)), _remind, what="draw without a rule"
    )


def _remind(pool_id: uuid.UUID) -> None:
    with atomic():
        pool = pools_unruled().select_related("organisation").filter(pk=pool_id).first()
        if pool is None:
            return
        what = unruled_at(pool.opens_at, pool.closes_at, clock.now())
        nearest = next(iter(bearers_of(Ability.PLACES_MANAGE, pool.organisation)), [])
        for account_id in nearest:
            with words_for(account_id):
                title, body = _words(pool, what)
            notify(
                account_id=account_id,
                kind="allocation.draw_unruled",
                title=title,
                body=body,
                url=desk_of(pool),
                urgent=what is Unruled.SOON,
                # Where the end was moved it is said again, before the new one.
                key=f"unruled:{pool.pk}:{what}:{pool.closes_at:%Y%m%d%H%M}",
            )


def _words(pool: Pool, what: Unruled) -> tuple[str, str]:
    of = {"what": pool.title, "opens": daytime(pool.opens_at), "closes": daytime(pool.closes_at)}
    if what is Unruled.SHUT:
        return (
            _("Nobody could apply: %(what)s") % of,
            _("Sign-up ended on %(closes)s, and the rule of the draw was never published. Set a later end and plan the draw, or call it off.") % of,
        )  # fmt: skip
    body = {
        Unruled.AHEAD: _("Sign-up should open on %(opens)s. It opens only once the rule of the draw is published; please plan it."),
        Unruled.OPEN: _("Sign-up should be open, and nobody can apply before the rule of the draw is published. Please plan it; sign-up ends on %(closes)s."),
        Unruled.SOON: _("Sign-up ends on %(closes)s, and nobody could apply yet: the rule of the draw is not published. Please plan it today, or set a later end."),
    }[what]  # fmt: skip
    return _("The rule of the draw is missing: %(what)s") % of, body % of
