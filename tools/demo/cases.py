"""Cases on their way, so that a first look at the demo finds a union at work.

Each loader is a function of the `World` that calls the doors of the apps, as a page would. They
run in order, after the people are there.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image, ImageDraw

from lianxin.accounts.testing import demo_account
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.ids import new_id
from lianxin.kit.testing import stopped_clock
from lianxin.members.api import Member
from lianxin.orgs.api import Actor, Organisation, actor_of
from lianxin.procedures.api import Definition, Dossier, ProcedureVersion, Step, dossier_submit
from lianxin.procedures.testing import answers_for, step_walk
from tools.demo.activities import activities
from tools.demo.evenings import evenings
from tools.demo.exchange import exchange
from tools.demo.people import World
from tools.demo.policies import policies

Loader = Callable[[World], None]
SEED = 2026
NEIGHBOURS = 18  # workers of Lin's union who have applied for something

# What people write, by the code of the question; everything else gets the first fitting answer.
WRITTEN: dict[str, list[Any]] = {
    "reason": [
        "妻子上半年住院做了手术，家里就靠我一份工资。",
        "厂里停产三个月，房贷和孩子的学费都压着。",
        "父亲中风卧床，请了护工。",
    ],
    "story": ["加班费从五月起一直没发，问过三次都说等等。"],
    "about": ["最近睡不好，想找人说说。"],
    "words": ["刚添了孩子，母女平安。"],
    "household_size": ["3", "4", "5"],
    "own_income": ["38400", "46200", "41500"],
    "own_share": ["18600", "24300"],
    "loss": ["9000"],
    "tuition": ["5800"],
    "hospital": ["嘉州市第一人民医院"],
    "illness": ["冠心病"],
    "school": ["嘉州开放大学"],
    "occupation": ["车工", "焊工", "装配钳工", "叉车司机"],
    "address": ["嘉州市嘉岭区北苍街道柳荫路 88 号"],
    "bank_name": ["中国建设银行嘉州北苍支行"],
    "area": ["北苍街道附近"],
    "call_name": ["小林"],
    "diploma_number": ["JZ20260700001"],
    "certificate_number": ["JZ26-0417"],
}


@dataclass(frozen=True)
class Plan:
    """One case: who, what, how many steps it has gone, and how many days ago it was sent."""

    who: str
    code: str
    steps: int
    days_ago: int


# Lin's own cases stand at different places of their way.
LIN = [
    Plan("lin", "medical-aid", 1, 6),
    Plan("lin", "health-check", 2, 40),
    Plan("lin", "certification-channel", 0, 2),
    Plan("lin", "childcare-place", 1, 1),  # at the draw
]
COMMON = [
    "hardship-file", "medical-aid", "school-aid", "education-subsidy", "skill-subsidy", "temporary-relief",
    "childcare-place", "rental-offer", "humane-care", "health-check", "certification-channel",
]  # fmt: skip


def load(world: World) -> None:
    """Run every loader."""
    call_command("catalogue_load", verbosity=0)
    for loader in LOADERS:
        loader(world)


def cases(world: World) -> None:
    """Send in Lin's cases and her neighbours', and take each some steps along its way."""
    chance = random.Random(SEED)  # noqa: S311  (invented people need no cryptography)
    people = {"lin": world.accounts["lin"].pk, **_neighbours(world)}
    plans = [*LIN, *_plans(chance, [key for key in people if key != "lin"])]
    for plan in sorted(plans, key=lambda one: -one.days_ago):
        with stopped_clock(clock.now() - dt.timedelta(days=plan.days_ago)):
            _go(actor_of(people[plan.who]), plan, chance)


def _plans(chance: random.Random, people: list[str]) -> list[Plan]:
    made = []
    for number, who in enumerate(people):
        code = COMMON[number % len(COMMON)]
        made.append(
            Plan(
                who,
                code,
                chance.choice([0, 0, 0, 1, 1, 2, 3]),
                chance.choice([0, 1, 1, 2, 3, 4, 5, 6]),
            )
        )
    return made


def _neighbours(world: World) -> dict[str, Any]:
    """Give some members of Lin's union an account of their own."""
    union: Organisation = world.organisations["yangtze"]
    found: dict[str, Any] = {}
    roll = Member.objects.filter(organisation=union, account=None).order_by("sort_key", "id")
    for number, member in enumerate(roll[:NEIGHBOURS]):
        account = demo_account(member.name, phone=f"+86199008{number:05d}")
        Member.objects.filter(pk=member.pk).update(account=account)
        found[f"n{number}"] = account.pk
    return found


