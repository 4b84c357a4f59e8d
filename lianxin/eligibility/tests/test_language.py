"""What a rule may say, and where it is refused."""

from __future__ import annotations

import pytest
from django.utils import translation

from lianxin.eligibility.rules import writing
from lianxin.eligibility.rules.checking import Kind, Known, check, check_amount
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import RuleError
from lianxin.eligibility.selectors.expressions import checked
from lianxin.eligibility.selectors.telling import message_of

KNOWN = {
    "income_fen": Known(Kind.MONEY),
    "expense_fen": Known(Kind.MONEY),
    "standard_fen": Known(Kind.MONEY, minimum=1, maximum=10_000_000, is_parameter=True),
    "people": Known(Kind.WHOLE, minimum=0, maximum=30),
    "months": Known(Kind.WHOLE, minimum=0, maximum=1_200),
    "ratio": Known(Kind.REAL, minimum=0, maximum=1),
    "birth_on": Known(Kind.DATE),
    "joined_on": Known(Kind.DATE),
    "is_member": Known(Kind.BOOLEAN),
    "form": Known(Kind.CHOICE, choices=frozenset({"contract", "dispatch", "platform"})),
    "level": Known(Kind.CHOICE, choices=frozenset({"junior", "senior"})),
    "city": Known(Kind.TEXT),
}
ACCEPTED = [
    "is_member",
    "NOT is_member",
    "is_member = TRUE",
    "(income_fen - expense_fen) / 12 / people < standard_fen * 2",
    "form IN ('contract', 'platform') AND people BETWEEN 2 AND 9",
    "birth_on <= years_before(as_of, 60) OR joined_on < DATE '2024-02-29'",
    "NOT (form = 'dispatch' OR ratio >= 0.5)",
    "least(income_fen, expense_fen) > 0",
    "city = 'It''s' AND months NOT IN (1, 2) AND people NOT BETWEEN 1 AND 2",
    "income_fen >= 500000",
    "is_member\u3000AND\u00a0people > 1",
]
# rule, the words it is refused at, a piece of the sentence
REFUSED = [
    ("", "", "empty"),
    ("   ", "", "empty"),
    ("income_fen", "income_fen", "yes or no"),
    ("income_fen >", ">", "breaks off"),
    ("incme_fen > 0", "incme_fen", "Did you mean income_fen"),
    ("income_fen > 'x'", "income_fen > 'x'", "cannot be compared"),
    ("income_fen > people", "income_fen > people", "Money"),
    ("income_fen + people > 1", "income_fen + people", "Money"),
    ("income_fen * expense_fen > 1", "income_fen * expense_fen", "Money times money"),
    ("birth_on > 5", "birth_on > 5", "cannot be compared"),
    ("birth_on + 1 > joined_on", "birth_on", "reckoned"),
    ("DATE '2020-13-45' < birth_on", "DATE '2020-13-45'", "no day"),
    ("DATE '2023-02-29' < birth_on", "DATE '2023-02-29'", "no day"),
    ("birth_on < '2020-01-01'", "birth_on < '2020-01-01'", "cannot be compared"),
    ("form = 'contrct'", "'contrct'", "contract"),
    ("form IN ('x')", "'x'", "none of its codes"),
    ("form = level", "form = level", "cannot be compared"),
    ("form < 'contract'", "form < 'contract'", "no order"),
    ("is_member > FALSE", "is_member > FALSE", "no order"),
    ("ratio = 0.5", "ratio = 0.5", "never compared with ="),
    ("income_fen / 3 = 1", "income_fen / 3 = 1", "never compared with ="),
    ("income_fen / 0 > 1", "0", "zero"),
    ("people / ratio > 1", "ratio", "near zero"),
    ("income_fen IS NULL", "IS", "unknown stays unknown"),
    ("is_member IS NOT TRUE", "IS", "unknown stays unknown"),
    ("income_fen > NULL", "NULL", "NULL"),
    ("people IN (1, NULL)", "NULL", "NULL"),
    ("people IN ()", "()", "nobody"),
    ("people IN (months)", "months", "plain values"),
    ("people IN (SELECT 1)", "SELECT", "cannot stand"),
    ("coalesce(income_fen, 0) < 1", "coalesce", "no function"),
    ("now() > birth_on", "now", "no function"),
    ("years_before(birth_on, 3) > birth_on", "years_before", "as_of"),
    ("birth_on < years_before(as_of, 4000)", "4000", "longer than a life"),
    ("city LIKE '%x'", "LIKE", "Patterns"),
    ("people % 2 = 0", "%", "remainder"),
    ("people // 2 > 1", "/", "Whole division"),
    ("1 = 1", "1 = 1", "same for everybody"),
    ("TRUE", "TRUE", "yes or no"),
    ("is_member OR TRUE", "TRUE", "no condition"),
    ("people > 1 > 0", ">", "two values at a time"),
    ("is_member; DROP TABLE members", ";", "semicolon"),
    ("is_member -- and more", "-", "minus"),
    ("is_member /* x */", "*", "value is missing"),
    ("(is_member", "(", "never closed"),
    ("is_member)", ")", "should end here"),
    ("city = 'open", "'", "closing quote"),
    ('"is_member"', '"', "without quotes"),
    ("people > 99999999999999999999", "99999999999999999999", "too large"),
    ("income_fen * 99999999 > 1", "income_fen * 99999999", "too large"),
    ("people AND is_member", "people", "Only conditions"),
    ("NOT people", "people", "Only conditions"),
    ("people BETWEEN 1 OR 2", "OR", "joined by AND"),
    ("is_member\u202e", "\u202e", "not part of rules"),
    ("people = people", "people = people", "same for everybody"),
    ("CASE WHEN is_member THEN 1 END > 0", "END", "ELSE"),
    ("(" * 60 + "is_member" + ")" * 60, None, "deep"),
    ("\u0456s_member", "\u0456", "only looks like i"),
    ("\uff49ncome_fen > 0", "\uff49", "write i"),
    ("i\u017f_member", "\u017f", "only looks like s"),
    ("income_fen \uff1e 0", "\uff1e", "write >"),
    ("people \u2265 3", "\u2265", "write >="),
    ("form = \u2018contract\u2019", "\u2018", "write '"),
    ("is_member\u200b", "\u200b", "not part of rules"),
    ("is_member\0", "\0", "not part of rules"),
    ("\U0001f600", "\U0001f600", "not part of rules"),
    ("people > \u0663", "\u0663", "not part of rules"),
    ("CAST(people AS INT) > 1", "CAST", "no function"),
    ("people::int > 1", ":", "not part of rules"),
    ("EXISTS (SELECT 1 FROM members)", "EXISTS", "no function"),
    ("sum(income_fen) > 1", "sum", "no function"),
    ("row_number() OVER () > 1", "row_number", "no function"),
    ("least(people) > 1", "least", "two values"),
    ("members.people > 1", ".", "not part of rules"),
    ("people > :most", ":", "not part of rules"),
    ("people > ?", "?", "not part of rules"),
    ("{{ people }}", "{", "not part of rules"),
    ("people > 1e400", "e400", "should end here"),
    ("people > 0x10", "x10", "should end here"),
    ("people > 1.2.3", ".", "not part of rules"),
    ("people > 1,5", ",", "should end here"),
    ("people = NaN", "NaN", "no fact"),
    ("people = '3'", "people = '3'", "cannot be compared"),
    ("people IN (1, 'x')", "'x'", "cannot be compared"),
    ("is_member = 1", "is_member = 1", "cannot be compared"),
    ("is_member = 'true'", "is_member = 'true'", "cannot be compared"),
    ("form NOT IN ()", "()", "nobody"),
    ("form IN ('contract') IN ('x')", "IN", "should end here"),
    ("people == 1", "=", "value is missing"),
    ("(people > 1) > 0", "people > 1) > 0", "cannot be compared"),
    ("is_member XOR is_member", "XOR", "should end here"),
    ("city || 'x' = 'y'", "|", "not part of rules"),
    ("birth_on < TIMESTAMP '2020-01-01'", "'2020-01-01'", "should end here"),
    ("birth_on > as_of + INTERVAL '1' DAY", "'1'", "should end here"),
    ("birth_on < DATE '2020-1-1'", "DATE '2020-1-1'", "no day"),
    ("birth_on < DATE '20200101'", "DATE '20200101'", "no day"),
    ("birth_on < DATE '2020-W01-1'", "DATE '2020-W01-1'", "no day"),
    ("birth_on < DATE '0000-01-01'", "DATE '0000-01-01'", "no day"),
    ("people BETWEEN 9 AND 2", "9 AND 2", "smaller first"),
    ("birth_on NOT BETWEEN DATE '2020-02-01' AND DATE '2020-01-01'", "DATE '2020-02-01'", "smaller first"),
    ("income_fen - people / (2 - 2) > 0", "2 - 2", "zero"),
    ("income_fen > 9223372036854775808", "9223372036854775808", "too large"),
    ("income_fen * -9223372036854775808 > 1", "-9223372036854775808", "too large"),
    ("x" * 100_000, None, "at most"),
    ("(" * 3_000 + "is_member", None, "deep"),
    ("NOT " * 900 + "is_member", None, "deep"),
    ("people > " + "1 + " * 900 + "1", None, "at most"),
    ("is_member OR " * 300 + "is_member", None, "at most"),
    ("least(" * 220 + "people" + ", 1)" * 220 + " > 0", None, "deep"),
    ("greatest(1, " * 300 + "people" + ")" * 300 + " > 0", None, "deep"),
    ("people" + "+1" * 1_990 + " > 0", None, "at most"),
    ("people > " + "1*" * 1_900 + "1", None, "at most"),
    ("people > " + "CASE WHEN is_member THEN 1 ELSE " * 100 + "1" + " END" * 100, None, "deep"),
    ("ratio < " + "9" * 400 + ".5", "9", "too large"),
    ("ratio > -" + "9" * 400 + ".5", "-9", "too large"),
    ("income_fen * 9007199254740993.5 > 1", "9007199254740993.5", "too large"),
    ("ratio > 0." + "0" * 400 + "1", "0.0", "too small"),
]  # fmt: skip


