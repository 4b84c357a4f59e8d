"""The desk of policies: a draft from first word to force, asked by those who may and those who may not."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.accounts.testing import sign_in
from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.models import PolicyDraft, PolicyVersion
from lianxin.eligibility.selectors import drafts
from lianxin.eligibility.selectors.assembling import rows_of
from lianxin.eligibility.tests.test_drafting import (
    MONTHS,
    begun,
    counted,
    hands,
    looser,
    made,
    saved,
    second,
    submitted,
)
from lianxin.jobs.api import run_due
from lianxin.kit import clock

__all__ = ["hands", "made"]
pytestmark = pytest.mark.django_db(transaction=True)


def as_(made, key):
    client = Client()
    if key:
        sign_in(client, made.account(key))
    return client


def typed_in(text):
    """What a form would send as it stands."""
    found = {}
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if (
            name
            and value
            and "csrf" not in name[1]
            and "radio" not in tag
            and "checkbox" not in tag
        ):
            found[name[1]] = value[1]
    return found


@pytest.mark.parametrize("key", ["", "lin", "wang", "zhao"])
def test_others_do_not_come_to_the_desk_of_policies(made, key):
    draft, client = looser(made), as_(made, key)
    version = PolicyVersion.objects.get()
    own = f"/desk/policies/drafts/{draft.pk}"
    for path in ("/desk/policies/", "/desk/policies/new/", f"/desk/policies/versions/{version.pk}/file/", "/desk/policies/of/skill-subsidy/JZ/",
                 *(f"{own}/{end}" for end in ("", "words/", "rule/", "conditions/0/", "examples/", "examples/0/", "try/", "effect/", "review/", "file/"))):  # fmt: skip
        assert client.get(path).status_code in {302, 403, 404}, path
    for end in ("submit/", "publish/", "return/", "settle/", "conditions/", "conditions/0/change/", "examples/0/remove/"):  # fmt: skip
        assert client.get(f"{own}/{end}").status_code in {302, 403, 405}, end
        assert client.post(f"{own}/{end}", {"act": "drop", "revision": 1}).status_code in {
            302,
            403,
            404,
        }, end
    draft.refresh_from_db()
    assert draft.state == "open"


def test_every_page_of_the_editor_opens(made, django_assert_max_num_queries):
    draft, client = looser(made), as_(made, "he")
    counted(made, draft, "he")
    for path in ("/desk/policies/", "/desk/policies/new/", "/desk/policies/of/skill-subsidy/JZ/", *(f"/desk/policies/drafts/{draft.pk}/{end}" for end in (
        "", "words/", "rule/", "rule/?fact=insured_months", "rule/?fact=certificate_on", "rule/?fact=certificate_level", "conditions/0/",
        "examples/", "examples/0/", "try/", "effect/", "review/"))):  # fmt: skip
        with django_assert_max_num_queries(14):
            assert client.get(path).status_code == 200, path


def test_a_rule_wrongly_written_is_pointed_at_while_it_is_typed(made):
    client = as_(made, "he")
    text = client.post("/desk/policies/check/", {"rule": "is_member\nAND insured_monts >= 6", "amount": ""}).content.decode()  # fmt: skip
    line, pointer = re.search(r'<code class="pointed">([^\n]*)\n([^<]*)</code>', text).groups()
    assert line == "AND insured_monts &gt;= 6"
    assert pointer == "    " + "^" * len("insured_monts")
    assert "insured_months" in text
    text = client.post("/desk/policies/check/", {"rule": "is_member AND insured_months >= 6"}).content.decode()  # fmt: skip
    assert "失业保险缴费月数" in text


def test_a_wrong_rule_is_kept_as_it_was_typed(made):
    draft, client = begun(made), as_(made, "he")
    own = f"/desk/policies/drafts/{draft.pk}"
    answer = client.post(
        f"{own}/rule/", {"revision": 1, "rule": "is_member AND (", "amount": "abc"}
    )
    assert answer.status_code == 302
    assert "is_member AND (" in client.get(f"{own}/rule/").content.decode()
    text = client.get(f"{own}/").content.decode()
    assert "is_member AND (" in text
    assert "^" in text
    for end in ("try/", "effect/", "review/", "file/", "examples/", "examples/0/"):
        assert client.get(f"{own}/{end}").status_code == 200, end
    assert client.post(f"{own}/try/", {"insured_months": "3"}).status_code == 200
    assert (
        client.post(f"{own}/conditions/0/change/", {"revision": 2, "act": "remove"}).status_code
        == 302
    )
    assert client.post(
        f"{own}/conditions/", {"revision": 2, "fact": "is_front_line", "sign": "yes", "beside": ""}
    ).status_code in {200, 302}


def test_a_colleague_who_was_faster_is_noticed_and_nothing_typed_is_lost(made):
    draft, client = begun(made), as_(made, "he")
    page = f"/desk/policies/drafts/{draft.pk}/rule/"
    opened = typed_in(client.get(page).content.decode())
    assert opened["revision"] == "1"
    saved(made, draft, helps={"en": "Hers", "zh_Hans": "她的"})
    sent = {"revision": opened["revision"], "rule": "is_member", "amount": ""}
    answer = client.post(page, sent)
    text = answer.content.decode()
    assert "同事" in text
    assert typed_in(text)["revision"] == "2"
    assert client.post(page, sent | {"revision": "2"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.typed["rule"], draft.typed["helps"]["zh_Hans"]) == ("is_member", "她的")


def test_conditions_are_put_together_without_writing(made):
    draft, client = begun(made), as_(made, "he")
    own = f"/desk/policies/drafts/{draft.pk}"

    def add(**typed):
        draft.refresh_from_db()
        return client.post(
            f"{own}/conditions/", {"revision": draft.revision, "beside": "", **typed}
        )

    assert add(fact="is_front_line", sign="no").status_code == 302
    assert add(fact="birth_on", sign="within", count="35", unit="years").status_code == 302
    assert (
        add(
            fact="own_income_fen", sign="<", value="", than="minimum_wage_fen", beside="5"
        ).status_code
        == 302
    )
    assert (
        add(fact="child_schooling", sign="not in", value=["none", "preschool"]).status_code == 302
    )
    assert add(fact="insured_months", sign=">=", value="").status_code == 200
    assert add(fact="nothing", sign="yes").status_code == 404
    draft.refresh_from_db()
    added = draft.typed["rule"].split("\n")[-3:]
    assert added == [
        "AND NOT is_front_line",
        "AND (birth_on > years_before(as_of, 35) OR own_income_fen < minimum_wage_fen)",
        "AND NOT child_schooling IN ('none', 'preschool')",
    ]
    found = drafts.read(draft)
    assert found.policy is not None
    assert len(found.policy.conditions) == len(draft.typed["rule"].split("AND "))
    assert (
        client.post(
            f"{own}/conditions/4/change/", {"revision": draft.revision, "act": "turn"}
        ).status_code
        == 302
    )
    draft.refresh_from_db()
    assert "AND is_front_line" in draft.typed["rule"]
    client.post(f"{own}/conditions/4/change/", {"revision": draft.revision, "act": "remove"})
    draft.refresh_from_db()
    assert "is_front_line" not in draft.typed["rule"]
    assert len(draft.typed["conditions"]) == len(rows_of(draft.typed))


def test_words_examples_and_trying(made):
    draft, client = begun(made), as_(made, "he")
    own = f"/desk/policies/drafts/{draft.pk}"
    sent = typed_in(client.get(f"{own}/words/").content.decode()) | {
        "title_zh": "新题目",
        "title_en": "New",
        "helps_zh": "帮",
        "helps_en": "Helps",
        "purpose": "skills",
        "cap": "不知道",
        "once": "",
        "valid_from": "",
    }
    assert client.post(f"{own}/words/", sent).status_code == 302
    draft.refresh_from_db()
    assert draft.typed["gives"]["cap_fen"] == "不知道"
    assert drafts.read(draft).policy is None
    saved(
        made,
        draft,
        valid_from="2026-07-22",
        gives={"what": {"en": "A sum", "zh_Hans": "补贴"}, "amount": "100000"},
    )
    draft.refresh_from_db()
    person = {
        "revision": draft.revision,
        "name": "小李",
        "outcome": "no",
        "as_of": "",
        "amount": "",
        "certificate_level": "4",
        "insured_months": "3",
    }
    assert client.post(f"{own}/examples/", person).status_code == 302
    assert "小李" in client.get(f"{own}/").content.decode()
    draft.refresh_from_db()
    assert draft.typed["examples"][-1]["facts"] == {"certificate_level": "4", "insured_months": 3}
    client.post(f"{own}/examples/3/remove/", {"revision": draft.revision})
    draft.refresh_from_db()
    assert len(draft.typed["examples"]) == 3
    client.post(
        f"{own}/conditions/1/",
        {
            "revision": draft.revision,
            "code": "insured-new",
            "met_zh": "好",
            "papers_zh": "证\n单",
            "papers_en": "one\ntwo",
        },
    )
    draft.refresh_from_db()
    assert draft.typed["conditions"][1]["met"]["zh_Hans"] == "好"
    assert [
        each["label"]["en"] for each in draft.typed["papers"] if each["condition"] == "insured-new"
    ] == ["one", "two"]


def test_trying_keeps_nothing(made):
    draft, client = begun(made), as_(made, "he")
    text = client.post(
        f"/desk/policies/drafts/{draft.pk}/try/",
        {
            "certificate_level": "4",
            "insured_months": "3",
            "certificate_on": "2026-07-01",
            "skill_subsidy_granted_for_it": "no",
        },
    ).content.decode()
    assert "不符合" in text
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_file_goes_out_and_comes_in_as_it_was(made, tmp_path):
    version, client = PolicyVersion.objects.get(), as_(made, "he")
    answer = client.get(f"/desk/policies/versions/{version.pk}/file/")
    written = tmp_path / "out.yaml"
    written.write_bytes(answer.content)
    policy, findings = yaml_files.load(written)
    shipped, _none = yaml_files.load(yaml_files.DATA / "policies" / "skill-subsidy-2026.yaml")
    assert (policy, findings) == (shipped, [])
    taken = client.post(
        "/desk/policies/import/",
        {"file": SimpleUploadedFile("out.yaml", answer.content.replace(b">= 12", b">= 6"))},
    )
    assert taken.status_code == 302
    draft = PolicyDraft.objects.get()
    assert "insured_months >= 6" in draft.typed["rule"]
    for wrong in (
        b"\xff\xfe",
        b"gives: [",
        b"code: x\n",
        answer.content.replace(b"region: JZ", b"region: XX"),
    ):
        assert (
            client.post(
                "/desk/policies/import/", {"file": SimpleUploadedFile("x.yaml", wrong)}
            ).status_code
            == 200
        )
    assert client.get(f"/desk/policies/drafts/{draft.pk}/file/").status_code == 200
    assert PolicyDraft.objects.count() == 1


def test_the_way_into_force_over_the_pages(made):
    draft, author = looser(made), as_(made, "he")
    second(made)
    own = f"/desk/policies/drafts/{draft.pk}"
    assert "disabled" in author.get(f"{own}/review/").content.decode()
    assert author.post(f"{own}/effect/", {"act": "count"}).status_code == 302
    run_due()
    text = author.get(f"{own}/effect/").content.decode()
    assert "*" in text
    review = author.get(f"{own}/review/").content.decode()
    assert "<del>" in review
    draft.refresh_from_db()
    assert (
        author.post(f"{own}/submit/", {"revision": draft.revision, "reason": ""}).status_code == 200
    )
    assert (
        author.post(
            f"{own}/submit/", {"revision": draft.revision, "reason": "六个月就够了"}
        ).status_code
        == 302
    )
    assert (
        author.post(
            f"{own}/publish/", {"revision": draft.revision, "starts_on": clock.today()}
        ).status_code
        == 200
    )
    xu = as_(made, "xu")
    assert "六个月就够了" in xu.get(f"{own}/review/").content.decode()
    assert (
        xu.post(
            f"{own}/publish/", {"revision": draft.revision, "starts_on": "2026-01-01"}
        ).status_code
        == 200
    )
    for _tap in range(2):
        assert (
            xu.post(
                f"{own}/publish/",
                {"revision": draft.revision, "starts_on": clock.today().isoformat()},
            ).status_code
            == 302
        )
    assert PolicyVersion.objects.get(is_current=True).version == 2
    assert MONTHS not in PolicyVersion.objects.get(is_current=True).content["rule"]


def test_it_can_be_sent_back_and_taken_back(made):
    draft = submitted(made)
    second(made)
    own = f"/desk/policies/drafts/{draft.pk}"
    xu, he = as_(made, "xu"), as_(made, "he")
    assert xu.post(f"{own}/return/", {"words": ""}).status_code == 200
    assert xu.post(f"{own}/return/", {"words": "请补依据"}).status_code == 302
    assert "请补依据" in he.get(f"{own}/").content.decode()
    assert he.post(f"{own}/settle/", {"act": "drop"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "dropped"
