"""Draws, to anybody: the line of stations, the one file, the verifiers."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from lianxin.allocation.models import Draw
from lianxin.allocation.selectors.draw_showing import (
    lines_found,
    public_name,
    sentence_of,
    stations_of,
    strata_of,
    void_words,
    watchers_of,
    weights_of,
)
from lianxin.allocation.selectors.draw_verifiers import page_verifier, python_verifier
from lianxin.allocation.selectors.draws import draw_keys, draws_public, file_of, winning_lines
from lianxin.kit.access import public
from lianxin.kit.paging import page_of
from lianxin.orgs.api import Request

AN_HOUR = 3600


@public
@require_safe
def draw_list(request: Request) -> HttpResponse:
    """List the draws, the newest rule first."""
    order = ("-published_at", "-id")
    page = page_of(draws_public(), request.GET.get("after"), size=30, order=order)
    rows = [(draw, sentence_of(draw)) for draw in page.rows]
    return render(request, "allocation/draw_list.html", {"page": page, "rows": rows})


@public
@require_safe
def draw(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """Show a draw: what happens when, what came out, and how to check it."""
    found = _draw(draw_id)
    rule = found.rule
    typed = request.GET.get("line", "")
    context = {
        "draw": found,
        "rule": rule,
        "sentence": sentence_of(found),
        "reason": void_words(found),
        "stations": stations_of(found),
        "watchers": watchers_of(found),
        "public_name": public_name(found),
        "strata": strata_of(rule),
        "weights": weights_of(rule),
        "typed": typed,
        "found": lines_found(found, typed) if typed else None,
        "follower": draws_public().filter(pool_id=found.pool_id, number=found.number + 1).first(),
    }
    return render(request, "allocation/draw.html", context)


@public
@require_safe
def draw_lines(request: Request, draw_id: uuid.UUID) -> HttpResponse:
    """List the lines that got places, a page at a time: to be printed and pinned to a wall."""
    found = _draw(draw_id)
    page = winning_lines(found, request.GET.get("after", ""))
    return render(request, "allocation/draw_lines.html", {"draw": found, "page": page})


def _etag(_request: Request, draw_id: uuid.UUID) -> str | None:
    stage = draws_public().filter(pk=draw_id).values_list("stage", flat=True).first()
    return f'"{draw_id}-{stage}"' if stage else None


@public
@require_safe
@condition(etag_func=_etag)
def draw_file(request: Request, draw_id: uuid.UUID) -> HttpResponse:  # noqa: ARG001  (the same for all)
    """Hand out the one file of a draw, as far as it is."""
    found = _draw(draw_id)
    answer = _handed(file_of(found), f"draw-{str(found.pk)[:8]}.json", "application/json")
    patch_cache_control(answer, public=True, no_cache=True)
    return answer


@public
@require_safe
def draw_check(request: Request) -> HttpResponse:
    """Check a file here: nothing is sent anywhere, the page does it by itself."""
    wanted = _id_of(request.GET.get("draw", ""))
    known = draws_public().filter(pk=wanted).first() if wanted else None
    return render(request, "allocation/draw_check.html", {"draw": known})


@public
@require_safe
def verifier_python(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for all)
    """Hand out the Python verifier: one file that needs nothing else."""
    return _handed(python_verifier(), "verify_draw.py", "text/x-python; charset=utf-8")


@public
@require_safe
def verifier_page(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for all)
    """Hand out the page that checks without a network; to be kept, not shown as a page of ours."""
    return _handed(
        page_verifier(get_language() or ""), "verify_draw.html", "text/html; charset=utf-8"
    )


@public
@require_safe
def keys(request: Request) -> HttpResponse:  # noqa: ARG001  (the same for all)
    """Publish the keys draws were signed with, as RFC 7517 wants them."""
    answer = JsonResponse({"keys": [one.as_jwk() for one in draw_keys()]})
    patch_cache_control(answer, public=True, max_age=AN_HOUR)
    return answer


def _id_of(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None


def _draw(draw_id: uuid.UUID) -> Draw:
    return get_object_or_404(draws_public().prefetch_related("parties"), pk=draw_id)


def _handed(text: str, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Robots-Tag": "noindex"}
    return HttpResponse(text, content_type=kind, headers=headers)
