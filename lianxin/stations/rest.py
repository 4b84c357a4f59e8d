"""Open data for whoever builds on it: no key, no sign-in, marks by which copies know when they are old."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from lianxin.kit.access import public
from lianxin.stations.selectors import listing, opendata

JSON = "application/json"


def _etag(request: HttpRequest, **_kwargs: object) -> str:
    return f'"{opendata.stamp()}-{request.GET.urlencode()[:200]}"'


def _open(content: bytes | str, kind: str, *, name: str = "") -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = f"public, max-age={opendata.FRESH}"
    answer["Access-Control-Allow-Origin"] = "*"
    if name:
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Say what there is, what each field means, and that anybody may use it."""
    page = {"fields": [(name, about) for name, (about, _kind) in opendata.FIELDS.items()]}
    return render(request, "stations/open_data.html", page | {"districts": listing.districts()})


@public
@require_safe
@condition(etag_func=_etag)
def open_stations(request: HttpRequest) -> HttpResponse:
    """Answer a page of stations; `next` leads to the following one."""
    district, after = request.GET.get("district", "")[:6], request.GET.get("after", "")[:32]
    seen = opendata.chosen(district, after, most=opendata.MOST)
    follow = None
    if len(seen) == opendata.MOST:
        query = request.GET.copy()
        query["after"] = seen[-1].station.code
        follow = f"{_root(request)}{reverse('stations:open_stations')}?{query.urlencode()}"
    return _open(opendata.as_json(seen, _root(request), follow=follow), JSON)


@public
@require_safe
@condition(etag_func=_etag)
def open_geojson(request: HttpRequest) -> HttpResponse:
    """Hand out all stations, or those of one district, as GeoJSON."""
    seen = opendata.chosen(request.GET.get("district", "")[:6])
    content = opendata.as_geojson(seen, _root(request))
    return _open(content, "application/geo+json", name="stations.geojson")


@public
@require_safe
@condition(etag_func=_etag)
def open_csv(request: HttpRequest) -> HttpResponse:
    """Hand out all stations, or those of one district, as a table; GB18030 for old spreadsheets."""
    text = opendata.as_csv(opendata.chosen(request.GET.get("district", "")[:6]), _root(request))
    is_old = request.GET.get("encoding") == "gb18030"
    charset = "gb18030" if is_old else "utf-8"
    # With the mark at its beginning spreadsheets know that a file is UTF-8.
    content = text.encode(charset if is_old else "utf-8-sig")
    return _open(content, f"text/csv; charset={charset}", name="stations.csv")


@public
@require_safe
@condition(etag_func=_etag)
def open_where(_request: HttpRequest) -> HttpResponse:
    """Say roughly where the stations of each district are: a phone finds the nearest by itself."""
    return _open(msgspec.json.encode(opendata.where()), JSON)


@public
@require_safe
def open_schema(request: HttpRequest) -> HttpResponse:
    """Describe the answers, with the code lists in both languages."""
    return _open(msgspec.json.encode(opendata.schema(_root(request))), "application/schema+json")
