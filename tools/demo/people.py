"""Who can sign in to the demo: workers, officers of every level, specialists, an outsider."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.hashers import make_password

from lianxin.accounts.api import User
from lianxin.accounts.testing import demo_account
from lianxin.kit import clock
from lianxin.members.api import Member, consent_give, fact_save, member_link
from lianxin.members.testing import id_number_of
from lianxin.orgs.api import Actor, Organisation, Role, actor_of
from lianxin.orgs.testing import PEOPLE, TREE, invented_phone, post_make

PASSWORD = "lianxin-demo-2026"  # noqa: S105  (shown on the sign-in page of the demo, nowhere else accepted)
CODES = {key: code for key, _parent, code, _level, _name in TREE}
AGREED = ("membership", "service", "notices", "matching", "messages", "finance")

# What the sign-in page and the README say about each, in both languages.
NOTES: dict[str, tuple[str, str]] = {
    "lin": ("Lin, worker of a machine works", "林晓梅，机械厂职工"),
    "wang": ("Wang, part-time officer of Lin’s union", "王建国，林晓梅所在工会的兼职干部"),
    "sun": ("Sun, street officer", "孙丽华，街道总工会干部"),
    "chen": ("Chen, district officer", "陈志强，区总工会干部"),
    "guo": ("Guo, district chair", "郭敏，区总工会主席"),
    "zhou": ("Zhou, city officer", "周文博，市总工会干部"),
    "xu": ("Xu, city officer", "徐静，市总工会干部"),
    "he": ("He, city chair", "何德明，市总工会主席"),
    "qian": ("Qian, finance of the city", "钱守信，市总工会财务"),
    "fang": ("Fang, counsellor", "方若宁，心理咨询师"),
    "luo": ("Luo, lawyer", "罗正，法律援助律师"),
    "zhao": ("Zhao, worker of a hotel in another district", "赵海燕，另一个区的酒店职工"),
    "ma": ("Ma, officer of Zhao’s union", "马超群，赵海燕所在工会的干部"),
    "tang": ("Tang, courier without an employer", "唐风，没有固定单位的骑手"),
}

# Speaks for the partners of the demo (see tools.demo.exchange).
CONTACT = ("何敏", invented_phone(900))
CONTACT_NOTE = ("He Min, contact of partners", "何敏，合作单位联络员")


@dataclass
class World:
    """What the loaders of demo cases find: organisations, accounts and members by key."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return the actor as a request of this person would carry it, second factor given."""
        return actor_of(self.accounts[key].pk)


def load() -> World:
    """Make the accounts, their posts and, for those on the roll, the link to it."""
    world = World()
    found = Organisation.objects.in_bulk(CODES.values(), field_name="code")
    world.organisations = {key: found[code] for key, code in CODES.items() if code in found}
    hashed = make_password(PASSWORD)
    for serial, (key, name, place, role, reach) in enumerate(PEOPLE, start=1):
        account = demo_account(
            name,
            phone=invented_phone(serial),
            login_name=key if role else None,
            password_hash=hashed,
        )
        world.accounts[key] = account
        if role:
            begun = clock.today() - dt.timedelta(days=400)
            post_make(account, world.organisations[place], Role(role), reach, starts_on=begun)
        _link(world, key, name)
    _tell(world)
    return world


def write_sign_ins(path: Path) -> None:
    """Write the list the sign-in page shows in demo mode."""
    listed = []
    for serial, (key, _name, _place, role, _reach) in enumerate(PEOPLE, start=1):
        en, zh = NOTES[key]
        tail = id_number_of(key)[-6:]
        listed.append(
            {
                "label": {"en": en, "zh_Hans": zh},
                "note": {
                    "en": f"identity number ends in {tail}",
                    "zh_Hans": f"证件号码后六位 {tail}",
                },
                "phone": invented_phone(serial).removeprefix("+86"),
                "login_name": key if role else "",
                "password": PASSWORD if role else "",
            }
        )
    en, zh = CONTACT_NOTE
    phone = CONTACT[1].removeprefix("+86")
    listed.append({"label": {"en": en, "zh_Hans": zh}, "note": {"en": "", "zh_Hans": ""}, "phone": phone, "login_name": "", "password": ""})  # fmt: skip
    path.write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")


def _link(world: World, key: str, name: str) -> None:
    actor = world.actor(key)
    for purpose in AGREED:
        consent_give(actor=actor, purpose=purpose)
    if key != "tang":  # he stands on no roll
        world.members[key] = member_link(actor=actor, name=name, id_number=id_number_of(key))


def _tell(world: World) -> None:
    """What Lin and Zhao have told before, so that forms come filled in."""
    told = {
        "lin": {
            "address": "嘉州市嘉岭区北苍街道柳荫路 27 号 3 单元 502",
            "bank_name": "中国工商银行嘉州北苍支行",
            "bank_account": "6222990000000000017",
            "household_size": 3,
            "education": "senior",
            "certificate_on": dt.date(2024, 9, 20),
        },
        "zhao": {"household_size": 4, "bank_name": "中国建设银行嘉州江湾支行"},
    }
    for key, facts in told.items():
        for name, value in facts.items():
            fact_save(
                actor=world.actor(key),
                member_id=world.members[key].pk,
                name=name,
                value=value,
                source="self",
            )
