"""The places of the shared shell that higher apps fill: tabs, links, home cards, switches.

A tab, a link or a card appears only when the app behind it has filled the slot and its address
resolves, so nothing on a page ever leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.slots import Slot

Label = str | Promise


# How the tabs of the desk lie together behind “More”, in this order.
DESK_GROUPS: dict[str, Label] = {
    "today": pgettext_lazy("desk", "Work today"),
    "people": pgettext_lazy("desk", "People"),
    "places": pgettext_lazy("desk", "Places and activities"),
    "rules": pgettext_lazy("desk", "Policies"),
    "house": pgettext_lazy("desk", "The union"),
}


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """A tab or link: where it leads, how it is drawn, and for whom it is there.

    `badge` says how much waits there: a number, or the rows that wait. Rows of all tabs are counted
    in one query; nothing is shown for none. `group` is one of DESK_GROUPS, for tabs of the desk.
    """

    label: Label
    url_name: str
    icon: str = "chevron-right"
    note: Label = ""
    badge: Callable[[HttpRequest], int | QuerySet[Any] | None] | None = None
    visible: Callable[[HttpRequest], bool] | None = None
    group: str = "today"


@dataclass(frozen=True, kw_only=True)
class HelpLine:
    """A help line one can call; `number` becomes a tel: link."""

    label: Label
    number: str
    note: Label = ""


@dataclass(frozen=True, kw_only=True)
class HomeCard:
    """A section of the home page: a heading, an optional link, a template and what it draws."""

    title: Label
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    more_label: Label = ""
    more_url: str = ""


@dataclass(frozen=True, kw_only=True)
class SitemapUrl:
    """A public page worth finding by a search engine."""

    path: str
    changed_on: str = ""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How a person likes to see the pages; an empty value means: not chosen."""

    language: str = ""
    size: str = ""
    theme: str = ""


MakeCard = Callable[[HttpRequest], HomeCard | None]
FindCard = Callable[[HttpRequest, str], HomeCard | None]

terminal_nav: Slot[NavItem] = Slot(
    "terminal_nav", purpose="Tabs of the worker's terminal, at most five"
)
desk_nav: Slot[NavItem] = Slot("desk_nav", purpose="Tabs of the officer's desk")
footer_links: Slot[NavItem] = Slot(
    "footer_links", purpose="Links at the foot of every page, the complaint entry first"
)
me_links: Slot[NavItem] = Slot("me_links", purpose="Links on the worker's own page")
help_links: Slot[HelpLine | NavItem] = Slot(
    "help_links", purpose="Help lines and doors shown wherever help is one tap away"
)
help_page: Slot[str] = Slot(
    "help_page", purpose="The address (by name) of a fuller help page than ours; the first wins"
)
strips: Slot[MakeCard] = Slot(
    "strips", purpose="What stands above every page while it must be seen: a kiosk's countdown"
)
home_cards: Slot[MakeCard] = Slot(
    "home_cards", purpose="Sections of the home page, drawn only when they have something to say"
)
service_doors: Slot[NavItem] = Slot(
    "service_doors", purpose="Doors on the page of services beside what one applies for"
)
search_parts: Slot[FindCard] = Slot(
    "search_parts", purpose="What else a search finds beside the services, by what was typed"
)
sitemap_urls: Slot[Callable[[], Iterable[SitemapUrl]]] = Slot(
    "sitemap_urls", purpose="Public pages for search engines"
)
preference_readers: Slot[Callable[[HttpRequest], Preferences | None]] = Slot(
    "preference_readers",
    purpose="Where the choices of a signed-in person are kept; asked only when the cookie is silent",
)
preference_savers: Slot[Callable[[HttpRequest, Preferences], None]] = Slot(
    "preference_savers", purpose="Keeps language, text size and theme of a signed-in person"
)


def fill() -> None:
    """The two lines that answer everywhere, whichever apps are installed."""
    help_links.fill(
        "12351",
        HelpLine(
            label=_("Union hotline"),
            number="12351",
            note=_("Pay, contracts, injuries, union matters: a person answers."),
        ),
        order=10,
    )
    help_links.fill(
        "12356",
        HelpLine(
            label=_("Heart line"),
            number="12356",
            note=_("When it gets too heavy, someone trained listens."),
        ),
        order=20,
    )
