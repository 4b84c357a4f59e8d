"""The document and the API say the same: schemathesis tries what a client, good or bad, would send."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from authlib.integrations.requests_client import OAuth2Session
from django.test import Client as Web

from lianxin.catalogue.testing import shipped_catalogue
from lianxin.gateway.rest.api import api
from lianxin.gateway.rest.document import document_of, pages_of
from lianxin.gateway.rest.guard import OAuth2
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.testing import client_make, token_make
from lianxin.members.testing import federation

OPEN = {"token", "revoke"}
SETTINGS = """
[phases.fuzzing.generation]
max-examples = 12

[phases.stateful]
max-steps = 4

[phases.stateful.generation]
max-examples = 6

# The questions of the form are the operator's data: the document cannot know which answers do.
[[operations]]
include-name = "POST /api/v1/join-applications"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 409, 422, 429]
"""


@pytest.fixture
def town(transactional_db):
    shipped_catalogue()
    return federation()


def _tried(live_server, folder: Path, *words: str) -> str:
    (folder / "schemathesis.toml").write_text(SETTINGS)
    program = Path(sys.executable).with_name("st")
    done = subprocess.run(
        [
            program, "--config-file", folder / "schemathesis.toml",
            "run", f"{live_server.url}/api/v1/openapi.json",
            "--checks", "all", "--seed", "20261123", "--no-color", *words,
        ],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_a_client_with_a_token_finds_no_failure_and_nothing_undocumented(
    town, live_server, tmp_path
):
    """Takes half a minute: some hundred calls, good and bad, to the whole API over HTTP."""
    system, _secret = client_make(town.organisation("jialing"))
    said = _tried(live_server, tmp_path, "--header", f"Authorization: Bearer {token_make(system)}")
    assert "Tested: 8" in said


def test_a_stranger_finds_no_failure_and_nothing_undocumented(town, live_server, tmp_path):
    """Takes a quarter of a minute: the same without a token."""
    _tried(live_server, tmp_path)


def test_a_foreign_library_gets_a_token_and_calls(town, live_server, monkeypatch):
    """OAuth as Authlib's client speaks it, by header and by body."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the test's server has no TLS
    system, secret = client_make(town.organisation("jialing"))
    for method in ("client_secret_basic", "client_secret_post"):
        with OAuth2Session(
            str(system.pk), secret, scope="organisations:read", token_endpoint_auth_method=method
        ) as session:
            token = session.fetch_token(
                f"{live_server.url}/api/v1/oauth/token", grant_type="client_credentials"
            )
            assert token["scope"] == "organisations:read"
            answer = session.get(f"{live_server.url}/api/v1/organisations/JZ-JL")
            assert answer.json()["code"] == "JZ-JL"
            revoked = session.revoke_token(
                f"{live_server.url}/api/v1/oauth/revoke", token["access_token"]
            )
            assert revoked.status_code == 200
            assert session.get(f"{live_server.url}/api/v1/organisations").status_code == 401


def _operations(said):
    return [
        (path, operation)
        for path, methods in said["paths"].items()
        for operation in methods.values()
    ]


def test_every_operation_asks_for_a_scope_but_those_that_give_tokens():
    for bound in api()._get_bound_routers():  # noqa: SLF001  (ninja has no other way to list them)
        for view in bound.path_operations.values():
            for operation in view.operations:
                guards = [one for one in operation.auth_callbacks if isinstance(one, OAuth2)]
                assert bool(guards) != (operation.operation_id in OPEN), operation.operation_id


def test_the_document_names_scopes_problems_and_headers():
    said = document_of(api())
    assert said["openapi"].startswith("3.1")
    flows = said["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"]
    assert set(flows["scopes"]) == set(Scope)
    for path, operation in _operations(said):
        answers = operation["responses"]
        assert {"401", "429", "500"} <= set(answers), path
        assert "Retry-After" in answers["429"]["headers"]
        assert "application/problem+json" in answers["429"]["content"]
        assert operation["summary"]
        assert operation["description"]


@pytest.mark.django_db
def test_the_document_and_the_page_are_open_to_all_and_wear_the_house_rules():
    web = Web()
    said = web.get("/api/v1/openapi.json")
    assert said.headers["Content-Type"] == "application/json"
    assert said.json()["openapi"] == "3.1.0"
    page = web.get("/api/v1/", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 200
    assert "script-src" not in page.headers["Content-Security-Policy"]
    body = page.content.decode()
    assert "//cdn" not in body
    assert "核验会员证" in body
    assert (
        "Verify a membership card"
        in web.get("/api/v1/", headers={"Accept-Language": "en"}).content.decode()
    )


def test_the_page_shows_every_operation():
    shown = {one.name for _group, operations in pages_of(api()) for one in operations}
    assert shown == {
        operation["operationId"] for _path, operation in _operations(document_of(api()))
    }
