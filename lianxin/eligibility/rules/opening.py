"""The slot through which higher apps say where the service of a policy is applied for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


# Given an officer, a member and the code of a service item, where she begins it for the member.
proposal_links: Slot[Callable[[Any, Any, str], str | None]] = Slot(
    "proposal_links", purpose="Where an officer begins for a member what she need not apply for"
)


def begin_link(actor: Any, member: Any, code: str) -> str | None:
    """Return the page where an officer begins a service for a member, None where she may not."""
    for link in proposal_links:
        if code and (found := link(actor, member, code)):
            return found
    return None
