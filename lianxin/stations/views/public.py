"""The public list, one station, what can be said of it: nobody signs in for any of this."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.kit import clock
from lianxin.kit.access import public
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request
from lianxin.stations import services
from lianxin.stations.constants import codes
from lianxin.stations.forms import MoreForm
from lianxin.stations.models import Station, StationReport
from lianxin.stations.rules.tally import Tally
from lianxin.stations.selectors import kept, listing, offers, places, shown
from lianxin.stations.services.braking import origin_of

TOLD = "stations_tally"
TICKET = "lianxin.stations.told"
TICKET_LIFE = 1800


@public
@require_safe
def station_list(request: Request) -> HttpResponse:
    """Lead to a district, or find a station by its name."""
    wish = listing.Wish.of(request.GET.dict(), request.GET.getlist("has"))
    page: dict[str, object] = {"wish": wish, "districts": listing.districts()}
    if wish.search:
        seen = listing.stations_named(wish.search)
        found = listing.fitting(seen, wish, request.GET.get("after", ""))
        page |= {"found": found, "chips": shown.chips(request.GET, wish)}
        page |= {"rows": [shown.row_of(one) for one in found.rows]}
    return render(request, "stations/station_list.html", page)


@public
@require_safe
def station_district(request: Request, district: str) -> HttpResponse:
    """List the stations of a district, street by street, with a small map."""
    seen = listing.stations_in(district)
    if not seen:
        raise Http404
    wish = listing.Wish.of(request.GET.dict(), request.GET.getlist("has"))
    found = listing.fitting(seen, wish, request.GET.get("after", ""))
    page = {
        "district": seen[0].station.district_name,
        "code": district,
        "wish": wish,
        "found": found,
        "rows": [shown.row_of(one) for one in found.rows],
        "chips": shown.chips(request.GET, wish),
        "more_chips": shown.more_chips(request.GET, wish),
        "streets": shown.street_links(request.GET, wish, listing.streets_of(seen)),
        "picture": places.picture_of_seen(found.every),
        "as_of": clock.now(),
    }
    return render(request, "stations/station_district.html", page)


@public
@require_safe
def station_rows(request: Request, district: str) -> HttpResponse:
    """Hand out all rows of a district, for the page to sort by distance on the phone itself."""
    seen = listing.stations_in(district)
    if not seen:
        raise Http404
    wish = listing.Wish.of(request.GET.dict(), request.GET.getlist("has"))
    every = listing.fitting(seen, wish).every
    answer = JsonResponse(shown.packed(every), json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})  # fmt: skip
    answer["Cache-Control"] = "private, max-age=60"
    answer["Vary"] = "Cookie, Accept-Language"
    return answer


@public
@require_safe
def station_kept(request: Request, district: str) -> HttpResponse:
    """Write a district for a phone to keep: nothing in it is anybody's own."""
    seen = listing.stations_in(district)
    if not seen:
        raise Http404
    page = {
        "district": seen[0].station.district_name,
        "rows": kept.kept_rows(seen),
        "as_of": clock.now(),
        "known_until": clock.now() + kept.CARRIED,
    }
    answer = render(request, "stations/station_kept.html", page)
    answer["Kept-For"] = reverse("stations:station_list")
    return answer


@public
@require_safe
def station_page(request: Request, code: str) -> HttpResponse:
    """Show one station: is it open, what is there, how to find it, what people told and what was done."""
    station = _station_or_404(code)
    page = shown.page_of_station(station) | {"offers": offers.offers_of(request, station)}
    return render(request, "stations/station_page.html", page)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def station_report(request: Request, code: str) -> HttpResponse:
    """Take in what is wrong: one tap on what it is."""
    station = _station_or_404(code)
    error = ""
    if request.method == "POST":
        try:
            return _told(request, station)
        except RefusedError as refused:
            error = refused.message
    page = {"station": station, "kinds": codes().reports, "key": uuid.uuid4(), "error": error}
    return render(request, "stations/station_report.html", page)


def _told(request: Request, station: Station) -> HttpResponse:
    # Count and mark live in the browser alone, for one day; nothing on our side ties reports together.
    cookie = request.get_signed_cookie(TOLD, default="") or ""
    tally = Tally.read(cookie, today=clock.today(), fresh=uuid.uuid4().hex)
    if tally.is_spent():
        raise RefusedError(
            _("That is a lot for one day. Please call 12351, a person listens there.")
        )
    told = services.report_send(
        actor=request.actor,
        station_id=station.pk,
        kind=request.POST.get("kind", ""),
        teller=tally.teller,
        key=_key(request),
        origin=origin_of(request.META),
    )
    if told.is_not_now:
        answer = render(request, "stations/station_not_now.html", shown.page_of_station(station))
    else:
        ticket = _ticket(told.report)
        answer = redirect(reverse("stations:station_told", args=[station.code, ticket]))
    answer.set_signed_cookie(
        TOLD, tally.written(one_more=not told.is_repeat), max_age=86_400, httponly=True,
        samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@public
@require_http_methods(["GET", "HEAD", "POST"])
def station_told(request: Request, code: str, ticket: str) -> HttpResponse:
    """Thank, say what happens now, and take a sentence or a picture more."""
    station = _station_or_404(code)
    form: MoreForm | None = None
    if report_id := _report_of(ticket):
        form = MoreForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            form = _added(report_id, form)
    page = shown.page_of_station(station) | {"form": form, "is_more": request.method == "POST"}
    return render(request, "stations/station_told.html", page)


def _added(report_id: uuid.UUID, form: MoreForm) -> MoreForm | None:
    given = form.cleaned_data
    try:
        services.report_add(report_id=report_id, words=given["words"], photo=given["photo"])
    except RefusedError as refused:
        form.refuse(refused)
        return form
    return None


def _station_or_404(code: str) -> Station:
    found = Station.objects.select_related("organisation").filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _key(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _ticket(report: StationReport | None) -> str:
    made = int(clock.now().timestamp())
    return signing.dumps([str(report.pk) if report else "", made], salt=TICKET)


def _report_of(ticket: str) -> uuid.UUID | None:
    try:
        opened, made = signing.loads(ticket, salt=TICKET)
    except signing.BadSignature:
        return None
    is_fresh = clock.now().timestamp() <= made + TICKET_LIFE
    return uuid.UUID(opened) if opened and is_fresh else None
