"""Lin finds her name spelt wrong, taps it, and her union puts it right; both see where it stands."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lianxin.members.models import Member
from lianxin.ui.testing import Look, overflow, too_small
from tests.journeys.test_looks import english_in

LARGE = Look(360, "dark", "large")


@pytest.mark.parametrize("look", [Look(), LARGE], ids=str)
def test_a_wrong_name_is_put_right(stage, look):
    lin = stage.person("lin", look)
    lin.goto("/me/facts/")
    _right(stage, lin, look, "facts")
    lin.get_by_role("link", name=re.compile("姓名.*林晓梅")).click()
    lin.get_by_label("正确的姓名").fill("林小梅")
    lin.get_by_label("怎么回事").fill("登记时写错了一个字。")
    _right(stage, lin, look, "ask")
    lin.get_by_role("button", name="申请更正").click()
    expect(lin.get_by_text("请上传一张证件照片")).to_be_visible()
    lin.get_by_label("是", exact=True).check()
    expect(lin.get_by_label("正确的姓名")).to_have_value("林小梅")
    lin.get_by_role("button", name="申请更正").click()
    expect(lin.get_by_role("heading", name="我们收到了")).to_be_visible()
    _right(stage, lin, look, "sent")
    stage.work()
    lin.goto("/me/facts/")
    expect(lin.get_by_text(re.compile("已申请更正，最晚 .*答复"))).to_be_visible()
    _right(stage, lin, look, "facts-asked")

    wang = stage.person("wang", look)
    wang.goto("/desk/")
    wang.get_by_role("link", name=re.compile("更正会员信息")).first.click()
    expect(wang.get_by_text("名册上现在是：姓名")).to_be_visible()
    _right(stage, wang, look, "desk")
    wang.get_by_label("当面看的证件").check()
    wang.get_by_role("button", name=re.compile("同意|批准|通过")).first.click()
    stage.work()

    assert Member.objects.get(pk=stage.town.member_id("lin")).name == "林小梅"
    lin.goto("/me/facts/")
    expect(lin.get_by_text("林小梅")).to_be_visible()
    expect(lin.get_by_text(re.compile("应您的申请，工会核对后更正"))).to_be_visible()


def test_a_new_number_is_taken_over_without_script(stage):
    Member.objects.filter(pk=stage.town.member_id("lin")).update(phone_index="other")
    lin = stage.person("lin", script=False)
    lin.goto("/me/facts/")
    lin.get_by_role("link", name=re.compile("手机号")).first.click()
    lin.get_by_role("button", name="把登录用的号码登记到名册").click()
    expect(lin.get_by_text("改好了，以后工会打这个号码找您。")).to_be_visible()
    again = stage.person("lin")
    again.goto("/me/number/")
    _right(stage, again, Look(), "number")


def _right(stage, page, look: Look, name: str) -> None:
    stage.show(page, f"correction-{name}-{look}")
    assert not overflow(page)
    sizes = (60, 18) if look.size == "large" else (44, 12)
    assert not too_small(page, *sizes)
    assert not english_in(page)
