"""How the API says no: RFC 9457 problem details, one clear sentence, each in one place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


class ProblemError(Exception):
    """A call cannot be answered as it was meant."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})


def problem_answer(problem: ProblemError) -> HttpResponse:
    """Write a problem as the answer."""
    said: dict[str, object] = {
        "type": f"urn:lianxin:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.sentence,
    }
    if problem.errors:
        said["errors"] = [
            {"field": field, "detail": sentence} for field, sentence in problem.errors.items()
        ]
    return HttpResponse(
        json.dumps(said, ensure_ascii=False),
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def not_found() -> ProblemError:
    """There is nothing here, or nothing this client may see: the same answer."""
    return ProblemError(404, "not-found", _("There is nothing here that you may see."))


def unauthorised(code: str, sentence: str) -> ProblemError:
    """Ask for a token, as RFC 6750 says it."""
    fault = "" if code == "no-token" else ', error="invalid_token"'
    headers = {"WWW-Authenticate": f'Bearer realm="lianxin"{fault}'}
    return ProblemError(401, code, sentence, headers=headers)
