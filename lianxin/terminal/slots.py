"""Where the terminal shows itself: the first and the last tab."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianxin.ui.slots import NavItem, help_page, terminal_nav


def fill() -> None:
    terminal_nav.fill(
        "home", NavItem(label=_("Home"), url_name="terminal:home", icon="home"), order=10
    )
    terminal_nav.fill("me", NavItem(label=_("Me"), url_name="terminal:me", icon="user"), order=90)
    help_page.fill("terminal", "terminal:help")
