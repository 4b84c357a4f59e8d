"""Organisations and cards: what a client in reach reads, and that any other finds nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.accounts.testing import sign_in
from lianxin.audit.api import AuditRow
from lianxin.gateway.rules.access import Scope
from lianxin.gateway.testing import client_make, token_make
from lianxin.members.testing import card_lost, card_shown, federation
from lianxin.orgs.api import Reach, Role
from lianxin.orgs.testing import post_make

pytestmark = pytest.mark.django_db
LIST = "/api/v1/organisations"


@pytest.fixture
def town():
    return federation()


@pytest.fixture
def of(town, client):
    """Let the system of an organisation read an address."""

    def read(key, address, reach=Reach.BELOW, **query):
        system, _secret = client_make(town.organisation(key), name=f"{key} {reach}", reach=reach)
        bearer = {"Authorization": f"Bearer {token_make(system)}"}
        return client.get(address, query, headers=bearer)

    return read


def test_an_organisation_is_found_by_its_code(of):
    said = of("jialing", f"{LIST}/JZ-JL-BC-001").json()
    assert (said["code"], said["parent"], said["level"]) == (
        "JZ-JL-BC-001", "JZ-JL-BC", "grassroots",
    )  # fmt: skip


@pytest.mark.parametrize("code", ["JZ-BH", "JZ-BH-JW-001", "JZ", "NOWHERE"])
def test_what_lies_outside_the_reach_does_not_exist(of, code):
    answer = of("jialing", f"{LIST}/{code}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:lianxin:problem:not-found"


def test_a_client_that_acts_here_alone_sees_nothing_below(of):
    assert of("jialing", f"{LIST}/JZ-JL", Reach.HERE).status_code == 200


def test_a_list_holds_the_reach_and_nothing_else(of):
    listed = {row["code"] for row in of("jialing", LIST).json()["items"]}
    assert listed == {"JZ-JL", "JZ-JL-BC", "JZ-JL-BC-001"}
    assert [row["code"] for row in of("binhe", LIST, Reach.HERE).json()["items"]] == ["JZ-BH"]
    streets = of("city", LIST, level="street").json()["items"]
    assert {row["level"] for row in streets} == {"street"}


def test_a_union_is_found_by_its_credit_code_and_by_that_of_its_employer(of, town):
    union = town.organisation("yangtze")
    own, employer = "91500000MA5U0000X1", "91500000MA5U0001X2"
    type(union).objects.filter(pk=union.pk).update(
        uscc=own, employer_uscc=employer, state="closing"
    )
    here, _secret = client_make(town.organisation("jialing"), name="here")
    there, _secret = client_make(town.organisation("binhe"), name="there")
    web = Client()
    for code in (own, employer):
        asked = [
            web.get(LIST, {"credit_code": code}, headers={"Authorization": f"Bearer {token_make(one)}"}).json()["items"]
            for one in (here, there)
        ]  # fmt: skip
        assert [row["code"] for row in asked[0]] == [union.code]
        assert asked[0][0]["state"] == "closing"
        assert asked[0][0]["employer_credit_code"] == employer
        assert not asked[1]


def test_pages_follow_one_another_without_a_gap(town, client):
    system, _secret = client_make(town.organisation("city"))
    bearer = {"Authorization": f"Bearer {token_make(system)}"}
    codes, after = [], ""
    for _page in range(10):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = client.get(LIST, {"limit": 2, "after": after}, headers=bearer).json()
        assert len(queries) <= 12
        codes += [row["code"] for row in said["items"]]
        after = said["next"]
        if not after:
            break
    assert len(codes) == len(set(codes)) == 7


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"limit": "many"}, {"level": "world"}, {"credit_code": "12"}],
)
def test_a_question_that_makes_no_sense_is_refused_with_its_field(of, query):
    answer = of("jialing", LIST, **query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in query


def test_the_cookie_of_a_signed_in_officer_opens_nothing(town, client):
    sign_in(client, town.account("he"), second_factor=True)
    assert client.get(LIST).status_code == 401
    answer = client.post("/api/v1/cards/verify", {"card": "x"}, "application/json")
    assert answer.status_code == 401


def test_a_broken_token_of_a_page_shows_the_first(of):
    assert of("jialing", LIST, after="x" * 40).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_the_wrong_verb_is_told_so(town, client, method):
    answer = getattr(client, method)(LIST)
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address", ["members", "organisations/", "organisations/a%0Ab/c", "%0A", "x/y/z"]
)
def test_an_address_that_is_none_is_a_problem_too(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_problem_speaks_the_language_of_the_caller(client):
    chinese = client.get(LIST, headers={"Accept-Language": "zh-CN"}).json()["detail"]
    english = client.get(LIST, headers={"Accept-Language": "en"}).json()["detail"]
    assert english.startswith("Show an access token")
    assert chinese != english


class TestCards:
    @pytest.fixture
    def verify(self, town, client):
        system, _secret = client_make(town.organisation("binhe"), scopes=[Scope.CARDS_VERIFY])
        bearer = {"Authorization": f"Bearer {token_make(system)}"}

        def ask(card):
            return client.post(
                "/api/v1/cards/verify", {"card": card}, "application/json", headers=bearer
            )

        return ask

    def test_a_good_card_is_good_anywhere_and_shows_no_number(self, town, verify):
        answer = verify(card_shown(town.actor("lin")))
        said = answer.json()
        assert said["is_valid"]
        assert said["organisation_code"] == "JZ-JL-BC-001"
        assert "林晓梅" not in answer.content.decode()
        assert set(said) == {
            "is_valid", "fault", "organisation_code", "organisation_name", "name", "state",
            "issued_at", "expires_at",
        }  # fmt: skip

    def test_a_revoked_or_forged_card_is_none(self, town, verify):
        shown = card_shown(town.actor("lin"))
        assert verify(shown[:-4] + "AAAA").json()["fault"] == "forged"
        assert verify("anything").json() == verify("something else").json()
        card_lost(town.actor("lin"), town.member("lin"))
        assert verify(shown).json()["fault"] == "revoked"

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"{", "application/json", 400),
            (b"\xff\xfe", "application/json", 400),
            (b"[" * 5000, "application/json", 400),
            (b"{}", "application/json", 422),
            (b'{"card": 5}', "application/json", 422),
            (b'{"card": "a", "more": 1}', "application/json", 422),
            (b'{"card": "a"}', "text/plain", 415),
            (b'{"card": "' + b"a" * 3_000_000 + b'"}', "application/json", 413),
        ],
    )  # fmt: skip
    def test_a_body_that_cannot_be_read_is_a_problem_and_no_failure(
        self, town, client, body, kind, status
    ):
        system, _secret = client_make(town.organisation("binhe"))
        bearer = {"Authorization": f"Bearer {token_make(system)}"}
        answer = client.post("/api/v1/cards/verify", body, kind, headers=bearer)
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


class TestDesk:
    PAGE = "/desk/systems/"

    def test_a_security_administrator_sees_the_systems_in_her_reach(self, town, client):
        client_make(town.organisation("jialing"), name="人社系统")
        client_make(town.organisation("binhe"), name="滨河系统")
        post_make(
            town.account("guo"), town.organisation("jialing"), Role.SECURITY_ADMIN, Reach.BELOW
        )
        sign_in(client, town.account("guo"), second_factor=True)
        page = client.get(self.PAGE).content.decode()
        assert "人社系统" in page
        assert "滨河系统" not in page
        assert "lxs_" not in page

    @pytest.mark.parametrize(("key", "status"), [("lin", 403), ("wang", 403), ("zhao", 403)])
    def test_nobody_else_does(self, town, client, key, status):
        sign_in(client, town.account(key), second_factor=True)
        assert client.get(self.PAGE).status_code == status
        assert client.post(self.PAGE).status_code in {403, 405}

    def test_more_than_a_page_has_a_next(self, town, client):
        for serial in range(51):
            client_make(town.organisation("jialing"), name=f"系统 {serial}")
        post_make(town.account("he"), town.organisation("city"), Role.SECURITY_ADMIN, Reach.BELOW)
        sign_in(client, town.account("he"), second_factor=True)
        page = client.get(self.PAGE)
        assert len(page.context["rows"]) == 50
        following = client.get(self.PAGE, {"after": page.context["page"].next_token})
        assert [row.client.name for row in following.context["rows"]] == ["系统 0"]
        assert "?after=" in page.content.decode()

    def test_the_number_of_questions_does_not_grow_with_the_systems(self, town, client):
        post_make(town.account("he"), town.organisation("city"), Role.SECURITY_ADMIN, Reach.BELOW)
        sign_in(client, town.account("he"), second_factor=True)
        counts = []
        for number in range(2):
            for serial in range(4):
                client_make(town.organisation("jialing"), name=f"系统 {number} {serial}")
            client.get(self.PAGE)
            with CaptureQueriesContext(connection) as queries:
                client.get(self.PAGE)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 16


def test_reading_leaves_no_trace_but_the_token(of):
    of("jialing", LIST)
    actions = set(
        AuditRow.objects.filter(kind__startswith="gateway").values_list("action", flat=True)
    )
    assert actions == {"gateway.client_created", "gateway.token_issued"}