def _go(actor: Actor, plan: Plan, chance: random.Random) -> None:
    version = ProcedureVersion.objects.filter(code=plan.code).order_by("-version")[0]
    dossier = dossier_submit(
        actor=actor, version_id=version.pk, answers=_answers(version.definition, actor, chance),
        papers=_papers(version.definition, actor), key=str(new_id()),
    )  # fmt: skip
    for _ in range(plan.steps):
        if dossier.state != "open" or dossier.step.kind == "payment":
            break
        dossier = Dossier.objects.get(pk=dossier.pk)
        dossier = step_walk(dossier, findings=_findings(dossier.step, chance))
    jobs.run_due()


def _findings(step: Step, chance: random.Random) -> dict[str, Any]:
    """Fill in an officer's questions so that what the person is told makes sense."""
    soon = clock.today() + dt.timedelta(days=90)
    told = {
        "voucher_number": f"TJ-{chance.randrange(1000, 9999)}",
        "valid_until": soon.isoformat(),
        "first_on": soon.isoformat(),
        "class": "寒假一班，职工之家二楼",
    }
    findings = answers_for(step.fields, organisation_code="JZ")
    return findings | {code: told[code] for code in findings if code in told}


def _answers(definition: Definition, actor: Actor, chance: random.Random) -> dict[str, Any]:
    member = Member.objects.get(account_id=actor.account_id)
    answers = answers_for(definition.fields, organisation_code="JZ-BH-JW-001")
    answers |= {code: chance.choice(WRITTEN[code]) for code in answers if code in WRITTEN}
    for code, rows in answers.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            answers[code] = [_row(row, chance) for row in rows]
    for child in answers.get("child", ()):  # a child has one place in a class, whoever asks for it
        child["name"] = f"{member.name[0]}小{member.name[-1]}"
    employer = member.employer_name or member.organisation.name.removesuffix("工会")
    known = {"name": member.name, "employer": employer}
    return answers | {code: value for code, value in known.items() if code in answers and value}


def _row(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Make a row of a family's table sound like a family."""
    told = {"name": "家人", "amount": chance.choice(["16800", "21600", "9600"])}
    return row | {code: value for code, value in told.items() if code in row}


def _papers(definition: Definition, actor: Actor) -> dict[str, Any]:
    if actor.account_id is None:
        return {}
    return {
        evidence.code: [
            files.file_store(
                actor_id=actor.account_id, upload=_picture(str(evidence.label)), purpose="evidence"
            ).pk
        ]
        for evidence in definition.evidence
        if evidence.is_required
    }


def _picture(label: str) -> SimpleUploadedFile:
    """Draw a sheet of paper with a few grey lines: an invented proof."""
    sheet = Image.new("RGB", (480, 640), "#f4f1ea")
    pen = ImageDraw.Draw(sheet)
    for row in range(8):
        pen.rectangle((60, 120 + row * 52, 420 - (row % 3) * 60, 132 + row * 52), fill="#c9c2b5")
    held = io.BytesIO()
    sheet.save(held, "PNG")
    return SimpleUploadedFile(f"{label}.png", held.getvalue(), "image/png")


LOADERS: list[Loader] = [cases, policies, exchange, activities, evenings]
