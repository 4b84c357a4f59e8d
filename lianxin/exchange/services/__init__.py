"""Offering something, checking and publishing it, changing it, taking it down."""

from __future__ import annotations

from lianxin.exchange.services.changing import (
    change_accept,
    change_ask,
    change_decline,
    change_take_back,
    end_ask,
    vouchers_raise,
)
from lianxin.exchange.services.entry import Entry, entry_of
from lianxin.exchange.services.keeping import DRAW, RUSH, Giving
from lianxin.exchange.services.offering import (
    partner_gone,
    resource_amend,
    resource_end,
    resource_offer,
    resource_publish,
    resource_return,
)
from lianxin.exchange.services.pictures import picture_set, picture_take_out
from lianxin.exchange.services.privacy import TABLES, account_erase, account_export
from lianxin.exchange.services.telling import telling_run

__all__ = [
    "DRAW", "RUSH", "TABLES", "Entry", "Giving", "account_erase", "account_export", "change_accept",
    "change_ask", "change_decline", "change_take_back", "end_ask", "entry_of", "partner_gone", "picture_set", "picture_take_out", "resource_amend",
    "resource_end", "resource_offer", "resource_publish", "resource_return", "telling_run", "vouchers_raise",
]  # fmt: skip
