"""Positions: datums there and back, distances, links, the small map."""

from __future__ import annotations

import math
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.stations.rules.places import (
    Datum,
    Point,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    geo_uri,
    is_in_china,
    map_links,
    metres_between,
    picture_of,
    to_wgs84,
    wgs84_to_gcj02,
)

IN_CHINA = st.builds(Point, st.floats(18.1, 53.5), st.floats(73.6, 135.0))
SAMPLE = Point(39.915, 116.404)


def test_the_shifts_agree_with_the_published_sample() -> None:
    shown = wgs84_to_gcj02(SAMPLE)
    assert (shown.longitude, shown.latitude) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-12
    )
    at_baidu = gcj02_to_bd09(SAMPLE)
    assert (at_baidu.longitude, at_baidu.latitude) == pytest.approx(
        (116.41036949371029, 39.92133699351021), abs=1e-12
    )


@given(IN_CHINA)
def test_there_and_back_is_the_same_spot(point: Point) -> None:
    assert metres_between(gcj02_to_wgs84(wgs84_to_gcj02(point)), point) < 0.001
    assert metres_between(bd09_to_gcj02(gcj02_to_bd09(point)), point) < 0.001
    assert metres_between(to_wgs84(gcj02_to_bd09(wgs84_to_gcj02(point)), Datum.BD09), point) < 0.01


@given(IN_CHINA)
def test_a_shift_is_felt_and_bounded(point: Point) -> None:
    assert 20 < metres_between(point, wgs84_to_gcj02(point)) < 1200


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_outside_china_nothing_is_shifted(latitude: float, longitude: float) -> None:
    point = Point(latitude, longitude)
    if not is_in_china(point):
        assert wgs84_to_gcj02(point) == point == gcj02_to_wgs84(point)


@given(IN_CHINA, IN_CHINA)
def test_distances_are_the_same_both_ways(one: Point, other: Point) -> None:
    assert metres_between(one, other) == pytest.approx(metres_between(other, one), abs=1e-6)
    assert metres_between(one, one) == 0


def test_a_known_distance() -> None:
    beijing, shanghai = Point(39.9042, 116.4074), Point(31.2304, 121.4737)
    assert metres_between(beijing, shanghai) == pytest.approx(1_067_000, rel=0.002)


@given(IN_CHINA)
def test_millionths_of_a_degree_keep_a_spot(point: Point) -> None:
    assert metres_between(Point.of_e6(*point.e6()), point) < 0.2


def test_every_map_gets_the_datum_it_draws_in() -> None:
    name = "北苍（东门）驿站 & 书屋"
    links = {link.code: link.url for link in map_links(SAMPLE, name, "人民路 1 号")}
    assert links["geo"].startswith("geo:39.915000,116.404000?q=39.915000,116.404000(")
    shown = wgs84_to_gcj02(SAMPLE)
    amap = parse_qs(urlsplit(links["amap"]).query)
    assert amap["coordinate"] == ["gaode"]
    longitude, latitude = map(float, amap["position"][0].split(","))
    assert metres_between(Point(latitude, longitude), shown) < 0.2
    assert amap["name"] == [name]
    baidu = parse_qs(urlsplit(links["baidu"]).query)
    assert baidu["coord_type"] == ["gcj02"]
    assert metres_between(Point(*map(float, baidu["location"][0].split(","))), shown) < 0.2
    tencent = parse_qs(urlsplit(links["tencent"]).query)["marker"][0]
    assert tencent.startswith(f"coord:{shown.latitude:.6f},{shown.longitude:.6f};title:{name}")


def test_a_name_with_brackets_does_not_end_the_label() -> None:
    link = geo_uri(SAMPLE, "a(b)c")
    assert link.count("(") == link.count(")") == 1
    assert unquote(link).endswith("(a(b)c)")


@given(st.lists(IN_CHINA, min_size=1, max_size=40))
def test_every_dot_lies_in_the_picture_and_north_is_up(points: list[Point]) -> None:
    picture = picture_of(points)
    assert picture is not None
    assert len(picture.dots) == len(points)
    for dot in picture.dots:
        assert 0 <= dot.x <= picture.width
        assert 0 <= dot.y <= picture.height
    for one in picture.dots:
        for other in picture.dots:
            if points[one.at].latitude > points[other.at].latitude:
                assert one.y <= other.y
    assert picture.height <= 480 + 1
    assert picture.bar_width > 0


def test_distances_in_the_picture_are_true_both_ways() -> None:
    middle = Point(29.5, 106.5)
    north = Point(29.5 + 0.05, 106.5)
    east = Point(29.5, 106.5 + 0.05 / math.cos(math.radians(29.525)))
    picture = picture_of([middle, north, east])
    assert picture is not None
    at = {dot.at: dot for dot in picture.dots}
    up, right = at[0].y - at[1].y, at[2].x - at[0].x
    assert up == pytest.approx(right, rel=0.01)
    assert picture.bar_width / picture.bar_metres == pytest.approx(
        up / metres_between(middle, north), rel=0.01
    )


def test_where_there_is_nothing_there_is_no_picture() -> None:
    assert picture_of([]) is None
