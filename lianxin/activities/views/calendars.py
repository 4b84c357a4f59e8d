"""Calendars to take along: one session, a union."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lianxin.activities import policies
from lianxin.activities.models import Session
from lianxin.activities.rules import ics
from lianxin.activities.rules.ics import Sheet
from lianxin.activities.selectors import feeds, listing
from lianxin.kit.access import public
from lianxin.orgs.api import Request, organisation_by_code


@public
@require_safe
def session_ics(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Send one session for the calendar of a phone."""
    rows = Session.objects.select_related("activity", "organisation")
    visible = policies.sessions_visible_to(listing.reader_of(request.actor), rows)
    session = get_object_or_404(visible, pk=session_id)
    sheet = feeds.sheet_for(session.activity.title, [session], base=_base(request))
    answer = sent(sheet)
    answer["Content-Disposition"] = f'attachment; filename="{session.pk}.ics"'
    return answer


@public
@require_safe
def union_feed(request: Request, code: str) -> HttpResponse:
    """Send what a union lets everybody see, as a calendar to subscribe to."""
    organisation = organisation_by_code(code)
    if organisation is None:
        raise Http404
    sessions = feeds.sessions_for_feed(organisation)
    answer = sent(feeds.sheet_for(organisation.name, sessions, base=_base(request)))
    answer["Cache-Control"] = "public, max-age=900"
    return answer


def sent(sheet: Sheet) -> HttpResponse:
    """Answer with a calendar."""
    return HttpResponse(ics.written(sheet), content_type="text/calendar; charset=utf-8")


def _base(request: Request) -> str:
    return request.build_absolute_uri("/").rstrip("/")
