"""Whose answer a public page gives: her own if she is on the roll, else that of the place she names."""

from __future__ import annotations

from lianxin.eligibility import policies
from lianxin.eligibility.selectors import showcase
from lianxin.members.api import Member, member_of
from lianxin.orgs.api import Request


def own_member(request: Request) -> Member | None:
    """Return the entry of whoever is signed in, if it is hers to look at."""
    member = member_of(request.user.pk) if request.user.is_authenticated else None
    return member if member is not None and policies.may_look(request.actor, member) else None


def said_place(request: Request) -> tuple[str | None, list[tuple[str, str]]]:
    """Return the place somebody named for herself, and those there are to choose from."""
    places = showcase.places()
    said = request.POST.get("place") or request.GET.get("place", "")
    return (said if said in dict(places) else None), places
