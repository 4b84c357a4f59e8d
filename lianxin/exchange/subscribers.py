"""When a partner works with the union no more, what it offered is taken down."""

from __future__ import annotations

from lianxin.exchange import services
from lianxin.kit.events import subscribe
from lianxin.partners.events import PartnerEnded


def on_partner_ended(event: PartnerEnded) -> None:
    services.partner_gone(event.partner_id)


subscribe(PartnerEnded, on_partner_ended)
