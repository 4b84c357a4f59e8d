"""Makes rules and people at random, with traps, and asks every engine; for tests and benches."""

from __future__ import annotations

import datetime as dt
import functools
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.eligibility.adapters import yaml_files
from lianxin.eligibility.rules.checking import Kind, Known, check
from lianxin.eligibility.rules.closing import close
from lianxin.eligibility.rules.excluding import Bond, Plan, plan_of, ruled_sql, ruling, settle
from lianxin.eligibility.rules.policy import Policy
from lianxin.eligibility.rules.printing import Printer
from lianxin.eligibility.rules.reading import read
from lianxin.eligibility.rules.tree import Node, RuleError

KNOWN = {
    "income_fen": Known(Kind.MONEY, maximum=10**9),
    "expense_fen": Known(Kind.MONEY, maximum=10**9),
    "people": Known(Kind.WHOLE, maximum=30),
    "months": Known(Kind.WHOLE, minimum=-12, maximum=1_200),
    "ratio": Known(Kind.REAL, minimum=-1, maximum=1),
    "birth_on": Known(Kind.DATE),
    "joined_on": Known(Kind.DATE),
    "is_member": Known(Kind.BOOLEAN),
    "is_retired": Known(Kind.BOOLEAN),
    "form": Known(Kind.CHOICE, choices=frozenset({"contract", "dispatch", "hourly", "platform", "other"})),
    "city": Known(Kind.TEXT),
}  # fmt: skip
DAYS = (dt.date(2026, 11, 22), dt.date(2024, 2, 29), dt.date(2026, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 3, 31))  # fmt: skip
TEXTS = ("嘉州", "It's", "a\\b", "", " a", "a", "A", "a ", "100%", '"x"', "é", "\\'")
_SQL_KINDS = {Kind.BOOLEAN: "BOOLEAN", Kind.WHOLE: "BIGINT", Kind.MONEY: "BIGINT", Kind.REAL: "DOUBLE PRECISION",
              Kind.DATE: "DATE", Kind.CHOICE: "VARCHAR(40)", Kind.TEXT: "VARCHAR(40)"}  # fmt: skip
