"""Every page of the desk, as the officer it is for and as one who holds a post but no ability.

A page stands here by its address beginning with `desk/`; what it needs comes from the world.
Slow by its nature (some 130 addresses, each looked for by several officers): half a second each.
"""

from __future__ import annotations

from html.parser import HTMLParser
from http import HTTPStatus

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.orgs.api import Role
from tests.walk.addresses import ADDRESSES, Address
from tests.walk.words import english_left
from tests.walk.world import World

pytestmark = pytest.mark.django_db

DESK = [one for one in ADDRESSES if one.where.startswith("desk/")]
# Asked in this order: who is nearest to the work first; then one of each role in the district.
OFFICERS = (
    "wang",
    "sun",
    "chen",
    "guo",
    "qian",
    "luo",
    "zhou",
    "he",
    *(role.value for role in Role),
)
BUDGET = 32  # queries a page
MORE = {"procedures:dossier_act": 40}  # the whole dossier, and the form beside it
# Pages that show a text in every language it has, and why.
BOTH_LANGUAGES = {
    "eligibility:draft_review": "what people are told, in both languages, side by side"
}
WEAK = (Role.COUNSELLOR, Role.EDITOR, Role.AUDITOR)  # officers with one ability each
# Pages every officer has, whatever her post.
EVERYBODYS = {"desk:queue": "the desk itself", "orgs:own_posts": "one's own posts"}


class _Page(HTMLParser):
    """Which tags there are, where links lead, the title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.title = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_title = tag == "title" and not self.title
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()


def _client(here: World, key: str) -> Client:
    client = Client()
    sign_in(client, here.officers[key])
    client.cookies["django_language"] = "zh-hans"
    return client


def _fitting(here: World, address: Address) -> tuple[str, str, bytes, int] | None:
    """Find the officer a page is for: who, where, what she sees, how many queries that cost."""
    rows = list(address.paths(here))
    for key in OFFICERS:
        client = _client(here, key)
        for path, _shown in rows:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(path)
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                return None
            if answer.status_code == HTTPStatus.OK:
                content = b"" if answer.streaming else answer.content
                is_page = answer.headers["Content-Type"].startswith("text/html")
                return key, path, content if is_page else b"", len(asked)
    return "", rows[0][0], b"", 0


@pytest.mark.parametrize("address", DESK, ids=[one.name for one in DESK])
def test_a_page_of_the_desk_is_whole_for_its_officer_and_shut_for_another(here, address):
    with transaction.atomic():
        found = _fitting(here, address)
        if found is None:
            return  # a deed, no page
        who, path, content, asked = found
        assert who, "nobody has this page"
        if content:
            text = content.decode()
            page = _Page(text)
            assert page.tags.count("h1") == 1
            assert page.title
            assert bool(english_left(text)) == (address.name in BOTH_LANGUAGES)
            assert asked <= MORE.get(address.name, BUDGET), f"{asked} queries"
        _shut(here, address, path)
        transaction.set_rollback(True)


def _shut(here: World, address: Address, path: str) -> None:
    """Whoever lacks the ability does not get in, and is not sent there."""
    seen = {}
    for role in WEAK:
        client = _client(here, role.value)
        seen[role] = client.get(path).status_code
        if seen[role] != HTTPStatus.OK:
            assert seen[role] in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}, f"{seen} {path}"
            assert path not in _Page(client.get(reverse("desk:queue")).content.decode()).links
    is_open = set(seen.values()) == {HTTPStatus.OK}
    assert is_open == (address.name in EVERYBODYS), seen


@pytest.mark.parametrize("role", list(Role))
def test_whatever_the_bar_of_an_officer_offers_opens(here, role):
    client = _client(here, role.value)
    links = _Page(client.get(reverse("desk:queue")).content.decode()).links
    for link in {one for one in links if one.startswith("/desk/")}:
        assert client.get(link).status_code == HTTPStatus.OK, link
