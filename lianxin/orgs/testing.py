"""Factories for tests and the demo: a small union tree, and people with posts in it."""

from __future__ import annotations

import datetime as dt
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from lianxin.accounts.api import User
from lianxin.accounts.testing import user_of
from lianxin.kit import clock
from lianxin.orgs.models import Organisation, Post, name_key
from lianxin.orgs.rules import Actor, Level, Reach, Role, uscc_check_character
from lianxin.orgs.selectors import actor_of
from lianxin.orgs.services import carrying, change_cancel, change_step

__all__ = [
    "PEOPLE",
    "TREE",
    "WOMEN",
    "Tree",
    "change_cancel",
    "change_step",
    "invented_phone",
    "invented_uscc",
    "organisation_make",
    "post_make",
    "small_batches",
    "tree",
    "tree_load",
]

# key, key of the parent, code, level, name
TREE = (
    ("city", "", "JZ", Level.CITY, "嘉州市总工会"),
    ("jialing", "city", "JZ-JL", Level.DISTRICT, "嘉岭区总工会"),
    ("binhe", "city", "JZ-BH", Level.DISTRICT, "滨河区总工会"),
    ("beicang", "jialing", "JZ-JL-BC", Level.STREET, "北苍街道总工会"),
    ("jiangwan", "binhe", "JZ-BH-JW", Level.STREET, "江湾街道总工会"),
    ("yangtze", "beicang", "JZ-JL-BC-001", Level.GRASSROOTS, "扬子机械厂工会"),
    ("riverside", "jiangwan", "JZ-BH-JW-001", Level.GRASSROOTS, "江畔酒店工会"),
)
# key, name, organisation, role, reach; workers hold no post
PEOPLE: tuple[tuple[str, str, str, Role | None, Reach], ...] = (
    ("lin", "林晓梅", "yangtze", None, Reach.HERE),
    ("wang", "王建国", "yangtze", Role.OFFICER_PART_TIME, Reach.HERE),
    ("sun", "孙丽华", "beicang", Role.OFFICER, Reach.BELOW),
    ("chen", "陈志强", "jialing", Role.OFFICER, Reach.BELOW),
    ("guo", "郭敏", "jialing", Role.CHAIR, Reach.BELOW),
    ("zhou", "周文博", "city", Role.OFFICER, Reach.BELOW),
    ("xu", "徐静", "city", Role.OFFICER, Reach.BELOW),
    ("he", "何德明", "city", Role.CHAIR, Reach.BELOW),
    ("qian", "钱守信", "city", Role.FINANCE, Reach.BELOW),
    ("fang", "方若宁", "city", Role.COUNSELLOR, Reach.BELOW),
    ("luo", "罗正", "city", Role.LAWYER, Reach.BELOW),
    ("zhao", "赵海燕", "riverside", None, Reach.HERE),
    ("ma", "马超群", "riverside", Role.OFFICER_PART_TIME, Reach.HERE),
    ("tang", "唐风", "", None, Reach.HERE),
)

WOMEN = frozenset({"lin", "sun", "guo", "xu", "fang", "zhao"})


@dataclass
class Tree:
    """A city with two lines below it, and the people who serve and work there, by key."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return the actor as a fresh request of this person would carry it."""
        return actor_of(self.accounts[key].pk)

    def organisation(self, key: str) -> Organisation:
        return self.organisations[key]

    def account(self, key: str) -> User:
        return self.accounts[key]

    def account_id(self, key: str) -> uuid.UUID:
        return self.accounts[key].pk


def organisation_make(
    name: str, *, code: str, level: Level, parent: Organisation | None = None
) -> Organisation:
    fields = {"name": name, "code": code, "level": level, "phone": "12351"}
    if parent is None:
        made = Organisation.objects.add_root(fields)
    else:
        made = Organisation.objects.add_child(Organisation.objects.get(pk=parent.pk), fields)
    fresh: Organisation = Organisation.objects.get(pk=made.pk)
    return fresh


def tree_load(rows: Iterable[Mapping[str, str]]) -> int:
    """Load a whole tree at once: rows of code, name, level, parent (a code, "" for the root), and more.

    Parents stand above their children. For the demo and for tests; one insert, no trace.
    """
    made: dict[str, Organisation] = {}
    for row in rows:
        parent = made.get(row["parent"])
        siblings = parent.numchild if parent else 0
        fields = {name: value for name, value in row.items() if name != "parent"}
        step = Organisation._int2str(siblings + 1).rjust(Organisation.steplen, "0")  # noqa: SLF001
        organisation = Organisation(
            path=(parent.path if parent else "") + step,
            depth=parent.depth + 1 if parent else 1,
            sort_key=name_key(row["name"]),
            **fields,
        )
        if parent:
            parent.numchild += 1
        made[row["code"]] = organisation
    Organisation.objects.bulk_create(made.values(), batch_size=500)
    return len(made)


def invented_uscc(code: str) -> str:
    """Make a well-formed credit code of area 999999, which does not exist; 81 is a grassroots union."""
    digits = f"{zlib.crc32(code.encode()) % 10**9:09d}"
    first = f"81999999{digits}"
    return first + uscc_check_character(first)


def invented_phone(serial: int) -> str:
    """Make a mobile number of a block no carrier has given out."""
    return f"+861990000{serial % 10000:04d}"


def post_make(
    account: User,
    organisation: Organisation,
    role: Role,
    reach: Reach = Reach.HERE,
    *,
    starts_on: dt.date | None = None,
) -> Post:
    return Post.objects.create(
        account=account,
        organisation=organisation,
        role=role,
        reach=reach,
        starts_on=starts_on or clock.today() - dt.timedelta(days=365),
    )


def tree(made: Tree | None = None) -> Tree:
    """Build the small union tree with everybody's posts; see TREE and PEOPLE for the keys."""
    made = made or Tree()
    for key, parent, code, level, name in TREE:
        made.organisations[key] = organisation_make(
            name, code=code, level=level, parent=made.organisations.get(parent)
        )
    for serial, (key, name, organisation, role, reach) in enumerate(PEOPLE, start=1):
        made.accounts[key] = user_of(
            name, phone=invented_phone(serial), login_name=key if role else None
        )
        if role:
            post_make(made.accounts[key], made.organisations[organisation], role, reach)
    return made


@contextmanager
def small_batches(size: int = 2) -> Iterator[None]:
    """Carry unions and members in batches so small that there is something between them."""
    names = ("UNIONS_A_BATCH", "ROWS_A_BATCH", "ENTRIES_A_BATCH")
    before = {name: getattr(carrying, name) for name in names}
    try:
        for name in names:
            setattr(carrying, name, size)
        yield
    finally:
        for name, value in before.items():
            setattr(carrying, name, value)
