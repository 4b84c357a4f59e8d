"""Opening a file by its link."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lianxin.files import policies, selectors, services
from lianxin.files.rules import MIME, Kind
from lianxin.kit.access import signed_in


@require_GET
@signed_in
def file(request: HttpRequest, token: str) -> HttpResponse:
    """Send the content to the account the link was made for, if it may see it now."""
    account_id = request.user.pk
    found = selectors.file_by_link(token, account_id=account_id)
    if found is None:
        return render(request, "files/link_expired.html", status=410)
    if not policies.may_open(getattr(request, "actor", None), account_id, found):
        raise Http404
    answer = HttpResponse(
        services.file_open(found, account_id=account_id), content_type=MIME[Kind(found.kind)]
    )
    name = quote(selectors.name_of(found))
    # A picture we painted ourselves may be shown; everything else is only ever downloaded.
    way = "inline" if found.is_image else "attachment"
    answer["Content-Disposition"] = f"{way}; filename*=UTF-8''{name}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "no-store, private"
    return answer