@pytest.mark.parametrize("rule", ACCEPTED)
def test_a_sound_rule_is_accepted(rule):
    check(read(rule), KNOWN)


@pytest.mark.parametrize(("rule", "where", "says"), REFUSED, ids=[case[0][:40] for case in REFUSED])
def test_a_foolish_or_hostile_rule_is_refused_where_it_stands(rule, where, says):
    with pytest.raises(RuleError) as refusal:
        check(read(rule), KNOWN)
    assert says in refusal.value.message
    if where is not None:
        start, end = refusal.value.place
        assert rule[start:end].startswith(where) or where == rule[start:end].strip()


@pytest.mark.parametrize(
    ("rule", "_where", "_says"), REFUSED, ids=[case[0][:40] for case in REFUSED]
)
def test_a_refusal_is_told_in_chinese(rule, _where, _says):
    with pytest.raises(RuleError) as refusal:
        check(read(rule), KNOWN)
    with translation.override("zh-hans"):
        said = message_of(refusal.value.message)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_the_pointer_stands_under_the_place():
    rule = "is_member AND\n  incme_fen > 0"
    with pytest.raises(RuleError) as refusal:
        check(read(rule), KNOWN)
    line, pointer = refusal.value.pointed(rule).split("\n")
    assert line == "  incme_fen > 0"
    assert pointer.startswith("  ^^^^^^^^^ There is no fact")


@pytest.mark.parametrize(("text", "_where", "_says"), REFUSED[-9:], ids=lambda _case: "")
def test_whoever_reads_a_rule_without_checking_it_is_as_safe(text, _where, _says):
    """The editor takes what was typed apart and puts it together again before it is right."""
    assert checked(text, text).problems
    try:
        writing.split(text)
        writing.turned(text)
    except RuleError:
        return
    assert len(text) < 500  # a number too large is seen by the check alone


def test_an_amount_that_no_machine_can_hold_is_refused():
    with pytest.raises(RuleError, match="too large"):
        check_amount(read("9" * 400 + ".5"), KNOWN)


def test_an_amount_is_a_number():
    check_amount(read("least(standard_fen * 2 - income_fen, 300000)"), KNOWN)
    with pytest.raises(RuleError):
        check_amount(read("is_member"), KNOWN)
