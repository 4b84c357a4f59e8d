"""What every page needs to know to draw its shell; each part is worked out only when drawn."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from lianxin.kit.paging import counts_of
from lianxin.kit.slots import Slot
from lianxin.ui import preferences, slots


@dataclass(frozen=True)
class ShownItem:
    """A navigation item that is there for this person, with its address and its count."""

    key: str
    label: str
    note: str
    icon: str
    url: str
    badge: int | None
    is_current: bool
    group: str = ""


@dataclass(frozen=True)
class TabGroup:
    """Tabs that lie together behind “More”; what has room in a wide bar lies there on a phone only."""

    key: str
    label: str
    tabs: list[tuple[ShownItem, bool]]

    @property
    def is_on_phone(self) -> bool:
        return all(on_phone for _tab, on_phone in self.tabs)


MOST_IN_BAR = 6  # tabs of the desk side by side; a chair has many more
MOST_ON_PHONE = 4


class Shell:
    """The frame of a page. Every property is lazy: what a page does not draw costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def preferences(self) -> slots.Preferences:
        return preferences.read(self._request)

    @property
    def size(self) -> str:
        return self.preferences.size or "normal"

    @property
    def theme(self) -> str:
        return self.preferences.theme or "auto"

    @property
    def asks_size(self) -> bool:
        """True until the person has chosen a text size once, or has said no thanks."""
        return not self.preferences.size

    @property
    def language(self) -> str:
        return (get_language() or settings.LANGUAGE_CODE).lower()

    @property
    def lang_tag(self) -> str:
        return "en" if self.language.startswith("en") else "zh-Hans"

    @property
    def is_demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @property
    def filing_number(self) -> str:
        return str(getattr(settings, "LIANXIN_FILING_NUMBER", ""))

    @property
    def name(self) -> str:
        return str(getattr(settings, "LIANXIN_NAME", "")) or (
            "Lianxin" if self.lang_tag == "en" else "连心"
        )

    @property
    def here(self) -> str:
        return self._request.get_full_path()

    @cached_property
    def is_signed_in(self) -> bool:
        if settings.SESSION_COOKIE_NAME not in self._request.COOKIES:
            return False
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def terminal_nav(self) -> list[ShownItem]:
        return self._shown(slots.terminal_nav)[:5]

    @cached_property
    def desk_nav(self) -> list[ShownItem]:
        return self._shown(slots.desk_nav)

    @property
    def desk_bar(self) -> list[ShownItem]:
        """What stands in the desk's bar: all of it, or the first few when there is much."""
        return self.desk_nav[: self._in_bar]

    @property
    def desk_groups(self) -> list[TabGroup]:
        """What lies behind “More”, by what it is about."""
        all_ = self.desk_nav
        beyond = all_[MOST_ON_PHONE:] if len(all_) > MOST_ON_PHONE + 1 else []
        wide = {item.key for item in self.desk_bar}
        made = [
            TabGroup(
                key, str(label), [(one, one.key in wide) for one in beyond if one.group == key]
            )
            for key, label in slots.DESK_GROUPS.items()
        ]
        return [group for group in made if group.tabs]

    @property
    def desk_more(self) -> list[ShownItem]:
        """What lies behind “More” in the desk's bar."""
        return self.desk_nav[self._in_bar :]

    @property
    def more_count(self) -> int:
        """How much waits behind “More”."""
        return sum(item.badge or 0 for item in self.desk_more)

    @property
    def is_in_more(self) -> bool:
        return any(item.is_current for item in self.desk_more)

    @property
    def _in_bar(self) -> int:
        return len(self.desk_nav) if len(self.desk_nav) <= MOST_IN_BAR + 1 else MOST_IN_BAR

    @cached_property
    def footer_links(self) -> list[ShownItem]:
        return self._shown(slots.footer_links)

    @cached_property
    def me_links(self) -> list[ShownItem]:
        return self._shown(slots.me_links)

    @cached_property
    def service_doors(self) -> list[ShownItem]:
        """What stands on the page of services beside those one applies for."""
        return self._shown(slots.service_doors)

    @cached_property
    def help_url(self) -> str:
        """Where help is: the fullest page there is, else the plain one of the shell."""
        found = (_address(name) for name in slots.help_page)
        return next((url for url in found if url), "") or reverse("ui:help")

    @cached_property
    def help_lines(self) -> list[slots.HelpLine]:
        return [line for line in slots.help_links if isinstance(line, slots.HelpLine)]

    @cached_property
    def help_links(self) -> list[ShownItem]:
        doors = [
            (key, item) for key, item in slots.help_links.items() if isinstance(item, slots.NavItem)
        ]
        return shown_items(self._request, doors)

    @cached_property
    def home_cards(self) -> list[slots.HomeCard]:
        """The sections of the home page that have something to say to this person."""
        made = (make(self._request) for make in slots.home_cards)
        return [card for card in made if card]

    @cached_property
    def strips(self) -> list[slots.HomeCard]:
        """What must be seen above every page, for whom it concerns."""
        made = (make(self._request) for make in slots.strips)
        return [strip for strip in made if strip]

    def _shown(self, slot: Slot[slots.NavItem]) -> list[ShownItem]:
        return shown_items(self._request, slot.items())


def shown_items(request: HttpRequest, items: list[tuple[str, slots.NavItem]]) -> list[ShownItem]:
    """Turn filled slots into links: resolved, allowed for this person, the current one marked."""
    found: list[tuple[str, slots.NavItem, str]] = []
    for key, item in items:
        url = _address(item.url_name)
        if url and (item.visible is None or item.visible(request)):
            found.append((key, item, url))
    current = getattr(request, "nav_key", "") or _nearest(request.path, found)
    badges = _badges(request, [item for _key, item, _url in found])
    return [
        ShownItem(
            key=key,
            label=str(item.label),
            note=str(item.note),
            icon=item.icon,
            url=url,
            badge=badge,
            is_current=key == current,
            group=item.group,
        )
        for (key, item, url), badge in zip(found, badges, strict=True)
    ]


def _badges(request: HttpRequest, items: list[slots.NavItem]) -> list[int | None]:
    said = [item.badge(request) if item.badge else None for item in items]
    counts = iter(counts_of([rows for rows in said if isinstance(rows, QuerySet)]))
    return [(next(counts) if isinstance(one, QuerySet) else one) or None for one in said]


@functools.cache
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _nearest(path: str, found: list[tuple[str, slots.NavItem, str]]) -> str:
    """The key whose address is the longest beginning of the path; the home only for itself."""
    fitting = [
        (len(url), key)
        for key, _, url in found
        if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
    ]
    return max(fitting)[1] if fitting else ""


def shell(request: HttpRequest) -> dict[str, object]:
    return {"shell": Shell(request)}
