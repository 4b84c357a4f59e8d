"""Applying in three screens: nothing known is asked, nothing typed is lost, two taps make one case."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lianxin.accounts.testing import sign_in
from lianxin.catalogue.models import Draft
from lianxin.catalogue.testing import PDF, offer_of, told
from lianxin.files.api import files_of
from lianxin.jobs.testing import settle
from lianxin.members.api import consent_given
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import ID_NUMBER

CODE = "education-subsidy"
MISSING = {
    "contract_until": "",
    "degree": "college",
    "school": "嘉州开放大学",
    "graduated_on": "2025-07-01",
    "diploma_number": "1234567890",
    "bank_name": "工商银行",
    "bank_account": "6222 0200 0000 0000 000",
}


def _start(client, code=CODE, agreed=("finance", "notices"), **other):
    ticks = {f"agree-{purpose}": "on" for purpose in agreed}
    return client.post(reverse("catalogue:apply_start", args=[code]), {**ticks, **other})


def _known(client, draft, **changed):
    page = client.get(reverse("catalogue:apply_known", args=[draft.pk]))
    form = page.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    version = page.context["found"].offer.version_id
    return client.post(page.request["PATH_INFO"], {**typed, "version": version, **changed})


def _missing(client, draft, *, papers=True, **changed):
    files = {"paper-diploma": SimpleUploadedFile("毕业证.pdf", PDF)} if papers else {}
    typed = {**MISSING, "version": str(offer_of(CODE).version_id), "send": "1", **files, **changed}
    return client.post(reverse("catalogue:apply_missing", args=[draft.pk]), typed)


def _draft():
    return Draft.objects.get(sent_at=None)


def test_three_screens_and_it_is_sent_with_a_day_and_a_name(town, lin):
    started = _start(lin)
    draft = _draft()
    assert started.url == reverse("catalogue:apply_known", args=[draft.pk])
    known = lin.get(started.url).content.decode()
    assert "扬子机械厂" in known
    assert "工会报送的会员名册" in known  # where it comes from
    assert _known(lin, draft).url == reverse("catalogue:apply_missing", args=[draft.pk])
    page = lin.get(reverse("catalogue:apply_missing", args=[draft.pk])).content.decode()
    assert 'name="employer"' not in page
    sent = _missing(lin, draft)
    assert sent.url == reverse("catalogue:apply_sent", args=[draft.pk])
    dossier = Dossier.objects.get()
    said = lin.get(sent.url).content.decode()
    assert dossier.number in said
    assert "扬子机械厂工会" in said
    assert dossier.applicant_id == town.account_id("lin")


def test_nobody_starts_without_signing_in(town, client):
    answer = client.get(reverse("catalogue:apply_start", args=[CODE]))
    assert answer.status_code == 302
    assert reverse("accounts:sign_in") in answer.url


def test_a_consent_is_asked_in_one_sentence_and_never_ticked_beforehand(town, lin):
    page = lin.get(reverse("catalogue:apply_start", args=[CODE])).content.decode()
    assert "核定帮扶并发放款项" in page
    assert "checked" not in page.split("<main", 1)[1]
    refused = _start(lin, agreed=("finance",))
    assert refused.status_code == 200
    assert "agree-notices" in refused.context["form"].errors
    assert not Draft.objects.exists()
    assert not consent_given(town.account_id("lin"), "finance")
    _start(lin)
    assert consent_given(town.account_id("lin"), "finance")
    assert not consent_given(town.account_id("lin"), "service")
    again = lin.get(reverse("catalogue:apply_start", args=[CODE])).content.decode()
    assert "核定帮扶并发放款项" not in again


def test_a_childs_data_need_the_name_of_a_guardian(town, lin):
    refused = _start(lin, "childcare-place", agreed=("child",), guardian_name=" ")
    assert "guardian_name" in refused.context["form"].errors
    assert (
        _start(lin, "childcare-place", agreed=("child",), guardian_name="林晓梅").status_code == 302
    )


def test_two_taps_make_one_case(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft)
    first, second = _missing(lin, draft), _missing(lin, draft)
    assert first.url == second.url == reverse("catalogue:apply_sent", args=[draft.pk])
    assert Dossier.objects.count() == 1
    settle()
    assert lin.get(first.url).status_code == 200
    assert _missing(lin, draft).url == first.url


def test_beginning_twice_is_one_draft(town, lin):
    assert _start(lin).url == _start(lin).url
    assert Draft.objects.count() == 1


def test_bad_input_is_said_at_its_place_and_nothing_typed_is_lost(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft)
    page = _missing(lin, draft, papers=False, graduated_on="七月", bank_account="12", school="嘉大")
    assert page.status_code == 200
    assert {"graduated_on", "bank_account"} <= set(page.context["form"].errors)
    html = page.content.decode()
    assert "七月" in html
    assert "嘉大" in html
    later = lin.get(reverse("catalogue:apply_missing", args=[draft.pk])).content.decode()
    assert "七月" in later
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "'; DROP TABLE x; --", "\u202eabc\x00", "{{ 7*7 }}", "😀" * 60],
)
def test_hostile_text_is_only_text(town, lin, text):
    _start(lin)
    draft = _draft()
    _known(lin, draft)
    answer = _missing(lin, draft, school=text)
    assert answer.status_code in {200, 302}
    page = lin.get(reverse("catalogue:apply_missing", args=[draft.pk]), follow=True)
    assert "<script>alert" not in page.content.decode()
    assert "49" not in page.content.decode().split("id_school", 1)[-1][:120]


def test_a_wrong_file_gets_a_sentence_and_the_good_one_stays(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft)
    wrong = SimpleUploadedFile("virus.exe", b"MZ\x90\x00" * 50)
    page = _missing(
        lin, draft, papers=False, **{"paper-diploma": [SimpleUploadedFile("a.pdf", PDF), wrong]}
    )
    assert page.status_code == 200
    html = page.content.decode()
    assert "virus.exe" in html
    assert "a.pdf" in html
    assert [file.kind for file in files_of("catalogue.draft", draft.pk)] == ["pdf"]
    assert _missing(lin, draft, papers=False).status_code == 302


def test_a_file_can_be_taken_out_again(town, lin):
    _start(lin)
    draft = _draft()
    _missing(lin, draft, upload="1")
    (file,) = files_of("catalogue.draft", draft.pk)
    _missing(lin, draft, papers=False, drop=str(file.pk))
    assert not files_of("catalogue.draft", draft.pk)
    assert _missing(lin, draft, papers=False, drop="nonsense").status_code == 404


def test_the_papers_of_a_draft_are_its_writers_alone(town, lin, client):
    _start(lin)
    draft = _draft()
    _missing(lin, draft, upload="1")
    page = lin.get(reverse("catalogue:apply_missing", args=[draft.pk]))
    link = page.context["form"].papers[0].files[0]["url"]
    assert lin.get(link).status_code == 200
    for who in ("wang", "zhao"):
        sign_in(lin, town.account(who))
        assert lin.get(link).status_code in {403, 404, 410}


def test_a_draft_is_its_writers_alone(town, lin):
    _start(lin)
    draft = _draft()
    for who in ("wang", "zhao"):
        sign_in(lin, town.account(who))
        for name in ("apply_known", "apply_missing", "apply_sent"):
            assert lin.get(reverse(f"catalogue:{name}", args=[draft.pk])).status_code == 404
        assert lin.post(reverse("catalogue:draft_drop", args=[draft.pk])).status_code == 404
    assert Draft.objects.count() == 1


def test_the_wrong_verb_is_refused(town, lin):
    _start(lin)
    draft = _draft()
    assert lin.get(reverse("catalogue:draft_drop", args=[draft.pk])).status_code == 405
    assert lin.post(reverse("catalogue:apply_sent", args=[draft.pk])).status_code == 405
    assert lin.delete(reverse("catalogue:apply_missing", args=[draft.pk])).status_code == 405
    assert lin.post(reverse("catalogue:service_page", args=[CODE])).status_code == 405


def test_a_draft_survives_signing_out_and_is_kept_for_later(town, lin):
    _start(lin)
    draft = _draft()
    assert _missing(lin, draft, papers=False, later="1").status_code == 302
    lin.logout()
    sign_in(lin, town.account("lin"), second_factor=False)
    assert (
        "嘉州开放大学"
        in lin.get(reverse("catalogue:apply_missing", args=[draft.pk])).content.decode()
    )
    assert (
        reverse("catalogue:apply_known", args=[draft.pk])
        in lin.get(reverse("catalogue:service_page", args=[CODE])).content.decode()
    )


def test_a_draft_is_sealed_in_the_database(town, lin):
    _start(lin)
    _missing(lin, _draft(), papers=False, later="1")
    row = Draft.objects.values().get()
    assert "嘉州开放大学" not in str(row)
    assert ID_NUMBER not in str(row)


def test_a_draft_can_be_thrown_away_files_and_all(town, lin):
    _start(lin)
    draft = _draft()
    _missing(lin, draft, upload="1")
    lin.post(reverse("catalogue:draft_drop", args=[draft.pk]))
    assert not Draft.objects.exists()
    assert not files_of("catalogue.draft", draft.pk)


def test_a_known_answer_that_is_corrected_loses_its_source(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft, employer="长江机床厂")
    _missing(lin, draft)
    kept = Dossier.objects.get().answer_sets.get()
    assert kept.plain["employer"] == "长江机床厂"
    assert "employer" not in kept.sources
    assert "occupation" in kept.sources


def test_an_error_among_the_known_leads_back_there(town, lin):
    _start(lin)
    draft = _draft()
    wrong = _known(lin, draft, employer="")
    assert wrong.status_code == 200
    assert "employer" in wrong.context["form"].errors
    page = _missing(lin, draft)
    assert [one.code for one in page.context["elsewhere"]] == ["employer"]


def test_what_was_told_once_is_known_the_next_time(town, lin):
    _start(lin, agreed=("finance", "notices", "service"))
    draft = _draft()
    _known(lin, draft)
    _missing(lin, draft)
    settle()
    assert Draft.objects.get().answers is None
    _start(lin, "skill-subsidy")
    page = lin.get(reverse("catalogue:apply_known", args=[_draft().pk]))
    known = page.context["found"].known
    assert known["bank_account"] == "6222020000000000000"
    assert known["bank_name"] == "工商银行"


def test_without_the_consent_nothing_is_remembered(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft, occupation="钳工")
    _missing(lin, draft)
    settle()
    town.member("lin").refresh_from_db()
    assert town.member("lin").occupation == "车工"


def test_a_fact_of_another_purpose_is_not_used_without_its_consent(town, lin):
    told(town.actor("lin"), "address", "嘉岭区一路 1 号")
    _start(lin, "temporary-relief", agreed=("finance",))
    page = lin.get(reverse("catalogue:apply_known", args=[_draft().pk]))
    assert "address" not in page.context["found"].known


def test_a_worker_on_no_roll_applies_where_it_is_open_to_everyone(town, client):
    sign_in(client, town.account("tang"), second_factor=False)
    page = client.get(reverse("catalogue:service_page", args=[CODE])).content.decode()
    assert "12351" in page
    assert _start(client).status_code == 200
    assert not Draft.objects.exists()
    assert _start(client, "rights-complaint", agreed=()).status_code == 302
    draft = _draft()
    typed = {
        "name": "唐风", "phone": "13900000000", "employer": "快送公司", "matter": ["pay"],
        "since_on": "2026-10-01", "story": "三个月没发工资", "wish": "pay",
        "version": str(offer_of("rights-complaint").version_id), "send": "1",
    }  # fmt: skip
    sent = client.post(reverse("catalogue:apply_missing", args=[draft.pk]), typed)
    assert sent.url == reverse("catalogue:apply_sent", args=[draft.pk])
    assert Dossier.objects.get().organisation.code == "JZ"


def test_a_table_grows_a_row_at_a_time_without_script(town, lin):
    _start(lin, "school-aid", agreed=("finance", "child", "notices"), guardian_name="林晓梅")
    draft = _draft()
    version = str(offer_of("school-aid").version_id)
    page = lin.get(reverse("catalogue:apply_missing", args=[draft.pk])).content.decode()
    assert 'name="students.0.name"' in page
    rows = {f"students.{at}.name": f"小{at}" for at in range(2)}
    grown = lin.post(
        reverse("catalogue:apply_missing", args=[draft.pk]),
        {**rows, "version": version, "more": "students"},
    )
    assert grown.status_code == 302
    page = lin.get(grown.url).content.decode()
    assert "小1" in page
    assert 'name="students.2.name"' in page


def test_where_one_row_is_all_there_is_none_to_add(town, lin):
    told(
        town.actor("lin"), "children",
        [{"name": name, "birth_on": "2017-05-01"} for name in ("林小溪", "林小河")],
    )  # fmt: skip
    _start(lin, "childcare-place", agreed=("child", "service"), guardian_name="林晓梅")
    page = lin.get(reverse("catalogue:apply_missing", args=[_draft().pk])).content.decode()
    assert 'name="child.0.name"' in page, "which of two children it is for is asked, not guessed"
    assert 'value="child" formnovalidate' not in page


def test_a_union_is_found_by_a_part_of_its_name(town, lin):
    _start(lin, "rights-complaint", agreed=())
    draft = _draft()
    page = lin.get(reverse("catalogue:apply_known", args=[draft.pk])).content.decode()
    assert "扬子机械厂工会" in page  # her own union is known: it will be kept away
    address = reverse("catalogue:apply_known", args=[draft.pk])
    typed = {"name": "林晓梅", "phone": "19900000001", "employer": "江畔酒店"}
    typed |= {"version": str(offer_of("rights-complaint").version_id), "respondent-find": "江畔"}
    refused = lin.post(address, typed)
    assert "江畔酒店工会" in refused.content.decode()
    assert lin.post(address, {**typed, "respondent-find": "江畔酒店工会"}).status_code == 302
    found = lin.get(reverse("catalogue:apply_known", args=[draft.pk])).context["found"]
    assert found.answers["respondent"] == "JZ-BH-JW-001"


def test_a_form_of_unknown_version_is_stale(town, lin):
    _start(lin)
    draft = _draft()
    _known(lin, draft)
    answer = _missing(lin, draft, version=str(uuid.uuid4()))
    assert answer.url == reverse("catalogue:apply_known", args=[draft.pk])
    assert not Dossier.objects.exists()
    assert (
        "嘉州开放大学"
        in lin.get(reverse("catalogue:apply_missing", args=[draft.pk])).content.decode()
    )


def test_no_page_needs_many_queries(town, lin, django_assert_max_num_queries):
    _start(lin)
    draft = _draft()
    for address in (
        reverse("catalogue:service_list"),
        reverse("catalogue:service_page", args=[CODE]),
        reverse("catalogue:apply_start", args=[CODE]),
        reverse("catalogue:apply_known", args=[draft.pk]),
        reverse("catalogue:apply_missing", args=[draft.pk]),
    ):
        with django_assert_max_num_queries(12):
            assert lin.get(address).status_code == 200
