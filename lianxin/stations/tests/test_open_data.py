"""Open data: valid GeoJSON, a table one can read in again, a schema the answers keep, marks of age."""

from __future__ import annotations

import csv
import io

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import reverse

from lianxin.stations.rules.hours import spans_read
from lianxin.stations.rules.places import Point, metres_between
from lianxin.stations.selectors import opendata
from lianxin.stations.testing import HERE, station_make, told_by, week_of

pytestmark = pytest.mark.django_db
API, GEO, CSV, WHERE, SCHEMA = (
    reverse(f"stations:open_{name}") for name in ("stations", "geojson", "csv", "where", "schema")
)
BINHE = ("990102", "滨河区")


@pytest.fixture
def three(town, station):
    other = station_make(
        town.organisation("riverside"), "江畔驿站", code="JZ-002", district=BINHE, point=Point(29.7, 106.9),
        week=week_of("8:00-22:00", "22:00-8:00", holiday="", d7="9:00-12:00"), facilities=["water", "toilet"],
    )  # fmt: skip
    unmeasured = station_make(
        town.organisation("riverside"), "没测过", code="JZ-003", district=BINHE, point=None, week={}
    )
    return [station, other, unmeasured]


def test_the_answer_keeps_its_schema(three, client):
    told_by(three[0], "a")
    answer = client.get(API)
    jsonschema_rs.validate(client.get(SCHEMA).json(), answer.json())
    first = answer.json()["stations"][0]
    assert (first["code"], first["state"], first["in_doubt"]) == ("JZ-001", "open", True)
    assert first["hours"]["1"] == [
        {"opens": "08:00", "closes": "22:00", "next_day": False, "attended": True}
    ]
    assert client.get(first["url"]).status_code == 200


def test_the_schema_refuses_what_is_none(three, client):
    answer, schema = client.get(API).json(), client.get(SCHEMA).json()
    jsonschema_rs.meta.validate(schema)
    answer["stations"][0]["state"] = "perhaps"
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, answer)


def test_geojson_is_valid_and_says_longitude_first(three, client):
    answer = client.get(GEO)
    assert answer["Content-Type"] == "application/geo+json"
    found = answer.json()
    assert found["type"] == "FeatureCollection"
    by_code = {one["id"]: one for one in found["features"]}
    assert set(by_code) == {"JZ-001", "JZ-002", "JZ-003"}
    for one in found["features"]:
        assert one["type"] == "Feature"
        assert set(one) == {"type", "id", "geometry", "properties"}
        if one["geometry"] is not None:
            assert one["geometry"]["type"] == "Point"
            longitude, latitude = one["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
    assert by_code["JZ-001"]["geometry"]["coordinates"] == [HERE.longitude, HERE.latitude]
    assert by_code["JZ-003"]["geometry"] is None


@pytest.mark.parametrize(
    ("query", "encoding"), [("", "utf-8-sig"), ("?encoding=gb18030", "gb18030")]
)
def test_the_table_can_be_read_in_again(three, client, query, encoding):
    answer = client.get(CSV + query)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(encoding))))
    other = rows[1]
    assert (other["name"], other["facilities"], other["district_code"]) == (
        "江畔驿站",
        "water toilet",
        "990102",
    )
    assert spans_read(other["hours_1"]) == spans_read("8:00-22:00")
    assert spans_read(other["hours_1_unattended"], is_attended=False) == spans_read(
        "22:00-8:00", is_attended=False
    )
    assert other["hours_holiday"] == "closed"
    assert other["hours_make_up"] == ""


def test_a_name_that_begins_like_a_formula_stays_a_name(town, client):
    station_make(town.organisation("yangtze"), "=HYPERLINK(1)")
    assert "\r\nJZ-001,'=HYPERLINK(1)," in client.get(CSV).content.decode("utf-8-sig")


def test_one_district_alone(three, client):
    assert [one["code"] for one in client.get(API, {"district": "990102"}).json()["stations"]] == [
        "JZ-002",
        "JZ-003",
    ]
    assert len(client.get(GEO, {"district": "990101"}).json()["features"]) == 1
    assert client.get(API, {"district": "nowhere"}).json()["stations"] == []


def test_a_long_answer_names_the_next(three, client, monkeypatch):
    monkeypatch.setattr(opendata, "MOST", 2)
    first = client.get(API).json()
    assert len(first["stations"]) == 2
    second = client.get(first["next"]).json()
    assert [one["code"] for one in second["stations"]] == ["JZ-003"]
    assert second["next"] is None


def test_unchanged_costs_nothing_and_a_change_is_seen(three, client, hands):
    for address in (API, GEO, CSV, WHERE):
        first = client.get(address)
        assert first["Cache-Control"] == "public, max-age=300"
        assert first["Access-Control-Allow-Origin"] == "*"
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    etag = client.get(API)["ETag"]
    hands.move(seconds=1)
    told_by(three[0], "a")
    assert client.get(API, headers={"If-None-Match": etag}).status_code == 200
    etag = client.get(API)["ETag"]
    hands.move(minutes=6)  # by its hours another thing may hold now
    assert client.get(API, headers={"If-None-Match": etag}).status_code == 200


def test_nothing_of_open_data_sets_or_reads_a_cookie(three):
    for address in (API, GEO, CSV, WHERE, SCHEMA):
        answer = Client().get(address)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_cells_lead_a_phone_to_the_nearest_district(three, client):
    found = client.get(WHERE).json()
    cells: dict[str, list[Point]] = {}
    for code, _name, *steps in found["districts"]:
        at = (0, 0)
        for north, east in zip(steps[::2], steps[1::2], strict=True):
            at = (at[0] + north, at[1] + east)
            cells.setdefault(code, []).append(Point(at[0] * found["unit"], at[1] * found["unit"]))
    assert set(cells) == {"990101", "990102"}
    assert min(metres_between(cell, HERE) for cell in cells["990101"]) < 100


def test_what_is_given_up_leaves_the_data(three, client, hands):
    three[0].ended_on = hands.read().date()
    three[0].save()
    assert "JZ-001" not in client.get(GEO).content.decode()


def test_a_few_queries_whatever_the_number(three, town, client, django_assert_max_num_queries):
    for number in range(80):
        station_make(town.organisation("yangtze"), f"驿站 {number}", code=f"JZ-{number}x")
    for address in (API, GEO, CSV):
        with django_assert_max_num_queries(7):
            client.get(address)


def test_the_page_of_open_data_is_for_everybody(three, client):
    page = client.get(reverse("stations:open_data")).content.decode()
    assert "WGS-84" in page
    for address in (API, GEO, CSV, SCHEMA):
        assert f'href="{address}"' in page


def test_wrong_verbs(client):
    assert {client.post(address).status_code for address in (API, GEO, CSV, WHERE)} == {405}
