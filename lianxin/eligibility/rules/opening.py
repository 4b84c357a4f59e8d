"""The slot through which higher apps say where the service of a policy is applied for."""

from __future__ import annotations

from collections.abc import Callable

from lianxin.kit.slots import Slot

# Given the code of a service item, the address of its page; None where there is no such item.
service_links: Slot[Callable[[str], str | None]] = Slot(
    "service_links", purpose="Where the service item a policy opens is applied for, by its code"
)


def link_of(code: str) -> str | None:
    """Return the page where a service is applied for, None while nobody offers it."""
    for link in service_links:
        if code and (found := link(code)):
            return found
    return None
