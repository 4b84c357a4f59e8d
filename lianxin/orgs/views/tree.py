"""The public page of a union: who it is, and the human door (address, hours, telephone)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lianxin.kit.access import public
from lianxin.orgs.models import Organisation
from lianxin.orgs.selectors import affiliations_of, line_of


@public
@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show one union and those above it, each with its telephone."""
    found = get_object_or_404(Organisation, code=code)
    above = [one for one in reversed(line_of(found)) if one.pk != found.pk]
    shown = {"organisation": found, "above": above, "affiliations": affiliations_of(found)}
    return render(request, "orgs/organisation.html", shown)
