"""The demo federation, a small one: it loads, counts add up, and it is the same each time."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from lianxin.kit.testing import stopped_clock
from lianxin.members.api import Member
from lianxin.members.rules.identity import identity_of
from lianxin.members.testing import id_number_of
from lianxin.orgs.api import Level, Organisation
from lianxin.orgs.testing import PEOPLE, tree_load
from lianxin.stations.api import Station, seen_one
from lianxin.stations.testing import Trouble
from tools.demo import load, people, stations, tree, workbook
from tools.demo.words import DISTRICTS

pytestmark = pytest.mark.django_db
# What the office got wrong, by the reason the row comes back with.
REFUSED = ("name_missing", "id_missing", "id_check_digit", "id_date", "id_length", "id_cut_off", "union_unknown", "union_missing", "birth_differs")  # fmt: skip


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (invented people need no cryptography)


def test_the_tree_has_forty_unions_below_the_city_and_the_small_federation_in_it():
    rows = list(tree.rows(_chance(1), 1000))
    assert len([row for row in rows if row["parent"] == "JZ"]) == 40
    assert len(tree.grassroots(rows)) == 1000
    assert (
        len({row["code"] for row in rows})
        == len({row["name"] + row["parent"] for row in rows})
        == len(rows)
    )
    assert tree.NAMED.items() <= {row["code"]: row["name"] for row in rows}.items()


def test_the_same_seed_writes_the_same_people():
    unions = tree.grassroots(list(tree.rows(_chance(1), 250)))
    first, second = (list(workbook.people(_chance(7), unions, 200)) for _twice in range(2))
    assert first == second
    assert len({person.id_number for person in first}) == len(first) == 200
    for person in first:
        assert identity_of(person.id_number, today=workbook.TODAY).birth_on == person.birth_on
        assert person.id_number.startswith("999999")


def test_every_mistake_of_the_office_comes_back_and_nothing_else(tmp_path):
    path = tmp_path / "roll.xlsx"
    rows = list(tree.rows(_chance(1), 250))
    tree_load(rows)
    made = workbook.write(path, _chance(3), tree.grassroots(rows), 3000)
    out = StringIO()
    call_command("import_members", path, organisation="JZ", stdout=out, stderr=StringIO())
    answer = json.loads(out.getvalue().splitlines()[-1])
    mistakes = sum(made.get(reason, 0) for reason in REFUSED)
    assert answer["rows"] == 3000 + made["duplicate"]
    assert answer["created"] + answer["duplicate"] + answer["rejected"] == answer["rows"]
    assert 0.8 * mistakes <= answer["rejected"] <= mistakes
    assert (
        Organisation.objects.get(code="JZ").member_count
        == answer["created"]
        == Member.objects.count()
    )


@pytest.fixture
def world(tmp_path) -> people.World:
    path = tmp_path / "roll.xlsx"
    rows = list(tree.rows(_chance(1), 250))
    tree_load(rows)
    load.write_workbook(path, members=40, unions=250, seed=1)
    call_command("import_members", path, organisation="JZ", stdout=StringIO(), stderr=StringIO())
    return people.load()


def test_those_who_sign_in_are_on_the_roll_and_in_their_posts(world, tmp_path, settings):
    settings.DEMO_SIGN_INS = tmp_path / "demo.json"
    people.write_sign_ins(Path(settings.DEMO_SIGN_INS))
    assert set(world.accounts) == {key for key, *_rest in PEOPLE}
    assert set(world.members) == set(world.accounts) - {"tang"}
    assert world.actor("chen").posts[0].level == Level.DISTRICT
    listed = json.loads(Path(settings.DEMO_SIGN_INS).read_text(encoding="utf-8"))
    assert len(listed) == len(PEOPLE) + 1  # and the contact of the partners
    assert id_number_of("lin")[-6:] in listed[0]["note"]["zh_Hans"]


@pytest.mark.parametrize("hour", [4, 19])
def test_every_district_has_stations_and_some_of_them_trouble(world, hour):
    with stopped_clock(dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)):
        assert stations.load(world) == Station.objects.count() >= 60
        found = [seen_one(one) for one in Station.objects.all()]
        standings = Counter(one.standing.state.value for one in found)
    assert {one.station.district_name for one in found} == {name for _code, name in DISTRICTS}
    assert standings["locked"] == standings["shut"] == standings["unknown"] == 1
    assert standings["open"] >= 8
    assert sum(one.station.is_always_open for one in found) >= 8
    assert sorted(Trouble.objects.filter(state="open").values_list("kind", flat=True)) == ["locked", "no_water"]  # fmt: skip
    places = [(one.station.latitude_e6, one.station.longitude_e6) for one in found]
    assert len(set(places)) == len(places)
    assert all(one.station.facilities and one.station.phone for one in found)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_sign_ins_that_work(readme):
    text = (Path(__file__).resolve().parents[1] / readme).read_text(encoding="utf-8")
    assert people.PASSWORD in text
    phones = {key: number for number, (key, *_rest) in enumerate(PEOPLE, start=1)}
    for key in ("lin", "zhao"):
        assert f"199{phones[key]:08d}" in text
        assert id_number_of(key)[-6:] in text
    for key, _name, _place, role, _reach in PEOPLE:
        assert role is None or key == "ma" or f"`{key}`" in text
