"""Where Lin, Wang and Zhao may be reached, for the tests of this app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from lianxin.kit.ids import new_id
from lianxin.notify.api import Address, address_resolvers

LIN, ZHAO = new_id(), new_id()
PHONE = "+8610000000081"


@contextmanager
def reachable(**addresses: Address) -> Iterator[None]:
    """Answer for these accounts inside the block, whatever other apps know."""
    by_id: dict[UUID, Address] = {
        {"lin": LIN, "zhao": ZHAO}[name]: a for name, a in addresses.items()
    }
    address_resolvers.fill("test", by_id.get, order=1)
    try:
        yield
    finally:
        address_resolvers.fill("test", lambda _account_id: None)
