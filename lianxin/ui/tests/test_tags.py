"""The tags draw what pages rely on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from lianxin.kit import clock
from lianxin.kit.paging import Page
from lianxin.ui.fields import MoneyField
from lianxin.ui.gallery import SampleForm
from lianxin.ui.templatetags import ui

NOON = dt.datetime(2026, 11, 26, 4, 0, tzinfo=dt.UTC)


def draw(text, **context):
    return Template(text).render(Context(context))


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 11, 22, tzinfo=dt.UTC))


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "11月26日 周四"), ("en", "Thu 26 Nov")])
def test_a_day_is_said_as_people_say_it(language, said):
    with translation.override(language):
        assert ui.day(NOON) == said
        assert ui.day(NOON.date()) == said
        assert ui.daytime(NOON) == f"{said} 12:00"


def test_a_day_of_another_year_names_the_year():
    with translation.override("zh-hans"):
        assert ui.day(dt.date(2027, 1, 4)) == "2027年1月4日 周一"
    with translation.override("en"):
        assert ui.day(dt.date(2027, 1, 4)) == "Mon 4 Jan 2027"


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "2026年11月26日"), ("en", "26 November 2026")]
)
def test_a_paper_always_names_the_year(language, said):
    with translation.override(language):
        assert ui.dated(NOON) == said
        assert ui.dated(None) == ""


def test_a_late_evening_in_utc_is_the_next_day_in_beijing():
    with translation.override("en"):
        assert ui.day(dt.datetime(2026, 11, 26, 17, tzinfo=dt.UTC)) == "Fri 27 Nov"


@pytest.mark.parametrize(
    ("fen", "said"), [(600000, "6,000"), (123450, "1,234.50"), (-5, "−0.05"), (0, "0"), (None, "")]
)
def test_money_is_written_plainly(fen, said):
    assert ui.yuan(fen) == said


def test_nothing_is_said_of_no_day():
    assert (ui.day(None), ui.daytime(None), ui.clocktime(None), ui.isoday(None)) == ("",) * 4


def test_an_icon_without_a_label_is_decoration():
    assert 'aria-hidden="true"' in ui.icon("heart")
    assert 'aria-label="&lt;b&gt;"' in ui.icon("heart", "<b>")


def test_a_field_names_its_hint_source_and_error():
    form = SampleForm({"phone": ""})
    drawn = draw("{% field form.phone source='From your record' %}", form=form)
    assert 'aria-describedby="id_phone_hint id_phone_source id_phone_error"' in drawn
    assert 'id="id_phone_error"' in drawn
    assert 'inputmode="tel"' in drawn
    assert 'autocomplete="tel"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_every_kind_of_field_has_its_label():
    drawn = draw("{% form_fields form %}", form=SampleForm())
    for name in ("name", "phone", "income", "street", "since", "story", "paper", "agreed"):
        assert f'for="id_{name}"' in drawn
    assert drawn.count("<fieldset") == 2
    assert 'type="date"' in drawn


def test_a_group_that_is_wrong_says_so():
    form = SampleForm({})
    drawn = draw("{% field form.kind %}{% error_summary form %}", form=form)
    assert 'id="id_kind_error"' in drawn
    assert 'href="#id_kind_0"' in drawn or 'href="#id_kind_group"' in drawn


def test_the_summary_is_silent_when_all_is_well():
    class Easy(forms.Form):
        word = forms.CharField()

    assert draw("{% error_summary form %}", form=Easy({"word": "yes"})).strip() == ""
    assert 'href="#id_word"' in draw("{% error_summary form %}", form=Easy({}))


def test_hostile_text_stays_text():
    steps = [{"state": "now", "title": "<script>", "note": "<img>"}]
    drawn = draw(
        "{% route steps %}{% bar parts %}{% ring 1 2 '<b>' %}",
        steps=steps,
        parts=[{"label": "<i>", "fen": 5}],
    )
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert "<i>" not in drawn


def test_a_route_says_its_states_in_words_too():
    steps = [{"state": state, "title": "t"} for state in ("done", "now", "late", "ahead")]
    with translation.override("en"):
        drawn = draw("{% route steps %}", steps=steps)
    for word in ("(done)", "(here now)", "(late)", "(still ahead)"):
        assert word in drawn
    assert drawn.count('aria-current="step"') == 2


def test_each_form_gets_its_own_key():
    assert ui.idempotency_key() != ui.idempotency_key()


def test_the_pager_appears_only_while_there_is_more():
    request = RequestFactory().get("/list", {"q": "a"})
    pager = get_template("ui/_pager.html")
    last, first = (Page[Any](rows=[], next_token=token) for token in ("", "abc"))
    assert pager.render({"page": last}, request).strip() == ""
    assert 'href="?q=a&amp;after=abc"' in pager.render({"page": first}, request)


@pytest.mark.parametrize(
    ("typed", "fen"), [("1200", 120000), ("1,234.5", 123450), ("１２００元", 120000), ("", None)]
)
def test_typed_money_becomes_fen(typed, fen):
    assert MoneyField(required=False).clean(typed) == fen


@pytest.mark.parametrize("typed", ["abc", "-1", "1.234", "1e9", "9" * 40])
def test_what_is_no_sum_is_refused_with_a_sentence(typed):
    with pytest.raises(forms.ValidationError):
        MoneyField().clean(typed)


def test_money_sent_back_is_shown_as_it_was_typed():
    class Sum(forms.Form):
        sum = MoneyField()

    assert 'value="abc"' in str(Sum({"sum": "abc"})["sum"])
    assert 'value="12.50"' in str(Sum(initial={"sum": 1250})["sum"])
