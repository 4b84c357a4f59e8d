"""Where the inbox shows itself: on the worker's own page, on the desk, on the home."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.notify import selectors
from lianxin.ui.slots import HomeCard, NavItem, desk_nav, home_cards, me_links

_UNREAD = "_lianxin_unread"


def unread(request: HttpRequest) -> int | None:
    """Count what is unread, once a request."""
    if not request.user.is_authenticated:
        return None
    count = getattr(request, _UNREAD, None)
    if count is None:
        count = selectors.unread_count(request.user.pk)
        setattr(request, _UNREAD, count)
    return count or None


def unread_card(request: HttpRequest) -> HomeCard | None:
    """The latest unread messages on the home page; no card when all is read."""
    if not unread(request):
        return None
    return HomeCard(
        title=_("New for you"),
        template="notify/_unread_card.html",
        context={"letters": selectors.latest_unread(request.user.pk, 3)},
        more_label=_("All messages"),
        more_url="/inbox/",
    )


def fill() -> None:
    """Fill the slots; called once by apps.py."""
    item = NavItem(label=_("Messages"), url_name="notify:inbox", icon="inbox", badge=unread)
    me_links.fill("inbox", item, order=10)
    desk_nav.fill("inbox", item, order=20)
    home_cards.fill("inbox", unread_card, order=15)
