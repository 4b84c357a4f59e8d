"""The API itself: its operations joined, its errors turned into problems, its document written."""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lianxin.gateway.rest import cards, joining, organisations, tokens
from lianxin.gateway.rest.document import document_of, pages_of, topics_of
from lianxin.gateway.rest.problems import ProblemError, not_found, problem_answer
from lianxin.gateway.services import KeyReusedError
from lianxin.kit.errors import ForbiddenError, RefusedError, StaleError
from lianxin.procedures.api import AnswersError

log = logging.getLogger(__name__)
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
# Whatever reads a body, by its address under the root.
_READS_BODY = frozenset({"oauth/token", "oauth/revoke", "cards/verify", "join-applications"})


@cache
def api() -> NinjaAPI:
    """Join the operations, once a process."""
    made = NinjaAPI(
        title="Lianxin", version="1.0.0", openapi_url=None, docs_url=None, urls_namespace="rest"
    )
    made.add_router("/oauth", tokens.router)
    made.add_router("/cards", cards.router)
    made.add_router("/organisations", organisations.router)
    made.add_router("/join-applications", joining.router)
    for error, turn in _TURNED.items():
        made.add_exception_handler(error, _handler(turn))
    return made


@cache
def _resolver() -> URLResolver:
    return URLResolver(RegexPattern(r"^"), api().urls[0])


def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer a call under /api/v1/."""
    try:
        if rest in {"", "openapi.json"}:
            return _read(request, rest)
        found = _resolver().resolve(rest)
        _check_body(request, rest)
        said: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except Resolver404:
        return problem_answer(not_found())
    except ProblemError as problem:
        return problem_answer(problem)
    if isinstance(said, HttpResponseNotAllowed):
        return problem_answer(_not_allowed(said["Allow"]))
    said.headers.setdefault("Cache-Control", "no-store")
    return said


def _read(request: HttpRequest, rest: str) -> HttpResponse:
    """Show the document, for machines or for people."""
    if request.method not in {"GET", "HEAD"}:
        raise _not_allowed("GET")
    if rest:
        return HttpResponse(json.dumps(document_of(api())), content_type=_JSON)
    shown = {"groups": pages_of(api()), "topics": topics_of()}
    return render(request, "gateway/docs.html", shown)


def _check_body(request: HttpRequest, rest: str) -> None:
    """Refuse a body that is too large, cut off, or of another kind than the operation reads."""
    if request.method != "POST" or rest not in _READS_BODY:
        return
    try:
        body = request.body
    except RequestDataTooBig:
        raise ProblemError(413, "too-large", _("This is more than we take at once.")) from None
    except UnreadablePostError:
        raise ProblemError(400, "unreadable", _("The body did not arrive whole.")) from None
    wanted = _FORM if rest.startswith("oauth/") else _JSON
    if body and request.content_type != wanted:
        raise ProblemError(415, "media-type", _("Send the body as %(kind)s.") % {"kind": wanted})
    if wanted == _FORM:
        try:
            request.POST  # noqa: B018  (reading it is the check)
        except (TooManyFieldsSent, UnicodeError):
            raise ProblemError(413, "too-large", _("This is more than we take at once.")) from None


def _not_allowed(allowed: str) -> ProblemError:
    return ProblemError(
        405, "method", _("This address does not know that method."), headers={"Allow": allowed}
    )


def _handler(turn: Any) -> Any:
    def handle(_request: HttpRequest, error: Any) -> HttpResponse:
        return problem_answer(turn(error))

    return handle


def _validation(error: ValidationError) -> ProblemError:
    faults = {
        ".".join(str(part) for part in one["loc"] if part not in {"body", "query"}): str(one["msg"])
        for one in error.errors
    }
    return ProblemError(
        422, "invalid", _("Something is missing or not as described."), errors=faults
    )


def _refused(error: RefusedError) -> ProblemError:
    status, code = 422, "refused"
    if isinstance(error, StaleError):
        status, code = 409, "conflict"
    elif isinstance(error, ForbiddenError):
        status, code = 403, "forbidden"
    if isinstance(error, KeyReusedError):
        code = "key-reused"
    errors = {error.field: error.message} if error.field else {}
    if isinstance(error, AnswersError):
        errors = error.errors
    return ProblemError(status, code, error.message, errors=errors)


def _http(error: HttpError) -> ProblemError:
    if error.status_code == 400:
        return ProblemError(400, "unreadable", _("The body cannot be read as JSON."))
    return ProblemError(error.status_code, "refused", str(error))


def _failed(error: Exception) -> ProblemError:
    log.error("an API call failed", exc_info=error)
    return ProblemError(500, "failed", _("Something failed on our side. Please try again later."))


_TURNED: dict[type[Exception], Any] = {
    ProblemError: lambda error: error,
    RefusedError: _refused,
    ValidationError: _validation,
    HttpError: _http,
    Http404: lambda _error: not_found(),
    Exception: _failed,
}
