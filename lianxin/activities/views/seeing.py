"""The public pages: what takes place, the month, one activity, its picture."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianxin.activities import policies
from lianxin.activities.models import Activity, Session
from lianxin.activities.policies import Reader
from lianxin.activities.rules.month import Month
from lianxin.activities.selectors import listing, pictures, showing
from lianxin.activities.selectors.albums import has_album, may_see
from lianxin.activities.selectors.drawing import list_page, month_page
from lianxin.activities.selectors.plans import year_of_public_plan
from lianxin.allocation.api import PoolView, pool_view
from lianxin.kit import clock
from lianxin.kit.access import public
from lianxin.orgs.api import Request


@public
@require_safe
def activity_list(request: Request) -> HttpResponse:
    """Show what takes place near, in her unions, this weekend, with free places."""
    reader = listing.reader_of(request.actor)
    wanted = listing.wanted_of(request.GET.dict())
    page = listing.session_page(reader, wanted, request.GET.get("after"))
    return render(request, "activities/activity_list.html", list_page(reader, wanted, page))


@public
@require_safe
def study_tours(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for everybody)
    """Lead from the services to the routes one can travel, wherever they begin."""
    address = reverse("activities:activity_list")
    return redirect(f"{address}?kind=study_tour&near={listing.EVERYWHERE}")


@public
@require_safe
def activity_month(request: Request) -> HttpResponse:
    """Show a month, day by day."""
    reader = listing.reader_of(request.actor)
    wanted = listing.wanted_of(request.GET.dict())
    month = Month.read(request.GET.get("month", ""), today=clock.today())
    sheet = listing.sheet_of(reader, wanted, month)
    return render(request, "activities/activity_month.html", month_page(reader, wanted, sheet))


@public
@require_safe
def activity(
    request: Request, activity_id: uuid.UUID, session_id: uuid.UUID | None = None
) -> HttpResponse:
    """Show an activity at one of its times, else at the next."""
    reader = listing.reader_of(request.actor)
    rows = Activity.objects.select_related("organisation", "cover")
    found = get_object_or_404(policies.visible_to(reader, rows), pk=activity_id)
    page = showing.page_of_activity(found, session_id)
    if session_id is not None and page.session is None:
        raise Http404
    request.nav_key = "activities"
    shown = {
        "page": page,
        "view": _places(request, page.session),
        "has_album": _album(reader, page.session),
        "plan_year": year_of_public_plan(found.organisation),
    }
    return render(request, "activities/activity.html", shown)


@public
@require_safe
def picture(request: Request, picture_id: uuid.UUID, size: str) -> HttpResponse:
    """Send a picture everybody may see, to be kept by the phone for a week."""
    data = pictures.cover_data(listing.reader_of(request.actor), picture_id, size)
    if data is None:
        raise Http404
    answer = HttpResponse(data.content, content_type="image/jpeg")
    answer["Cache-Control"] = (
        f"{'public' if data.is_public else 'private'}, max-age=604800, immutable"
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _album(reader: Reader, session: Session | None) -> bool:
    """Say whether pictures stand there for whoever asks; two queries at most, none before it has begun."""
    if session is None or not session.has_begun or reader.actor.account_id is None:
        return False
    return has_album(session) and may_see(reader, session)


def _places(request: Request, session: Session | None) -> PoolView | None:
    """Look at the places of a session as whoever asks; nothing to take once it has begun."""
    if session is None or session.pool is None or session.has_begun:
        return None
    return pool_view(session.pool, request.actor.account_id)
