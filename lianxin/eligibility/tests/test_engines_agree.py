"""Closures, SQLite, PostgreSQL, DuckDB and Polars give one answer; Spark in `make test-spark`."""

from __future__ import annotations

import pytest
import sqlglot
from django.db import connection

from lianxin.eligibility import testing
from lianxin.eligibility.rules.printing import DIALECTS, Printer

ENGINES = {"sqlite": testing.by_sqlite, "duckdb": testing.by_duckdb, "polars": testing.by_polars}


@pytest.mark.parametrize("seed", range(5))
def test_the_engines_agree_on_rules_and_people_made_at_random(seed):
    """2,000 pairs each; `python -m bench eligibility_agree` does a million."""
    found = list(testing.disagreements(testing.batch(seed, 40, 50), ENGINES))
    assert not found, "\n".join(found[:5])


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="this run is on SQLite")
def test_postgresql_agrees():
    with connection.cursor() as cursor:
        engines = {"postgresql": testing.by_cursor(cursor)}
        for seed in range(5):
            found = list(testing.disagreements(testing.batch(seed, 40, 50), engines))
            assert not found, "\n".join(found[:5])


def test_the_people_made_are_full_of_gaps_and_the_rules_of_all_answers():
    made = testing.batch(1, 40, 200)
    gaps = sum(value is None for row in made.people for value in row) / len(made.people) / 11
    assert 0.25 < gaps < 0.55
    answers = [answer for row in testing.by_closure(made) for answer in row]
    assert all(answers.count(each) > len(answers) / 10 for each in (True, False, None))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_whatever_is_printed_is_sql_of_its_dialect(dialect):
    """A foreign parser reads it back as one expression."""
    name = {"postgresql": "postgres"}.get(dialect, dialect)
    made = testing.batch(3, 60, 1)
    printer = Printer(dialect, made.as_of)
    for rule in made.rules:
        assert len(sqlglot.parse(f"SELECT {printer.write(rule)}", read=name)) == 1
