"""The arithmetic of a draw: one tree, one seed, one order; fair by tickets, and fitting as places are given."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import math
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.allocation.rules.claims import fitting
from lianxin.allocation.rules.draws import (
    ABSENT,
    SILENT,
    Row,
    Tree,
    canonical,
    digest,
    line_of,
    lock_of,
    order_of,
    said,
    salt_of,
    seal_of,
    secret_of,
    seed_of,
    winners_of,
)
from lianxin.allocation.rules.draws_packing import (
    order_packed,
    order_unpacked,
    rows_packed,
    rows_unpacked,
)
from lianxin.allocation.rules.draws_sources import (
    DRAND_GENESIS,
    DRAND_PERIOD,
    PRESETS,
    Balls,
    SourceError,
    drand_round,
    source_of,
    value_of,
)
from lianxin.allocation.rules.draws_steps import (
    APART,
    TABLE,
    Moments,
    Stage,
    Step,
    Who,
    Why,
    hindrance,
    moments_faults,
    moved,
    next_step,
)

NOON = dt.datetime(2026, 12, 1, 4, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MOMENTS = Moments(NOON, NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR)
DRAW = uuid.UUID(int=7)

sizes = st.lists(st.integers(1, 4), max_size=30)


def rows_of(sizes, *, strata=1, weight=1):
    return sorted(
        Row(digest("line", str(at)), at % strata, weight, size) for at, size in enumerate(sizes)
    )


# The published test vectors of RFC 6962 (from the reference tree of certificate transparency).
def test_an_empty_tree_has_the_root_of_nothing():
    assert Tree([]).root == hashlib.sha256(b"").hexdigest()


@given(st.integers(1, 70))
def test_each_row_finds_its_way_to_the_root(count):
    rows = rows_of([1] * count)
    tree = Tree(rows)
    for index, row in enumerate(rows):
        top, at, last = hashlib.sha256(b"\0" + row.text().encode()).digest(), index, count - 1
        for step in map(bytes.fromhex, tree.path(index)):
            if at & 1 or at == last:
                top = hashlib.sha256(b"\1" + step + top).digest()
                while at and not at & 1:
                    at, last = at >> 1, last >> 1
            else:
                top = hashlib.sha256(b"\1" + top + step).digest()
            at, last = at >> 1, last >> 1
        assert (top.hex(), last) == (tree.root, 0)


def test_the_tree_is_split_at_the_largest_power_of_two():
    rows = rows_of([1] * 5)
    leaf = [hashlib.sha256(b"\0" + row.text().encode()).digest() for row in rows]

    def node(left, right):
        return hashlib.sha256(b"\1" + left + right).digest()

    expected = node(node(node(leaf[0], leaf[1]), node(leaf[2], leaf[3])), leaf[4])
    assert Tree(rows).root == expected.hex()


def test_a_lock_fits_one_rule_one_list_one_party_one_secret():
    locks = {
        lock_of(seal_of(rule, root), party, secret)
        for rule in ("{}", '{"places":3}')
        for root in ("a" * 64, "b" * 64)
        for party in (1, 2)
        for secret in ("x" * 20, "y" * 20)
    }
    assert len(locks) == 16


@given(st.lists(st.sampled_from([ABSENT, SILENT, said("absent"), said("silent"), said("a")]), min_size=3, max_size=3))  # fmt: skip
def test_a_missing_secret_is_never_mistaken_for_one_that_says_so(opened):
    same = seed_of("seal", opened, [], "v")
    for other in itertools.product([ABSENT, SILENT, said("absent"), said("silent"), said("a")], repeat=3):  # fmt: skip
        assert (seed_of("seal", list(other), [], "v") == same) == (list(other) == opened)


def test_everything_published_changes_the_seed():
    opened, other = [said("a"), SILENT, ABSENT], [said("a"), ABSENT, ABSENT]
    seal = seal_of("{}", "root")
    seeds = {
        seed_of(seal, opened, ["l"], "value"),
        seed_of(seal_of('{"a":1}', "root"), opened, ["l"], "value"),
        seed_of(seal_of("{}", "toor"), opened, ["l"], "value"),
        seed_of(seal, other, ["l"], "value"),
        seed_of(seal, opened, [], "value"),
        seed_of(seal, opened, ["l"], "eulav"),
    }
    assert len(seeds) == 6


@given(sizes, st.integers(0, 40))
def test_places_go_as_settling_gives_them(sizes, capacity):
    rows = rows_of(sizes)
    order = order_of("seed", rows)
    won = winners_of(order, rows, capacity)
    assert won == list(fitting(capacity, ((place, rows[place].size) for place in order)))
    left = capacity - sum(rows[place].size for place in won)
    assert left >= 0
    assert all(rows[place].size > left for place in order if place not in won)


@given(sizes, st.integers(1, 3))
def test_a_lower_stratum_comes_first_and_all_are_in_the_order(sizes, strata):
    rows = rows_of(sizes, strata=strata)
    order = order_of("seed", rows)
    assert sorted(order) == list(range(len(rows)))
    drawn = [rows[place].stratum for place in order]
    assert drawn == sorted(drawn)


def test_who_gave_back_is_passed_over_and_changes_nobody_elses_ticket():
    rows = rows_of([1] * 20)
    whole = order_of("seed", rows)
    without = {rows[whole[0]].line, rows[whole[7]].line}
    assert order_of("seed", rows, without) == [p for p in whole if rows[p].line not in without]


def test_more_tickets_are_like_more_slips_in_one_urn():
    """Draws 4,000 times among one with three tickets and three with one: half of the firsts are hers."""
    rows = [Row("f" * 64, 0, 3, 1), *rows_of([1] * 3)]
    first = sum(order_of(str(seed), rows)[0] == 0 for seed in range(4000))
    assert 1850 < first < 2150  # half of 4,000, more than four standard deviations to each side


def test_the_list_and_the_order_are_packed_without_loss():
    rows = rows_of([1, 2, 3], strata=2, weight=5)
    assert rows_unpacked(rows_packed(rows)) == rows
    assert order_unpacked(order_packed([2, 70_000, 0])) == [2, 70_000, 0]


def test_a_line_tells_nothing_without_its_salt():
    claim = uuid.UUID(int=1)
    lines = {line_of(DRAW, salt_of(secret, claim), claim) for secret in (b"a" * 32, b"b" * 32)}
    assert len(lines) == 2
    assert len(salt_of(b"a" * 32, claim)) == 32


@pytest.mark.parametrize(
    ("typed", "read"),
    [("  一句 话\t！ ", "一句 话 ！"), ("e\u0301", "\u00e9"), ("a\u3000b\nc", "a b c")],
)
def test_a_secret_is_read_from_paper_in_one_way(typed, read):
    assert secret_of(typed) == read


def test_canonical_writes_one_form():
    assert canonical({"b": [1, None, "中\n"], "a": True}) == '{"a":true,"b":[1,null,"中\\n"]}'
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": float("nan")})


# ---- steps


def test_every_step_leads_on_only_from_its_stage_and_in_its_time():
    """Asks the judge everything: each step, stage, person and moment, against the table read by hand."""
    allowed = set()
    for step, stage, who in itertools.product(Step, Stage, Who):
        for hours in range(-1, 5):
            now = NOON + hours * HOUR
            if hindrance(step, stage, who, MOMENTS, now) is None:
                allowed.add((step.value, stage.value, who.value, hours))
    arranger, party, system = "arranger", "party", "system"
    void = {("void", s, arranger, h) for s in ("collecting", "frozen", "committed") for h in range(-1, 2)}  # fmt: skip
    void |= {("void", s, system, h) for s in ("collecting", "frozen", "committed", "revealed") for h in range(-1, 5)}  # fmt: skip
    assert allowed == {
        ("publish", "planned", arranger, -1),
        *(("freeze", "collecting", system, h) for h in range(5)),
        ("commit", "frozen", party, 0),
        *(("close_commitments", "frozen", system, h) for h in range(1, 5)),
        ("reveal", "committed", party, 1),
        *(("close_reveals", "committed", system, h) for h in range(2, 5)),
        *(("enter", "revealed", w, h) for w in (arranger, party, system) for h in (3, 4)),
        *(("draw", "revealed", system, h) for h in (3, 4)),
        *void,
    }


def test_nobody_stops_a_draw_once_the_seed_follows_from_what_lies_open():
    late = MOMENTS.known_at + dt.timedelta(days=13)
    for now in (MOMENTS.reveal_until, MOMENTS.known_at, late):
        for stage in (Stage.COMMITTED, Stage.REVEALED):
            assert hindrance(Step.VOID, stage, Who.ARRANGER, MOMENTS, now) is Why.FIXED
    gone = MOMENTS.known_at + dt.timedelta(days=14)
    assert hindrance(Step.VOID, Stage.REVEALED, Who.ARRANGER, MOMENTS, gone) is None
    assert hindrance(Step.VOID, Stage.REVEALED, Who.ARRANGER, MOMENTS, gone, is_valued=True) is Why.FIXED  # fmt: skip
    assert hindrance(Step.VOID, Stage.DRAWN, Who.ARRANGER, MOMENTS, gone) is Why.STAGE


def test_time_alone_leads_from_the_rule_to_the_waiting_for_the_value():
    stage, met = Stage.COLLECTING, []
    while due := next_step(stage, MOMENTS):
        step, at = due
        assert hindrance(step, stage, Who.SYSTEM, MOMENTS, at) is None
        early = at - dt.timedelta(seconds=1)
        assert hindrance(step, stage, Who.SYSTEM, MOMENTS, early) is Why.EARLY
        met.append(step)
        stage = moved(step, stage)
    assert (stage, len(met)) == (Stage.REVEALED, 3)
    assert set(TABLE) == set(Step)


def test_moments_keep_their_order_and_their_distance():
    assert moments_faults(MOMENTS, NOON - HOUR) == {}
    assert moments_faults(MOMENTS, NOON + HOUR) == {"closes_at": "past"}
    near = Moments(NOON, NOON + APART, NOON + APART, NOON + HOUR)
    assert moments_faults(near, NOON) == {"reveal_until": "order"}


# ---- sources


def drand_known_at(number: int) -> dt.datetime:
    """Say when a round of the beacon becomes known."""
    return dt.datetime.fromtimestamp(DRAND_GENESIS + (number - 1) * DRAND_PERIOD, dt.UTC)


def bits_of(balls: tuple[Balls, ...]) -> float:
    """Say how many bits a draw of balls is worth."""
    spans = [(one, one.most - one.least + 1) for one in balls]
    return sum(
        math.log2((math.comb if one.rising else math.perm)(span, one.count)) for one, span in spans
    )


def test_rounds_of_the_beacon_follow_the_clock():
    assert drand_known_at(27_946_612) == dt.datetime(2026, 4, 20, tzinfo=dt.UTC)
    assert drand_round(dt.datetime(2026, 4, 20, tzinfo=dt.UTC)) == 27_946_612
    assert drand_round(dt.datetime(2026, 4, 20, 0, 0, 1, tzinfo=dt.UTC)) == 27_946_613
    assert drand_round(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) == 1


@given(st.integers(1, 10**9))
def test_a_round_is_the_first_at_its_own_moment(number):
    assert drand_round(drand_known_at(number)) == number


def test_the_beacon_is_read_by_its_signature():
    source = source_of("drand", known_at=NOON)
    signature = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
    pasted = '{"round":1000,"randomness":"fe29","signature":"' + signature.upper() + '"}'
    value, proof = value_of(source, pasted)
    # Round 1000 of quicknet, as the beacon's own documentation gives it.
    assert value == "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    assert proof == signature
    for odd in ("", "ff", signature[1:], signature + "0", signature + " " + "a" * 96, "x" * 500):
        with pytest.raises(SourceError):
            value_of(source, odd)


def test_balls_are_written_one_way_however_they_are_typed():
    source = source_of("ssq", known_at=NOON, issue="2026135")
    assert value_of(source, "30 03 05、08,17 21 + 12") == ("3 5 8 17 21 30 12", "")
    for odd in ("3 5 8 17 21 30", "3 5 8 17 21 34 12", "3 3 8 17 21 30 12", "3 5 8 17 21 30 17", "0 5 8 17 21 30 12"):  # fmt: skip
        with pytest.raises(SourceError):
            value_of(source, odd)
    with pytest.raises(SourceError, match="issue"):
        source_of("ssq", known_at=NOON, issue="第135期")


def test_closing_figures_are_written_one_way():
    source = source_of("indices", known_at=NOON)
    assert value_of(source, "3,456.78 / 11,234.50 / 4012.00") == ("345678 1123450 401200", "")
    for odd in ("3456.78 11234.5 4012.00", "3456.78 11234.50", "3456 1123450 401200"):
        with pytest.raises(SourceError):
            value_of(source, odd)


def test_every_source_leaves_more_outcomes_than_anybody_can_try_out_for_a_friend():
    for preset in PRESETS.values():
        if preset.balls:
            assert bits_of(preset.balls) > 20
