"""What partners share, for everybody to find: no sign-in."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.allocation import api as allocation
from lianxin.exchange import selectors
from lianxin.exchange.constants import AUDIENCE_WORDS, KIND_ICONS, KIND_WORDS
from lianxin.exchange.forms import DayForm
from lianxin.kit.access import public
from lianxin.orgs.api import Request


@public
@require_safe
def resource_list(request: Request) -> HttpResponse:
    """List what partners share: search, kind, for whom, district, day."""
    asked, form, districts = request.GET, DayForm(request.GET), selectors.districts()
    code = asked.get("district", "")
    wish = selectors.Wish(
        search=asked.get("q", ""), kind=asked.get("kind", ""), audience=asked.get("for", ""),
        district=next((one for one in districts if code and one.code == code), None),
        day=form.cleaned_data["day"] if form.is_valid() else None,
    )  # fmt: skip
    page = selectors.resource_page(wish, after=asked.get("after"))
    shown = {
        "wish": wish, "page": page, "districts": districts, "kinds": KIND_WORDS.items(),
        "audiences": list(AUDIENCE_WORDS.items())[:2],
        "rows": [(one, KIND_WORDS[one.kind], KIND_ICONS[one.kind]) for one in page.rows],
    }  # fmt: skip
    return render(request, "exchange/resource_list.html", shown)


@public
@require_safe
def resource(request: Request, resource_id: uuid.UUID) -> HttpResponse:
    """Show what a partner shares, and how one has it."""
    found = selectors.resource_shown(resource_id)
    if found is None:
        raise Http404
    account_id = request.user.pk if request.user.is_authenticated else None
    pool = selectors.pool_of(found)
    shown = {
        "resource": found, "facts": selectors.facts_of(found, pool),
        "audience": AUDIENCE_WORDS[found.audience], "pool": pool, "view": allocation.pool_view(pool, account_id) if pool else None,
        "bookable": selectors.bookable_of(found),
    }  # fmt: skip
    return render(request, "exchange/resource.html", shown)


@public
@require_safe
def picture(request: Request, picture_id: uuid.UUID, size: str) -> HttpResponse:
    """Send a picture: to everybody once it was checked, before that to who offers and who checks."""
    found = selectors.picture_data(request.actor, picture_id, size)
    if found is None:
        raise Http404
    content, is_seen = found
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=600" if is_seen else "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