Row = tuple[Any, ...]
Answers = list[tuple[bool | None, ...]]  # one row a person, one answer a rule


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rules, some people, one day: every engine answers all pairs.

    `bonds` say which rules exclude which, `grants` under which condition a rule counts as granted.
    """

    as_of: dt.date
    rules: tuple[Node, ...]
    people: tuple[Row, ...]
    bonds: Mapping[int, Bond]
    grants: Mapping[int, Node]

    @property
    def plan(self) -> Plan[int]:
        """In which order the rules yield to each other."""
        return plan_of(self.bonds)


def batch(seed: int, rules: int, people: int) -> Batch:
    """Make a batch; the same seed makes the same."""
    chance = random.Random(seed)  # noqa: S311  (tests need repeatable chance)
    writer = RuleWriter(chance)
    made = tuple(writer.rule() for _ in range(rules))
    crowd = tuple(person(chance) for _ in range(people))
    grants = {at: writer.rule() for at in range(rules) if chance.random() < 0.3}
    bonds = {at: _bond(chance, at, rules, tells_granted=at in grants) for at in range(rules)}
    return Batch(DAYS[seed % len(DAYS)], made, crowd, bonds, grants)


def _bond(chance: random.Random, at: int, rules: int, *, tells_granted: bool) -> Bond:
    """Exclude some others, so that there are chains, pairs and rings among them."""
    near = [other for other in range(max(0, at - 4), min(rules, at + 3)) if other != at]
    others = chance.sample(near, min(len(near), chance.choice([0, 0, 1, 2])))
    return Bond(str(at), tuple(map(str, others)), chance.random() < 0.3, tells_granted)


def person(chance: random.Random) -> Row:
    """One person: of each fact there is a fair chance that nobody knows it."""
    unknown = chance.choice([0.0, 0.15, 0.5, 0.9])
    return tuple(
        None if chance.random() < unknown else _value(chance, known) for known in KNOWN.values()
    )


def _value(chance: random.Random, known: Known) -> Any:  # noqa: PLR0911  (one case a kind)
    match known.kind:
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.DATE:
            return chance.choice([*DAYS, _day(chance), _day(chance), _day(chance)])
        case Kind.CHOICE:
            return chance.choice(sorted(known.choices))
        case Kind.TEXT:
            return chance.choice(TEXTS)
        case Kind.REAL:
            return chance.choice([0.0, 0.1, 0.3, -0.5, 1.0, chance.uniform(-1, 1)])
        case Kind.MONEY:
            return chance.choice([0, 1, 73_500, known.maximum, chance.randrange(10**7)])
        case _:
            return chance.choice([0, 1, 2, 12, chance.randrange(known.minimum, known.maximum)])


def _day(chance: random.Random) -> dt.date:
    return dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(31_900))


class RuleWriter:
    """Writes rules as an author would, only wilder; those the checker refuses are written anew."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def rule(self) -> Node:
        while True:
            try:
                node = read(self.condition(self.chance.randrange(5)))
                check(node, KNOWN)
            except RuleError:
                continue
            return node

    def pick(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def condition(self, depth: int) -> str:
        if depth <= 0:
            return self.atom()
        inner = self.condition(depth - 1)
        if self.chance.random() < 0.3:
            return f"NOT ({inner})"
        more = [self.condition(depth - 1) for _ in range(self.chance.randrange(1, 3))]
        return "(" + self.pick(" AND ", " OR ").join([inner, *more]) + ")"

    def atom(self) -> str:
        kinds = (self.of_numbers, self.of_numbers, self.of_days, self.of_codes, self.of_flags)
        return self.chance.choice(kinds)()

    def of_flags(self) -> str:
        return self.pick("is_member", "NOT is_retired", "is_member = is_retired", "is_member <> TRUE", "is_retired = FALSE")  # fmt: skip

    def of_codes(self) -> str:
        text = "'" + self.chance.choice(TEXTS).replace("'", "''") + "'"
        other = "'" + self.chance.choice(TEXTS).replace("'", "''") + "'"
        return self.pick(
            f"city = {text}", f"city <> {text}", f"city NOT IN ({text}, {other})", "form = 'platform'",
            "form IN ('contract', 'dispatch', 'hourly', 'platform', 'other')", "form NOT IN ('hourly', 'other')",
        )  # fmt: skip

    def of_days(self) -> str:
        unit, count = self.pick("years", "months", "days"), self.chance.randrange(1, 70)
        day = self.chance.choice([*DAYS, _day(self.chance)]).isoformat()
        other = self.pick(f"{unit}_before(as_of, {count})", f"DATE '{day}'", "as_of", "joined_on")
        sign = self.pick("<", "<=", ">", ">=", "=", "<>")
        return self.pick(
            f"birth_on {sign} {other}",
            f"joined_on BETWEEN DATE '{day}' AND as_of",
            f"joined_on IN (DATE '{day}', DATE '2024-02-29')",
        )

    def of_numbers(self) -> str:
        sign = self.pick("<", "<=", ">", ">=", "=", "<>")
        if self.chance.random() < 0.5:
            limit = self.pick("0", "73500", "5000000", "expense_fen", "-100")
            return f"{self.money(2)} {sign} {limit}"
        numbers = ", ".join(str(self.chance.randrange(12)) for _ in range(self.chance.randrange(1, 7)))  # fmt: skip
        return self.pick(
            f"{self.whole(2)} {sign} {self.whole(1)}", f"people IN ({numbers})", f"ratio {sign} 0.3",
            f"ratio * {self.whole(1)} {self.pick('<', '>=')} {self.whole(1)}",
            f"people NOT BETWEEN {self.whole(0)} AND 12",
        )  # fmt: skip

    def whole(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("people", "months", "2", "0", "12")
        one, other = self.whole(depth - 1), self.whole(depth - 1)
        return self.pick(
            f"({one} + {other})", f"({one} - {other})", f"({one} * {other})", f"({one} / {other})",
            f"least({one}, {other}, months)", f"greatest({one}, {other})",
            f"CASE WHEN {self.of_flags()} THEN {one} WHEN people > 2 THEN {other} ELSE months END",
        )  # fmt: skip

    def money(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("income_fen", "expense_fen")
        one, other = self.money(depth - 1), self.money(depth - 1)
        return self.pick(
            f"({one} - {other})", f"({one} + {other})", f"({one} / people)", f"({one} / (people - 2))",
            f"({one} / 12 / people)", f"({one} * 0.3)", f"({one} * people)", f"least({one}, {other})",
            f"greatest({one}, 0)", f"CASE WHEN {self.atom()} THEN {one} ELSE {other} END",
        )  # fmt: skip


# -- The samples ---------------------------------------------------------------------------


@functools.cache
def samples() -> tuple[Policy, ...]:
    """The policies that ship, by code."""
    policies, findings = yaml_files.load_folder(yaml_files.DATA / "policies")
    if findings:
        raise ValueError(str(findings[0]))
    return tuple(sorted(policies, key=lambda each: each.code))


# -- The engines ---------------------------------------------------------------------------


def by_closure(asked: Batch) -> Answers:
    closed = [close(rule, asked.as_of) for rule in asked.rules]
    grants = {at: close(rule, asked.as_of) for at, rule in asked.grants.items()}
    plan, found = asked.plan, []
    for row in asked.people:
        values = dict(zip(KNOWN, row, strict=True))
        answers = [rule(values) for rule in closed]
        had = {at for at, rule in grants.items() if rule(values)}
        ruled = settle(
            plan, {at: each is True for at, each in enumerate(answers)}, had.__contains__
        )
        found.append(tuple(False if at in ruled else each for at, each in enumerate(answers)))
    return found


def by_sqlite(asked: Batch) -> Answers:
    base = sqlite3.connect(":memory:")
    marks = ", ".join("?" * len(KNOWN))
    base.execute(f"CREATE TABLE people (row INTEGER, {', '.join(KNOWN)})")
    rows = [
        (at, *(each.isoformat() if isinstance(each, dt.date) else each for each in row))
        for at, row in enumerate(asked.people)
    ]
    base.executemany(f"INSERT INTO people VALUES (?, {marks})", rows)  # noqa: S608  (our own names)
    found = base.execute(query(asked, "sqlite")).fetchall()
    base.close()
    return [tuple(None if each is None else bool(each) for each in row) for row in found]


def by_duckdb(asked: Batch) -> Answers:
    import duckdb  # noqa: PLC0415  (a package of the tests)

    base = duckdb.connect()
    base.execute(table("people"))
    marks = ", ".join("?" * (len(KNOWN) + 1))
    base.executemany(f"INSERT INTO people VALUES ({marks})", rows(asked))  # noqa: S608  (our own names)
    return list(base.execute(query(asked, "duckdb")).fetchall())


def by_polars(asked: Batch) -> Answers:
    import polars as pl  # noqa: PLC0415  (heavy)

    from lianxin.eligibility.adapters.polars_engine import Expressions, settled  # noqa: PLC0415  (heavy)

    writer = Expressions(asked.as_of, {})
    made = [
        writer.write(rule).cast(pl.Boolean).alias(f"r{at}") for at, rule in enumerate(asked.rules)
    ]
    grants = [
        writer.write(rule).cast(pl.Boolean).alias(f"g{at}") for at, rule in asked.grants.items()
    ]
    answered = settled(frame_of(asked).lazy().select(*made, *grants), asked.plan, "r{}", "g{}")
    return list(answered.select(f"r{at}" for at in range(len(made))).collect().rows())


def frame_of(asked: Batch) -> Any:
    """The people of a batch as a data frame, with the number of their row."""
    import polars as pl  # noqa: PLC0415  (heavy)

    from lianxin.eligibility.adapters.polars_engine import DTYPES  # noqa: PLC0415

    schema = {name: DTYPES[known.kind] for name, known in KNOWN.items()}
    return pl.DataFrame(list(asked.people), schema=schema, orient="row").with_row_index("row")


def by_cursor(cursor: Any) -> Callable[[Batch], Answers]:
    """PostgreSQL, through an open cursor of psycopg or Django."""

    def answer(asked: Batch) -> Answers:
        cursor.execute("DROP TABLE IF EXISTS fuzz_people")
        cursor.execute(table("fuzz_people", "TEMPORARY "))
        marks = ", ".join(["%s"] * (len(KNOWN) + 1))
        cursor.executemany(f"INSERT INTO fuzz_people VALUES ({marks})", rows(asked))  # noqa: S608  (our own names)
        cursor.execute(query(asked, "postgresql", "fuzz_people"))
        return list(cursor.fetchall())

    return answer


def by_spark(spark: Any) -> Callable[[Batch], Answers]:
    """Apache Spark, through an open session."""

    def answer(asked: Batch) -> Answers:
        with tempfile.TemporaryDirectory() as folder:
            frame_of(asked).write_parquet(f"{folder}/people.parquet")
            spark.read.parquet(f"{folder}/people.parquet").createOrReplaceTempView("people")
            return [tuple(row) for row in spark.sql(query(asked, "spark")).collect()]

    return answer


def table(name: str, kind: str = "") -> str:
    columns = ", ".join(f"{name} {_SQL_KINDS[known.kind]}" for name, known in KNOWN.items())
    return f'CREATE {kind}TABLE {name} ("row" BIGINT, {columns})'


def rows(asked: Batch) -> list[Row]:
    return [(at, *row) for at, row in enumerate(asked.people)]


def query(asked: Batch, dialect: str, source: str = "people") -> str:
    """One pass for all rules, as the bulk engines do it."""
    printer = Printer(dialect, asked.as_of)
    row = "`row`" if dialect == "spark" else '"row"'
    columns = [f"r{at}" for at in range(len(asked.rules))]
    made = [f"{printer.write(rule)} AS r{at}" for at, rule in enumerate(asked.rules)]
    grants = [f"{printer.write(rule)} AS g{at}" for at, rule in asked.grants.items()]
    sql = f"SELECT {', '.join([row, *made, *grants])} FROM {source}"  # noqa: S608  (the printer's text)
    for level in asked.plan.levels:
        new = {
            f"r{step.at}": ruled_sql(f"r{step.at}", ruling(step, "r{}", "g{}")) for step in level
        }
        kept = [each for each in columns if each not in new]
        settled = [f"{text} AS {name}" for name, text in new.items()]
        wanted = ", ".join([row, *kept, *settled, *(f"g{at}" for at in asked.grants)])
        sql = f"SELECT {wanted} FROM ({sql}) AS before"  # noqa: S608  (our own names)
    return f"SELECT {', '.join(columns)} FROM ({sql}) AS settled ORDER BY {row}"  # noqa: S608  (our own names)


def disagreements(asked: Batch, engines: Mapping[str, Callable[[Batch], Answers]]) -> Iterator[str]:
    """Say where an engine answers otherwise than the closures: rule, person, both answers."""
    wanted = by_closure(asked)
    for name, engine in engines.items():
        for at, (ours, theirs) in enumerate(zip(wanted, engine(asked), strict=True)):
            if tuple(ours) != tuple(theirs):
                yield from _named(asked, name, at, ours, theirs)


def _named(asked: Batch, name: str, at: int, ours: Sequence[Any], theirs: Sequence[Any]) -> Iterator[str]:  # fmt: skip
    for rule, one, other in zip(asked.rules, ours, theirs, strict=True):
        if one is not other:
            sql = Printer("duckdb", asked.as_of).write(rule)
            values = dict(zip(KNOWN, asked.people[at], strict=True))
            yield f"{name} says {other}, a closure {one}: {sql} for {values} on {asked.as_of}"
