"""The API's door: loads its machinery when the first call comes, so that a web worker starts without it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from lianxin.kit.access import public


@csrf_exempt  # no cookie speaks here: who calls shows a token
@public
def door(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Hand a call to the operation it names; each asks for its token and its scope."""
    from lianxin.gateway.rest.api import answer  # noqa: PLC0415  (heavy: pydantic and ninja)

    return answer(request, rest)
