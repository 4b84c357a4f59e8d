"""No ability without a use, no page of the desk without an ability, no policy without words."""

from __future__ import annotations

import pytest

from lianxin.orgs.rules import ABILITIES, ADMINISTRATORS, AT_DESK, PERSONAL, Ability, Role
from tests.house import ROOT
from tools.abilities import actions, desk_pages, opened_by

# Pages of the desk open to whoever holds any post there, each with the reason.
ANY_POST: dict[str, str] = {}
# Abilities used by commands alone, each with the reason.
AT_THE_CONSOLE: dict[str, str] = {
    "jobs.view": "the background work is looked after at the console: manage.py jobs_dead",
}
REFERENCE = (ROOT / "docs" / "reference" / "permissions.md").read_text("utf-8")


@pytest.mark.parametrize("ability", Ability)
def test_an_ability_opens_something_and_stands_in_the_reference(ability: Ability) -> None:
    pages, acts = opened_by()
    used = pages[ability.name] or acts[ability.name]
    assert used or ability.value in AT_THE_CONSOLE, "who brings an ability that opens nothing?"
    assert f"## {ability.value}\n" in REFERENCE
    for name in used:
        assert f"`{name}`" in REFERENCE, "run: make reference"


@pytest.mark.parametrize("page", sorted(desk_pages()))
def test_a_page_of_the_desk_asks_for_an_ability(page: str) -> None:
    assert desk_pages()[page] or page in ANY_POST, (
        "guard it by a policy, or say why any post will do"
    )


def test_every_role_brings_what_the_reference_says() -> None:
    assert set(ABILITIES) == set(Role)
    for role, brought in ABILITIES.items():
        line = next(row for row in REFERENCE.splitlines() if row.startswith(f"| `{role.value}` |"))
        assert {one for one in Ability if f"`{one.value}`" in line} == brought


def test_no_administrator_sees_what_is_known_of_members() -> None:
    assert {role for role in ADMINISTRATORS if ABILITIES[role] & PERSONAL} == set()
    assert set(ADMINISTRATORS) <= set(AT_DESK)


def test_the_search_finds_what_we_know_to_be_there() -> None:
    assert {"DOSSIER_HANDLE", "DOSSIER_OVERSEE"} <= desk_pages()["procedures:dossier"]
    assert "PAYMENT_MANAGE" in desk_pages()["procedures:payment_list"]
    assert "POST_GRANT" in actions()["orgs.post_grant"]
    assert "MEMBER_HELP" in actions()["members.member_update"]
