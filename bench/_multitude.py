"""Millions of invented members, made by SQL in the database itself, and officers who ask for them."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
from typing import Any

SEED = 20261122
NAMES = 20_000
FORMS = ("contract",) * 6 + ("dispatched", "part_time", "flexible", "public")
# Plain arithmetic that scatters a running number; both databases reckon it alike.
_SCATTERED = "((s.i * {factor} + {plus}) %% 2147483647)"


def fill(members: int, unions: int, known: int) -> list[str]:
    """Make everything; return the identity numbers of some of them."""
    from django.db import connection

    from lianxin.kit.transactions import atomic
    from lianxin.orgs.testing import tree_load
    from tools.demo import tree

    chance = random.Random(SEED)
    tree_load(list(tree.rows(chance, unions)))
    dropped = _drop_indexes()
    with atomic(), connection.cursor() as cursor:
        _helpers(cursor, chance)
        _insert(cursor, members)
        _counts(cursor)
    with connection.cursor() as cursor:
        for statement in dropped:
            cursor.execute(statement)
    numbers = _known(known)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return numbers


def some_unions(chance: random.Random) -> list[Any]:
    """Pick unions of every level, the upper ones all."""
    from lianxin.orgs.api import Level, Organisation

    upper = list(Organisation.objects.exclude(level=Level.GRASSROOTS))
    lower = list(Organisation.objects.filter(level=Level.GRASSROOTS).order_by("?")[:200])
    chance.shuffle(upper)
    return upper[:200] + lower


def actor_at(*unions: Any) -> Any:
    """Return an officer who sees everybody at and below some unions."""
    from lianxin.orgs.api import Actor, HeldPost, Reach, Role

    posts = tuple(
        HeldPost(
            post_id=number, organisation_id=union.pk, organisation_name=union.name, path=union.path,
            level=union.level, role=Role.OFFICER, reach=Reach.BELOW, organisation_code=union.code,
        )
        for number, union in enumerate(unions)
    )  # fmt: skip
    return Actor(account_id=unions[0].pk, posts=posts)


def national() -> Any:
    """Return an officer of the whole federation, whom no code that members carry helps."""
    from dataclasses import replace

    from lianxin.orgs.api import Level, Organisation

    made = actor_at(Organisation.objects.order_by("path").first())
    post = replace(made.posts[0], level=Level.NATIONAL.value, organisation_code="")
    return replace(made, posts=(post,))


def name(chance: random.Random) -> str:
    """Return the start of some name."""
    full = _names(random.Random(SEED))[chance.randrange(NAMES)]
    return full[: chance.choice((1, 2, 3))]


def key(chance: random.Random) -> str:
    """Return the start of some name in pinyin."""
    from lianxin.members.selectors.pinyin import sort_key_of

    return sort_key_of(name(chance))


def form(chance: random.Random) -> str:
    """Return a form of employment, the rare ones as often as the others."""
    return chance.choice(sorted(set(FORMS)))


def token(chance: random.Random) -> str:
    """Return the token of a page somewhere far down."""
    from lianxin.kit.ids import new_id

    plain = json.dumps([key(chance) + chance.choice("ahrz"), str(new_id())])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


_made: list[str] = []


def _names(chance: random.Random) -> list[str]:
    from tools.demo.words import GIVEN_1, GIVEN_2, SURNAMES

    if not _made:
        surnames = list(SURNAMES)
        weights = [1 / (at + 3) for at in range(len(surnames))]
        picked = chance.choices(surnames, weights, k=NAMES)
        _made.extend(
            surname + chance.choice(GIVEN_1) + (chance.choice(GIVEN_2) if chance.random() < 0.8 else "")
            for surname in picked
        )  # fmt: skip
    return _made


def _helpers(cursor: Any, chance: random.Random) -> None:
    from lianxin.members.rules.industries import SECTIONS
    from lianxin.members.selectors.people import TAIL
    from lianxin.members.selectors.pinyin import sort_key_of
    from lianxin.orgs.api import Level, Organisation, codes_above
    from lianxin.vault import api as vault

    made = _names(random.Random(SEED))
    _table(cursor, "b_name", "no integer primary key, name text, sort_key text",
           [(no, one, sort_key_of(one)) for no, one in enumerate(made)])  # fmt: skip
    _table(cursor, "b_tail", "no integer primary key, digest text", [
        (no, vault.blind_index(f"{no:04d}", purpose="phone_tail")[:TAIL]) for no in range(10_000)
    ])  # fmt: skip
    line: list[Any] = []
    rows: list[tuple[Any, ...]] = []
    for found in Organisation.objects.order_by("path"):
        line = [*(o for o in line if found.path.startswith(o.path)), found]
        if found.level == Level.GRASSROOTS:
            codes = codes_above(line)
            industry = chance.choices(SECTIONS, [1 / (at + 2) for at in range(len(SECTIONS))])[0][0]
            pk = Organisation._meta.pk.get_db_prep_save(found.pk, cursor.db)
            rows.append(
                (
                    len(rows),
                    pk,
                    codes["city_code"],
                    codes["district_code"],
                    codes["street_code"],
                    industry,
                )
            )
    chance.shuffle(rows)
    kind = "uuid" if cursor.db.vendor == "postgresql" else "text"
    _table(
        cursor, "b_union",
        f"no integer primary key, id {kind}, city text, district text, street text, industry text",
        [(no, *row[1:]) for no, row in enumerate(rows)],
    )  # fmt: skip


def _table(cursor: Any, name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(rows[0]))
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
    cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
    cursor.execute(f"ANALYZE {name}")


def _insert(cursor: Any, members: int) -> None:
    from django.db import connection

    from lianxin.members.models import Member

    is_pg = connection.vendor == "postgresql"
    cursor.execute("SELECT count(*) FROM b_union")
    unions = int(cursor.fetchone()[0])

    def scattered(factor: int, plus: int, size: int) -> str:
        return f"({_SCATTERED.format(factor=factor, plus=plus)} %% {size})"

    digest = "md5(s.i::text)" if is_pg else "printf('%%032x', s.i * 2654435761)"
    # Unions differ in size: the product of two chances gathers people in some of them.
    union = f"({scattered(16_807, 11, unions)} * {scattered(48_271, 7, 1000)} / 1000)"
    state = f"CASE WHEN {scattered(69_621, 5, 1000)} < 4 THEN 'retained' ELSE 'in_force' END"
    form = " ".join(f"WHEN {no} THEN '{one}'" for no, one in enumerate(FORMS))
    given = {
        "id": "gen_random_uuid()" if is_pg else "lower(hex(randomblob(16)))",
        "organisation_id": "u.id",
        "city_code": "u.city",
        "district_code": "u.district",
        "street_code": "u.street",
        "industry": "u.industry",
        "name": "n.name",
        "sort_key": "n.sort_key",
        "id_index": f"'bench:' || {digest}",
        "phone_index": f"'bench:' || {digest}",
        "tail_index": "t.digest",
        "state": state,
        "employment_form": f"CASE {scattered(39_373, 3, len(FORMS))} {form} END",
    }
    blank = Member()
    columns, values, shared = [], [], []
    for column in Member._meta.concrete_fields:
        columns.append(str(column.column))
        if column.attname in given:
            values.append(given[column.attname])
        else:
            plain = column.get_db_prep_save(getattr(blank, column.attname), connection)
            values.append(
                "CAST(%s AS timestamptz)" if is_pg and isinstance(plain, dt.datetime) else "%s"
            )
            shared.append(plain)
    series = (
        f"generate_series(1::bigint, {members}) AS s(i)" if is_pg
        else f"(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {members}) SELECT i FROM c) AS s"  # noqa: S608
    )  # fmt: skip
    cursor.execute(
        f"INSERT INTO members_member ({', '.join(columns)}) SELECT {', '.join(values)} FROM {series} "  # noqa: S608
        f"JOIN b_name n ON n.no = {scattered(16_807, 3, NAMES)} "
        f"JOIN b_tail t ON t.no = {scattered(48_271, 9, 10_000)} JOIN b_union u ON u.no = {union}",
        shared,
    )


def _drop_indexes() -> list[str]:
    """Take the indexes away for the filling; return how to make them again."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'members_member' AND "
                "indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'members_member'::regclass)"
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'members_member' AND sql IS NOT NULL"
            )
        found = cursor.fetchall()
        for index, _sql in found:
            cursor.execute(f'DROP INDEX "{index}"')
    return [sql for _index, sql in found]


def _counts(cursor: Any) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE b_count AS SELECT organisation_id AS id, count(*) AS n "
        "FROM members_member GROUP BY organisation_id"
    )
    cursor.execute("CREATE INDEX b_count_id ON b_count (id)")
    cursor.execute(
        "UPDATE orgs_organisation SET member_count = "
        "coalesce((SELECT n FROM b_count WHERE b_count.id = orgs_organisation.id), 0)"
    )


def _known(count: int) -> list[str]:
    from lianxin.members.models import Member
    from lianxin.members.testing import invented_id_number
    from lianxin.vault import api as vault

    numbers = []
    for at, pk in enumerate(Member.objects.order_by("pk").values_list("pk", flat=True)[:count]):
        number = invented_id_number(dt.date(1950, 1, 1) + dt.timedelta(days=at), at)
        digest = vault.blind_index(number, purpose="id_number")
        Member.objects.filter(pk=pk).update(id_index=digest, state=Member.State.IN_FORCE)
        numbers.append(number)
    return numbers
