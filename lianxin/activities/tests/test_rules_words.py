"""Words and questions: plain lines become blocks, and nobody is asked what is nobody's business."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.activities.rules.changes import changes
from lianxin.activities.rules.groups import (
    Companion,
    Details,
    Group,
    GroupError,
    check,
    companions_of,
)
from lianxin.activities.rules.maps import map_links, search_link
from lianxin.activities.rules.questions import (
    Ask,
    Question,
    QuestionError,
    answer_of,
    faults,
    plain_of,
    questions_of,
)
from lianxin.activities.rules.states import MOVES, Move, MoveError, State, moved
from lianxin.activities.rules.words import Shape, blocks_of, first_line
from lianxin.activities.selectors.kinds import kinds, kinds_read, templates


@given(st.text(max_size=400))
def test_no_line_is_lost_and_none_is_made_up(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for block in blocks_of(text) for line in block.lines]
    assert len(told) == len(lines)
    assert all(line.endswith(said) for line, said in zip(lines, told, strict=True))


def test_plain_lines_become_paragraphs_lists_and_headings():
    text = "# 安排\n先热身。\n再打球。\n\n第二段\n- 水\n· 鞋\n1. 签到\n2、分组\n-5 度也办\n3.5 公里"
    shapes = [(block.shape, len(block.lines)) for block in blocks_of(text)]
    assert shapes == [
        (Shape.HEADING, 1), (Shape.PARAGRAPH, 2), (Shape.PARAGRAPH, 1), (Shape.BULLETS, 2),
        (Shape.NUMBERS, 2), (Shape.PARAGRAPH, 2),
    ]  # fmt: skip
    assert first_line(text) == "先热身。"
    assert first_line("长" * 300).endswith("…")


@pytest.mark.parametrize(
    "label",
    ["您的身高体重", "请上传一张照片", "您的宗教信仰", "政治面貌", "月收入", "有房有车吗", "身份证号", "银行卡号",
     "有没有病史", "您怀孕了吗", "颜值自评", "星座", "Your height", "religion", "Monthly income", "A selfie please"],
)  # fmt: skip
def test_nobody_is_asked_for_looks_belief_means_health_or_papers(label):
    assert ("q", "forbidden") in faults([Question("q", label)])
    hidden = Question("q", "再说一点", ask=Ask.CHOICE, options=("好", label))
    assert ("q", "forbidden") in faults([hidden])


@pytest.mark.parametrize(
    "label", ["衣服尺码", "吃辣吗", "会打羽毛球吗", "怎么来", "几点到", "Size of the shirt"]
)
def test_honest_questions_pass(label):
    assert faults([Question("q", label)]) == []


def test_questions_are_few_different_and_whole():
    assert ("", "many") in faults([Question(f"q{n}", "好吗") for n in range(9)])
    assert ("a", "twice") in faults([Question("a", "好吗"), Question("a", "行吗")])
    assert ("a", "options") in faults([Question("a", "选", ask=Ask.CHOICE, options=("一",))])
    assert ("A b", "code") in faults([Question("A b", "好吗")])
    assert ("a", "range") in faults([Question("a", "几", ask=Ask.NUMBER, least=5, most=1)])
    assert ("a", "fact") in faults([Question("a", "单位", fact="id_number")])


def test_questions_come_back_as_they_were_stored():
    asked = [
        Question("size", "尺码", ask=Ask.CHOICE, options=("M", "L")),
        Question("a", "备注", is_required=False),
    ]
    assert questions_of(plain_of(asked)) == asked


def test_answers_are_read_by_their_kind():
    number = Question("n", "几", ask=Ask.NUMBER, least=1, most=5)
    assert answer_of(number, " 3 ") == 3
    assert answer_of(Question("y", "来吗", ask=Ask.YES_NO), "") is False
    assert answer_of(Question("y", "来吗", ask=Ask.YES_NO), "on") is True
    assert answer_of(Question("t", "备注", is_required=False), "  ") is None
    for question, typed, what in (
        (number, "9", "range"), (number, "-1", "number"), (number, "３", "number"), (number, "", "required"),
        (Question("c", "选", ask=Ask.CHOICE, options=("一", "二")), "三", "option"),
        (Question("t", "说"), "长" * 301, "long"),
    ):  # fmt: skip
        with pytest.raises(QuestionError) as refused:
            answer_of(question, typed)
        assert refused.value.what == what


def test_companions_are_counted_and_checked():
    found = companions_of([("小宝", "7"), ("", ""), (" 妈妈 ", "")])
    assert found == (Companion("小宝", 7), Companion("妈妈"))
    details = Details(companions=found, answers={"size": "L"})
    assert details.size == 3
    assert Details.read(details.written()) == details
    assert Details.read("") == Details()
    for rows, what in (([("", "7")], "name"), ([("a", "200")], "age"), ([("a", "x")], "age"), ([("a", "1"), ("a", "1")], "twice"), ([("a" * 41, "")], "name")):  # fmt: skip
        with pytest.raises(GroupError) as refused:
            companions_of(rows)
        assert refused.value.what == what


def test_a_group_fits_or_is_told_why_not():
    three = Details(companions=(Companion("a"), Companion("b")))
    check(Group.FAMILY, three, least=1, most=4)
    for group, details, least, most, what in (
        (Group.ALONE, three, 1, 1, "many"), (Group.TEAM, three, 2, 5, "team"), (Group.FAMILY, three, 4, 6, "few"),
        (Group.FAMILY, three, 1, 2, "many"), (Group.UNION, Details(people=60), 1, 50, "many"),
    ):  # fmt: skip
        with pytest.raises(GroupError) as refused:
            check(group, details, least=least, most=most)
        assert refused.value.what == what


def test_only_what_people_must_know_counts_as_a_change():
    before = {"place": "一号馆", "bring": "水", "words": "旧"}
    assert list(changes(before, before | {"words": "新"})) == []
    told = list(changes(before, before | {"bring": "水和鞋", "place": "二号馆"}))
    assert [one.name for one in told] == ["place", "bring"]


@pytest.mark.parametrize("move", Move)
def test_a_step_leads_only_from_where_it_begins(move):
    sources, after = MOVES[move]
    for state in State:
        if state in sources:
            assert moved(state, move) is after
        else:
            with pytest.raises(MoveError):
                moved(state, move)


def test_the_file_of_kinds_is_whole():
    assert all(template.kind in kinds() for template in templates().values())
    assert len(kinds()) >= 10


def test_a_file_of_kinds_with_a_mistake_is_not_read():
    kind = b"{code: a, label: {en: A, zh_Hans: A}, icon: run, tone: red}"
    template = b"{code: t, kind: b, label: {en: T, zh_Hans: T}, title: T}"
    with pytest.raises(ValueError, match="a stands twice"):
        kinds_read(b"kinds: [" + kind + b", " + kind + b"]\ntemplates: []")
    with pytest.raises(ValueError, match="no known kind"):
        kinds_read(b"kinds: [" + kind + b"]\ntemplates: [" + template + b"]")


def test_links_to_maps_say_their_datum():
    links = {one.code: one.url for one in map_links((29.5, 106.5), "驿站", "柳荫路 8 号")}
    assert links["geo"].startswith("geo:29.500000,106.500000?")
    assert "coordinate=wgs84" in links["amap"]
    assert "106.500000%2C29.500000" in links["amap"]
    assert "coord_type=wgs84" in links["baidu"]
    assert "%E6%9F%B3" in search_link("驿站", "柳荫路 8 号")
