"""Credit codes, lines and reach as pure rules."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from lianxin.orgs.rules import (
    USCC_ALPHABET,
    Ability,
    Actor,
    HeldPost,
    Level,
    Reach,
    Role,
    may_stand_below,
    paths_above,
    uscc_check_character,
    uscc_is_valid,
)

FIRST = st.text(alphabet=USCC_ALPHABET, min_size=17, max_size=17)
PATHS = st.lists(st.sampled_from(["0001", "0002", "00ZZ", "Z001"]), min_size=1, max_size=5).map(
    "".join
)


@pytest.mark.parametrize("code", ["91440300708461136T", "9144030070846000J0", "9144030070846001W0"])
def test_known_credit_codes_hold_even_where_the_remainder_is_nought(code):
    assert uscc_is_valid(code)


@pytest.mark.parametrize(
    "code", ["", "91440300708461136A", "9144030070846113IT", "91440300708461136t"]
)
def test_a_wrong_credit_code_does_not_hold(code):
    assert not uscc_is_valid(code)


@given(FIRST)
def test_a_code_with_its_own_check_character_holds(first):
    assert uscc_is_valid(first + uscc_check_character(first))


@given(FIRST, st.integers(0, 16), st.sampled_from(USCC_ALPHABET))
def test_one_changed_character_is_always_found(first, at, other):
    code = first + uscc_check_character(first)
    changed = code[:at] + other + code[at + 1 :]
    assert uscc_is_valid(changed) is (changed == code)


@given(st.integers(0, 99999999), st.text(alphabet=USCC_ALPHABET, min_size=9, max_size=9))
def test_the_check_character_agrees_with_another_implementation(area, rest):
    first = f"91{area:08d}"[:8] + rest
    assert uscc.calc_check_digit(first) == uscc_check_character(first)


@pytest.mark.parametrize(
    ("child", "parent", "may"),
    [
        (Level.DISTRICT, Level.CITY, True),
        (Level.GRASSROOTS, Level.DISTRICT, True),
        (Level.CITY, Level.DISTRICT, False),
        (Level.INDUSTRY, Level.DISTRICT, False),
        (Level.GROUP, Level.GRASSROOTS, True),
    ],
)
def test_levels_never_turn_round(child, parent, may):
    assert may_stand_below(child, parent) is may


def _post(path: str, reach: Reach, role: Role = Role.OFFICER) -> HeldPost:
    return HeldPost(
        post_id=1,
        organisation_id=uuid.UUID(int=1),
        organisation_name="",
        path=path,
        level=Level.DISTRICT,
        role=role,
        reach=reach,
    )


@given(PATHS, PATHS, st.sampled_from(Reach))
def test_a_post_covers_its_own_line_downward_and_nothing_else(own, other, reach):
    covered = _post(own, reach).covers(other)
    assert covered is (other == own or (reach is Reach.BELOW and own in paths_above(other)))


def test_a_role_brings_only_its_own_abilities():
    counsellor = Actor(
        account_id=uuid.UUID(int=2), posts=(_post("0001", Reach.BELOW, Role.COUNSELLOR),)
    )
    assert counsellor.can(Ability.DOSSIER_HANDLE)
    assert not counsellor.can(Ability.MEMBER_VIEW)
    assert not Actor().can(Ability.DOSSIER_HANDLE)
    assert Actor.system().can(Ability.POST_GRANT, "0009")
