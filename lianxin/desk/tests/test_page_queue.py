"""The queue and the team: Wang's own, nothing for Lin, nothing of one another's for Ma."""

from __future__ import annotations

import pytest
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.members.testing import Federation, federation
from lianxin.procedures.api import Confidentiality
from lianxin.procedures.testing import definition_of, dossier_at_step, step_of, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Federation:
    return federation()


def client_of(people: Federation, key: str) -> Client:
    client = Client()
    sign_in(client, people.account(key))
    return client


def test_the_queue_shows_what_waits_with_masked_names(people: Federation) -> None:
    dossier = submitted(people)
    page = client_of(people, "wang").get("/desk/").content.decode()
    assert str(dossier.pk) in page
    assert "林**" in page
    assert "林晓梅" not in page
    assert str(dossier.pk) not in client_of(people, "ma").get("/desk/").content.decode()


@pytest.mark.parametrize("page", ["/desk/", "/desk/team/"])
def test_the_desk_is_for_officers(people: Federation, page: str) -> None:
    assert client_of(people, "lin").get(page).status_code == 403
    assert client_of(people, "zhao").get(page).status_code == 403
    assert Client().get(page).status_code == 302
    assert client_of(people, "wang").post(page).status_code == 405


def test_each_chip_is_a_page_and_an_unknown_one_is_ones_own(people: Federation) -> None:
    dossier = dossier_at_step(people, "decide")
    chen = client_of(people, "chen")
    for chip in ("mine", "late", "today", "waiting", "team", "below", "nonsense"):
        assert chen.get("/desk/", {"chip": chip}).status_code == 200
    assert str(dossier.pk) in chen.get("/desk/", {"chip": "nonsense"}).content.decode()


def test_the_list_alone_is_given_to_htmx(people: Federation) -> None:
    dossier = submitted(people)
    answer = client_of(people, "wang").get(
        f"/desk/?open={dossier.pk}", headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert 'aria-current="true"' in page


def test_several_brings_boxes_to_tick(people: Federation) -> None:
    dossier = submitted(people)
    wang = client_of(people, "wang")
    assert 'type="checkbox"' not in wang.get("/desk/").content.decode()
    assert f'value="{dossier.pk}:{dossier.seq}"' in wang.get("/desk/?several=1").content.decode()


def test_a_broken_page_token_shows_the_first_page(people: Federation) -> None:
    dossier = submitted(people)
    page = client_of(people, "wang").get("/desk/", {"after": "../../x"}).content.decode()
    assert str(dossier.pk) in page


def test_a_long_queue_goes_on_with_a_token(people: Federation) -> None:
    dossiers = [submitted(people) for _ in range(55)]
    wang = client_of(people, "wang")
    first = wang.get("/desk/")
    token = first.context["next_token"]
    second = wang.get("/desk/", {"after": token})
    shown = {row.dossier_id for row in first.context["rows"] + second.context["rows"]}
    assert shown == {dossier.pk for dossier in dossiers}


def test_what_is_sealed_is_in_nobodys_list_and_no_count(people: Federation) -> None:
    sealed = definition_of(
        step_of("meet", "acknowledgement", level="city", roles=["counsellor"]),
        confidentiality=Confidentiality.SEALED,
    )
    submitted(people, definition=sealed)
    for kept_out in ("wang", "sun", "guo", "he", "xu"):
        answer = client_of(people, kept_out).get("/desk/", {"chip": "below"})
        assert answer.context["rows"] == []
        assert not any(chip.count for chip in answer.context["chips"])


def test_the_team_shows_work_and_never_a_mark(people: Federation) -> None:
    submitted(people)
    page = client_of(people, "sun").get("/desk/team/").content.decode()
    assert "孙丽华" in page
    for word in ("分数", "满意度", "排名", "%"):
        assert word not in page


def test_the_team_sees_what_nobody_has_taken(people: Federation) -> None:
    guo = client_of(people, "guo")
    assert "还没有人接" not in guo.get("/desk/team/").content.decode()
    submitted(people, definition=definition_of(step_of("check", level="district")))
    assert "还没有人接" in guo.get("/desk/team/").content.decode()


def test_the_queue_needs_few_queries(people: Federation, django_assert_max_num_queries) -> None:
    for _ in range(50):
        submitted(people)
    for officer in ("wang", "sun"):
        client = client_of(people, officer)
        client.get("/desk/")
        with django_assert_max_num_queries(12):
            assert client.get("/desk/", {"chip": "team"}).status_code == 200
