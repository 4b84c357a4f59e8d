"""Reads a rule's text into a tree; what this grammar does not know is refused where it stands.

The grammar is the whitelist. A general SQL parser accepts far more than a rule may say (functions,
subqueries, casts, dialects), and each thing it accepts would have to be refused afterwards.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from lianxin.eligibility.rules import tree
from lianxin.eligibility.rules.tree import Node, Place, RuleError

LONGEST = 4_000  # characters
DEEPEST = 40
MOST_CHOICES = 200
_TOKEN = re.compile(
    r"(?P<blank>[\s\u00a0\u3000]+)|(?P<date>DATE\s*'[^']*')|(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^']|'')*')"
    r"|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign><>|!=|<=|>=|[=<>+\-*/(),])",
    re.IGNORECASE | re.ASCII,  # no digits of other scripts, no long s
)
_RESERVED = frozenset(
    "AND OR NOT IN BETWEEN IS NULL TRUE FALSE DATE CASE WHEN THEN ELSE END LIKE SELECT FROM WHERE "
    "UNION EXISTS CAST COALESCE".split()
)
_BEFORE = {"years_before": "years", "months_before": "months", "days_before": "days"}
# Quotes and signs as a phone types them, and letters of Cyrillic and Greek that look like ours.
_DOUBLES = dict(zip("‘’−–×÷≤≥≠аеорсхуі", ("'", "'", *"--*/", "<=", ">=", "<>", *"aeopcxyi"), strict=True))  # fmt: skip
_COMPARE = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    place: Place

    @property
    def upper(self) -> str:
        return self.text.upper()


def read(text: str) -> Node:
    """Read a rule.

    Raises:
        RuleError: the text is not a rule; it points at the first place that is not.
    """
    if len(text) > LONGEST:
        raise RuleError(f"A rule has at most {LONGEST:,} characters.", (LONGEST, len(text)))
    return tree.sized(_Reader(_tokens(text), len(text)).whole())


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        hit = _TOKEN.match(text, at)
        if hit is None:
            raise RuleError(_why_not(text[at:]), (at, at + 1))
        kind = hit.lastgroup or ""
        if kind != "blank":
            found.append(Token(kind, hit.group(), (at, hit.end())))
        at = hit.end()
    return found


def _why_not(rest: str) -> str:
    if rest[0] == "'":
        return "This text has no closing quote."
    if rest[:1] == '"':
        return "Write facts without quotes, and text in single quotes."
    if rest[:1] == ";":
        return "A rule is one expression, without a semicolon."
    if rest[0] == "%":
        return "The remainder % is not part of rules: engines disagree on it."
    if meant := _meant(rest[0]):
        return f"The character {rest[0]!r} only looks like {meant}; write {meant}."
    return f"The character {rest[0]!r} is not part of rules."


def _meant(sign: str) -> str:
    """Name the plain character somebody meant who wrote its double of another script or width."""
    plain = _DOUBLES.get(sign) or unicodedata.normalize("NFKC", sign)
    return plain if plain != sign and plain.isascii() and plain.isprintable() else ""


class _Reader:
    """A recursive-descent reader; each method reads one level of binding."""

    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.end = end

    def whole(self) -> Node:
        if not self.tokens:
            raise RuleError("The rule is empty.", (0, 1))
        node = self.either()
        if self.at < len(self.tokens):
            raise RuleError("The rule should end here.", self.tokens[self.at].place)
        return node

    # -- logic -----------------------------------------------------------------

    def either(self) -> Node:
        self.deeper()
        parts = [self.every()]
        while self.takes("OR"):
            parts.append(self.every())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else tree.Either(of=tuple(parts), place=_around(parts))

    def every(self) -> Node:
        parts = [self.negation()]
        while self.takes("AND"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else tree.Every(of=tuple(parts), place=_around(parts))

    def negation(self) -> Node:
        if start := self.takes("NOT"):
            self.deeper()
            of = self.negation()
            self.depth -= 1
            return tree.Not(of=of, place=(start.place[0], of.place[1]))
        return self.comparison()

    def comparison(self) -> Node:
        left = self.addition()
        ahead = self.peek()
        if ahead is None:
            return left
        if ahead.text in _COMPARE:
            self.at += 1
            right = self.addition()
            self.refuse_chain()
            sign = "<>" if ahead.text == "!=" else ahead.text
            return tree.Compare(sign=sign, left=left, right=right, place=_around([left, right]))
        return self.worded(left, ahead)

    def worded(self, left: Node, ahead: Token) -> Node:
        if ahead.upper == "IS":
            raise RuleError(
                "A rule may not ask whether a fact is known; unknown stays unknown.", ahead.place
            )
        if ahead.upper == "LIKE":
            raise RuleError(
                "Patterns are not part of rules; list the choices with IN.", ahead.place
            )
        negated = ahead.upper == "NOT" and (self.at + 1 < len(self.tokens))
        word = self.tokens[self.at + 1].upper if negated else ahead.upper
        if word not in {"IN", "BETWEEN"}:
            return left
        self.at += 2 if negated else 1
        made = self.among(left) if word == "IN" else self.between(left)
        return tree.Not(of=made, place=made.place) if negated else made

    def among(self, left: Node) -> Node:
        opened = self.needs("(", "After IN comes a list in brackets.")
        choices: list[tree.Literal] = []
        while not self.takes(")"):
            if choices:
                self.needs(",", "Put a comma between the choices.")
            choices.append(self.choice())
            if len(choices) > MOST_CHOICES:
                raise RuleError(f"At most {MOST_CHOICES} choices.", choices[-1].place)
        closed = self.tokens[self.at - 1]
        if not choices:
            raise RuleError("An empty list fits nobody.", (opened.place[0], closed.place[1]))
        return tree.Among(of=left, choices=tuple(choices), place=(left.place[0], closed.place[1]))

    def choice(self) -> tree.Literal:
        found = self.addition()
        if not isinstance(found, tree.Literal):
            raise RuleError("A list holds plain values only.", found.place)
        return found

    def between(self, left: Node) -> Node:
        low = self.addition()
        if not self.takes("AND"):
            raise RuleError("BETWEEN needs two values joined by AND.", self.here())
        high = self.addition()
        place = _around([left, high])
        if _is_reversed(low, high):
            raise RuleError(
                "Nothing lies between these; write the smaller first.", _around([low, high])
            )
        return tree.Every(
            of=(
                tree.Compare(sign=">=", left=left, right=low, place=place),
                tree.Compare(sign="<=", left=left, right=high, place=place),
            ),
            place=place,
        )

    # -- numbers -----------------------------------------------------------------

    def addition(self) -> Node:
        node = self.product()
        while (ahead := self.peek()) and ahead.text in {"+", "-"}:
            self.at += 1
            right = self.product()
            node = tree.Sum(sign=ahead.text, left=node, right=right, place=_around([node, right]))
        return node

    def product(self) -> Node:
        node = self.single()
        while (ahead := self.peek()) and ahead.text in {"*", "/"}:
            self.at += 1
            if ahead.text == "/" and (after := self.peek()) and after.text == "/":
                raise RuleError(
                    "Whole division // is not part of rules: engines disagree on it.", after.place
                )
            right = self.single()
            node = tree.Sum(sign=ahead.text, left=node, right=right, place=_around([node, right]))
        return node

    def single(self) -> Node:
        token = self.next()
        if token.text == "-":
            return self.negative(token)
        if token.text == "(":
            inner = self.either()
            self.needs(")", "This bracket is never closed.", at=token.place)
            return inner
        if token.kind in {"number", "text", "date"}:
            return _literal(token)
        if token.kind == "word":
            return self.word(token)
        raise RuleError("A value is missing here.", token.place)

    def negative(self, token: Token) -> Node:
        number = self.next()
        if number.kind != "number":
            raise RuleError("A minus stands before a number only.", token.place)
        literal = _literal(number)
        value = -literal.value if isinstance(literal.value, int | Decimal) else literal.value
        return tree.Literal(value=value, place=(token.place[0], number.place[1]))

    def word(self, token: Token) -> Node:
        if token.upper in {"TRUE", "FALSE"}:
            return tree.Literal(value=token.upper == "TRUE", place=token.place)
        if token.upper == "NULL":
            raise RuleError(
                "NULL is not part of rules; a fact that is not known is unknown by itself.",
                token.place,
            )
        if token.upper == "CASE":
            return self.case(token)
        if (ahead := self.peek()) and ahead.text == "(":
            return self.call(token)
        if token.upper in _RESERVED:
            raise RuleError(f"{token.upper} cannot stand here.", token.place)
        if token.text == "as_of":
            return tree.AsOf(place=token.place)
        return tree.Name(name=token.text, place=token.place)

    def call(self, token: Token) -> Node:
        name = token.text.lower()
        if name in _BEFORE:
            return self.before(token, _BEFORE[name])
        if name not in {"least", "greatest"}:
            offered = ", ".join([*_BEFORE, "least", "greatest"])
            raise RuleError(
                f"There is no function {token.text}; offered are {offered}.", token.place
            )
        self.at += 1
        self.deeper()
        parts = [self.addition()]
        while self.takes(","):
            parts.append(self.addition())
        self.depth -= 1
        closed = self.needs(")", "This bracket is never closed.", at=token.place)
        if len(parts) < 2:
            raise RuleError(f"{name} compares two values or more.", token.place)
        return tree.Least(name=name, of=tuple(parts), place=(token.place[0], closed.place[1]))

    def before(self, token: Token, unit: str) -> Node:
        self.at += 1
        day, _comma, count = (
            self.next(),
            self.needs(",", f"Write {token.text}(as_of, 60)."),
            self.next(),
        )
        closed = self.needs(")", "This bracket is never closed.", at=token.place)
        if day.text != "as_of" or not count.text.isdigit():
            raise RuleError(
                f"Write {token.text}(as_of, 60): a day counted back from the day asked about.",
                token.place,
            )
        if int(count.text) > {"years": 150, "months": 1_800, "days": 55_000}[unit]:
            raise RuleError("That is longer than a life.", count.place)
        return tree.Before(
            unit=unit, count=int(count.text), place=(token.place[0], closed.place[1])
        )

    def case(self, token: Token) -> Node:
        self.deeper()
        whens: list[tuple[Node, Node]] = []
        while self.takes("WHEN"):
            condition = self.either()
            if not self.takes("THEN"):
                raise RuleError("After WHEN and its condition comes THEN.", self.here())
            whens.append((condition, self.addition()))
        if not whens:
            raise RuleError("CASE needs at least one WHEN.", self.here())
        if not self.takes("ELSE"):
            raise RuleError("CASE needs an ELSE: say what happens otherwise.", self.here())
        otherwise = self.addition()
        if not (closed := self.takes("END")):
            raise RuleError("CASE closes with END.", self.here())
        self.depth -= 1
        return tree.Case(
            whens=tuple(whens), otherwise=otherwise, place=(token.place[0], closed.place[1])
        )

    # -- tools -------------------------------------------------------------------

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def here(self) -> Place:
        ahead = self.peek()
        return ahead.place if ahead else (max(0, self.end - 1), self.end)

    def next(self) -> Token:
        token = self.peek()
        if token is None:
            raise RuleError("The rule breaks off here.", self.here())
        self.at += 1
        return token

    def takes(self, wanted: str) -> Token | None:
        ahead = self.peek()
        if ahead is None or ahead.kind == "text" or ahead.upper != wanted:
            return None
        self.at += 1
        return ahead

    def needs(self, wanted: str, message: str, *, at: Place | None = None) -> Token:
        found = self.takes(wanted)
        if found is None:
            raise RuleError(message, at or self.here())
        return found

    def refuse_chain(self) -> None:
        ahead = self.peek()
        if ahead and ahead.text in _COMPARE:
            raise RuleError("Compare two values at a time; join them with AND.", ahead.place)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RuleError(f"Brackets nest at most {DEEPEST} deep.", self.here())


def _around(parts: list[Node]) -> Place:
    return (parts[0].place[0], parts[-1].place[1])


def _literal(token: Token) -> tree.Literal:
    if token.kind == "number":
        value: tree.Plain = Decimal(token.text) if "." in token.text else int(token.text)
        return tree.Literal(value=value, place=token.place)
    if token.kind == "date":
        written = token.text.split("'")[1]
        if (day := _day(written)) is None:
            raise RuleError(f"There is no day {written}; write DATE '2026-08-31'.", token.place)
        return tree.Literal(value=day, place=token.place)
    return tree.Literal(value=token.text[1:-1].replace("''", "'"), place=token.place)


def _day(written: str) -> dt.date | None:
    """Read a day in the one way it is written; weeks and days without dashes are other ways."""
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        return None
    return day if day.isoformat() == written else None


def _is_reversed(low: Node, high: Node) -> bool:
    """Say whether a range of plain numbers or days is empty."""
    if not (isinstance(low, tree.Literal) and isinstance(high, tree.Literal)):
        return False
    match low.value, high.value:
        case (bool(), _) | (_, bool()):
            return False
        case (int() | Decimal() as one, int() | Decimal() as other):
            return one > other
        case (dt.date() as one, dt.date() as other):
            return one > other
    return False
