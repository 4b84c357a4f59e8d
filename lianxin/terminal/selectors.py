"""What the home and the worker's own page say about the person who looks at them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianxin.kit import clock
from lianxin.kit.workdays import SHANGHAI
from lianxin.members.api import Member, member_here
from lianxin.orgs.api import Organisation, Request
from lianxin.terminal import rules


@dataclass(frozen=True)
class Self:
    """A signed-in person as her own pages show her; `member` is None off the union's roll."""

    name: str
    member: Member | None

    @property
    def union(self) -> Organisation | None:
        """Return the union she belongs to."""
        return self.member.organisation if self.member else None


def self_of(request: Request) -> Self | None:
    """Return the person who looks, or None for a visitor. One query beyond the session's own."""
    user = request.user
    if not user.is_authenticated:
        return None
    member = member_here(request)
    return Self(name=user.display_name or (member.name if member else ""), member=member)


def greeting(name: str) -> str:
    """Say good morning, or what the hour asks for; by name when we know it."""
    said = {
        "night": _("Still up"),
        "morning": _("Good morning"),
        "noon": _("Good day"),
        "afternoon": _("Good afternoon"),
        "evening": _("Good evening"),
    }[rules.part_of_day(clock.now().astimezone(SHANGHAI).hour)]
    return _("%(greeting)s, %(name)s") % {"greeting": said, "name": name} if name else said
