"""The desk of those who manage unions: asked by Lin, Wang, Zhao, chairs and an officer."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.jobs.testing import settle
from lianxin.orgs.models import Affiliation, Organisation, OrganisationChange
from lianxin.orgs.testing import invented_uscc, tree

LIST = reverse("orgs:union_list")


@pytest.fixture
def made(db):
    return tree()


@pytest.fixture
def as_(made):
    def client_of(key: str) -> Client:
        client = Client()
        sign_in(client, made.account(key))
        return client

    return client_of


def _page(name: str, *args: object) -> str:
    return reverse(f"orgs:{name}", args=args)


def _new(**more: str) -> dict[str, str]:
    return {"name": "北苍物流园工会", "level": "grassroots", **more}


def test_only_chairs_see_the_desk_of_unions_and_only_what_they_reach(as_):
    assert Client().get(LIST).status_code == 302
    answers = {who: as_(who).get(LIST).status_code for who in ("lin", "zhao", "wang", "sun", "guo")}
    assert answers == {"lin": 403, "zhao": 403, "wang": 404, "sun": 404, "guo": 200}
    guo = as_("guo")
    assert guo.get(_page("union", "JZ-JL-BC")).status_code == 200
    for code in ("JZ", "JZ-BH", "XX"):
        assert guo.get(_page("union", code)).status_code == 404
    assert guo.post(LIST).status_code == 405


@pytest.mark.parametrize("typed", ["扬子", "yangzi", "JZ-JL-BC-0", "机械"])
def test_a_union_is_found_by_name_pinyin_or_number(as_, typed):
    assert "扬子机械厂工会" in as_("guo").get(LIST, {"q": typed}).content.decode()
    assert "江畔" not in as_("guo").get(LIST, {"q": "江"}).content.decode()


def test_the_lists_keep_within_their_queries(as_, made, django_assert_max_num_queries):
    he = as_("he")
    for address in (LIST, _page("union", "JZ-JL-BC-001"), f"{LIST}?q=jia"):
        with django_assert_max_num_queries(12):
            assert he.get(address).status_code == 200


def test_a_union_is_founded_with_the_next_number_and_a_second_tap_founds_none(as_):
    guo, address = as_("guo"), _page("union_found", "JZ-JL-BC")
    typed = _new(employer_uscc=invented_uscc("logistics"), industry_code="g5900")
    assert guo.post(address, typed).status_code == 302
    assert guo.post(address, typed).status_code == 302
    made = Organisation.objects.get(name="北苍物流园工会")
    assert (made.code, made.industry_code) == ("JZ-JL-BC-002", "G5900")
    assert OrganisationChange.objects.filter(kind="found").count() == 1
    taken = guo.post(address, {**typed, "name": "另一个工会"}).content.decode()
    assert "北苍物流园工会" in taken


def test_wrong_codes_are_told_at_their_field_and_what_was_typed_stays(as_):
    guo, address = as_("guo"), _page("union_found", "JZ-JL-BC")
    for name, wrong in (
        ("employer_uscc", "91440300708461136A"),
        ("division_code", "9900"),
        ("industry_code", "C9999"),
    ):
        answer = guo.post(address, _new(**{name: wrong}))
        assert answer.status_code == 200
        assert name in answer.context["form"].errors
        assert "北苍物流园工会" in answer.content.decode()
    assert guo.post(address, _new(level="district")).context["form"].errors
    assert guo.get(_page("union_found", "JZ-BH")).status_code == 404


def test_a_union_is_renamed_and_its_history_keeps_the_old_name(as_):
    guo, address = as_("guo"), _page("union_edit", "JZ-JL-BC-001")
    typed = {"name": "扬子重工工会", "division_code": "999901", "phone": "12351"}
    assert guo.post(address, typed).status_code == 302
    assert guo.post(address, typed).status_code == 302
    page = guo.get(_page("union", "JZ-JL-BC-001")).content.decode()
    assert "扬子机械厂工会 → 扬子重工工会" in page
    assert list(OrganisationChange.objects.values_list("kind", flat=True)) == ["rename", "details"]
    assert "999901" in Client().get(_page("organisation", "JZ-JL-BC-001")).content.decode()


def test_an_affiliation_stands_beside_the_parent_until_it_ends(as_, made):
    guo, address = as_("guo"), _page("union_affiliate", "JZ-JL-BC-001")
    assert guo.post(address, {"target": "滨河区总工会"}).status_code == 302
    assert guo.post(address, {"target": "JZ-BH"}).status_code == 302
    assert "target" in guo.post(address, {"target": "JZ-JL"}).context["form"].errors
    assert "target" in guo.post(address, {"target": "无"}).context["form"].errors
    one = Affiliation.objects.get()
    public = _page("organisation", "JZ-JL-BC-001")
    assert "滨河区总工会" in Client().get(public).content.decode()
    above = as_("he").get(_page("union", "JZ-BH"))
    assert (above.context["affiliates"], above.context["affiliate_count"]) == (
        [one.organisation],
        1,
    )
    assert as_("wang").post(_page("affiliation_end", "JZ-JL-BC-001", one.pk)).status_code == 404
    assert guo.post(_page("affiliation_end", "JZ-JL-BC-001", one.pk)).status_code == 302
    assert "滨河区总工会" not in Client().get(public).content.decode()


def test_a_move_is_previewed_confirmed_followed_and_done(as_, made):
    he, address = as_("he"), _page("union_change", "JZ-JL-BC", "move")
    preview = he.post(address, {"target": "JZ-BH", "when": "now"})
    assert {one.count for one in preview.context["effects"]} >= {2}
    assert not OrganisationChange.objects.exists()
    sent = {"target": "JZ-BH", "when": "tonight", "confirm": "1"}
    first = he.post(address, sent)
    assert he.post(address, sent).url == first.url
    change = OrganisationChange.objects.get()
    assert as_("lin").get(first.url).status_code == 403
    assert as_("wang").get(first.url).status_code == 404
    assert as_("guo").get(first.url).status_code == 200
    cancel = _page("change_cancel", change.pk)
    assert he.get(cancel).status_code == 405
    assert he.post(cancel).status_code == 302
    change.refresh_from_db()
    assert change.state == "cancelled"
    done = he.post(address, {**sent, "when": "now"})
    settle()
    part = he.get(done.url, headers={"HX-Request": "true"}).content.decode()
    assert "100 %" in part
    assert "<html" not in part
    assert "every 3s" not in part
    he.post(_page("change_cancel", OrganisationChange.objects.latest("made_at").pk))
    assert Organisation.objects.get(code="JZ-JL-BC").parent_path == made.organisation("binhe").path


def test_what_makes_no_sense_is_told_before_it_is_confirmed(as_):
    he = as_("he")
    for target in ("JZ-JL", "JZ-JL-BC-001", "nichts", ""):
        answer = he.post(
            _page("union_change", "JZ-JL-BC", "move"), {"target": target, "when": "now"}
        )
        assert "target" in answer.context["form"].errors, target
    guo = as_("guo")
    outside = guo.post(
        _page("union_change", "JZ-JL-BC", "move"), {"target": "JZ-BH", "when": "now"}
    )
    assert "target" in outside.context["form"].errors
    assert guo.get(_page("union_change", "JZ-JL", "close")).status_code == 404
    assert guo.get(_page("union_change", "JZ-JL-BC", "burn")).status_code == 404


def test_a_union_closes_from_the_desk_and_its_public_page_says_so(as_):
    guo, address = as_("guo"), _page("union_change", "JZ-JL-BC-001", "close")
    assert guo.get(address).status_code == 200
    guo.post(address, {"when": "now", "confirm": "1"})
    settle()
    assert Organisation.objects.get(code="JZ-JL-BC-001").state == "closed"
    assert Client().get(_page("organisation", "JZ-JL-BC-001")).status_code == 200
    assert as_("wang").get(LIST).status_code == 403
