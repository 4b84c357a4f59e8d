"""What is killed: the reading of a roll, unions that move, merge and close, a transfer."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management import call_command
from django.db.models import Count, Q, QuerySet

from lianxin.accounts.testing import user_of
from lianxin.audit.api import breaches
from lianxin.catalogue import services as catalogue
from lianxin.catalogue.constants import TRANSFER
from lianxin.catalogue.testing import begun, filled, offer_of, shipped_catalogue
from lianxin.jobs.services import leases_reap
from lianxin.jobs.testing import deliveries_waiting, run_periodic, settle
from lianxin.members import policies
from lianxin.members.api import Member, MembershipEvent, Transfer
from lianxin.members.models import ImportRun
from lianxin.members.services.importing.running import members_import
from lianxin.members.testing import Federation, federation, invented_id_number, member_make
from lianxin.orgs.api import (
    Actor,
    Level,
    Organisation,
    OrganisationChange,
    Reach,
    Role,
    actor_of,
    codes_above,
    line_of,
    organisation_close,
    organisation_merge,
    organisation_move,
    tree_check,
)
from lianxin.orgs.testing import invented_phone, organisation_make, post_make, small_batches
from lianxin.procedures.api import Dossier
from lianxin.procedures.testing import approve
from tests.kills.engine import Deed, Say
from tests.kills.places import CallingOff

PATIENCE = 30.0  # seconds a worker has for what is due
HEADERS = ["姓名", "身份证号", "手机号", "所属工会", "工种"]
NAMES = ("苏晓", "安然", "周一", "林黛玉", "欧阳锋", "李四", "厉害", "赵云", "王五")
_serials = itertools.count(1000)


def number_of(serial: int) -> str:
    """Return an identity number that no other serial has."""
    return invented_id_number(
        dt.date(1950, 1, 1) + dt.timedelta(days=serial // 1000), serial % 1000
    )


def sound() -> Iterator[str]:
    """Name what no kill may ever break: tree, counts, one membership a number, the audit trail."""
    report = tree_check()
    if not report.is_sound:
        yield f"the tree is not sound: {report}"
    twice = (
        Member.objects.filter(state=Member.State.IN_FORCE)
        .exclude(id_index="")
        .values("id_index")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    if twice.exists():
        yield "somebody is in force twice"


def work(is_done: Callable[[], bool]) -> None:
    """Do what is due as workers do: give back what the dead had leased, deliver, run, come back."""
    until = time.monotonic() + PATIENCE
    while True:
        leases_reap()
        settle()
        if is_done() or time.monotonic() > until:
            return
        time.sleep(0.05)


def every(folder: Path) -> list[Deed]:
    """Make a federation in an empty database, and all that can be done in it."""
    call_command("migrate", verbosity=0)
    made = federation()
    post_make(made.account("ma"), made.organisation("binhe"), Role.OFFICER, Reach.BELOW)
    tree_check(repair=True)
    shipped_catalogue()
    kinds = OrganisationChange.Kind
    changing = [Changing(made, kind) for kind in (kinds.MOVE, kinds.MERGE, kinds.CLOSE)]
    return [Importing(folder), *changing, Transferring(made), CallingOff(made, work)]


class Importing:
    """A roll of some hundred people is read (名册导入), a file a round."""

    name = "import"
    rows, batch = 240, 12

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = self.round = 0

    def prepare(self) -> None:
        """Write a file of people nobody knows, some of them twice, one without a number."""
        self.round += 1
        people = [
            [NAMES[n * 7 % len(NAMES)], number_of(next(_serials)), f"1690{self.round:03d}{n:04d}",
             ("扬子机械厂工会", "江畔酒店工会")[n % 2], "车工"]
            for n in range(self.rows)
        ]  # fmt: skip
        people[7][1] = "1"
        people += [people[0], people[self.rows - 1]]
        with self.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADERS, *people])
        self.before = Member.objects.count()

    @property
    def path(self) -> Path:
        """Return the file of this round."""
        return self.folder / f"roll-{self.round}.csv"

    def act(self, say: Say) -> None:
        """Read it, from where it was cut off; each batch that is stored is acknowledged."""
        self._read(say, is_resumed=True)

    def is_done(self) -> bool:
        """Say whether the run is done."""
        return self._runs().filter(state=ImportRun.State.DONE).exists()

    def faults(self, said: list[str]) -> Iterator[str]:
        """Compare the run with the roll."""
        yield from sound()
        run = self._runs().first()
        position = run.position if run else 0
        if position < max(map(int, said), default=0):
            yield f"{said[-1]} rows were acknowledged, {position} are there"
        counted = (run.created, run.duplicate, run.rejected) if run else (0, 0, 0)
        if sum(counted) != position:
            yield f"{counted} do not add up to {position}"
        if Member.objects.count() - self.before != counted[0]:
            yield f"{Member.objects.count() - self.before} people for {counted[0]} counted"

    def faults_at_end(self) -> Iterator[str]:
        """Count, and read the file once more from its start: nothing may change."""
        if self._runs().count() != 1:
            yield "a file cut off has two runs"
        if (count := Member.objects.count() - self.before) != self.rows - 1:
            yield f"{count} people came of {self.rows - 1}"
        again = self._read(lambda _word: None, is_resumed=False)
        if again != (0, 0):
            yield f"read again, it changed {again}"

    def _read(self, say: Say, *, is_resumed: bool) -> tuple[int, int]:
        city = Organisation.objects.get(code="JZ")
        outcome = members_import(
            actor=Actor.system(), path=self.path, organisation=city, is_resumed=is_resumed,
            batch_size=self.batch, progress=lambda rows: say(str(rows)),
        )  # fmt: skip
        return outcome.created, outcome.updated

    def _runs(self) -> QuerySet[ImportRun]:
        return ImportRun.objects.filter(file_name=self.path.name)


class Changing:
    """A street moves with all below it (整体划转), or a union merges or closes: another one each round."""

    def __init__(self, made: Federation, kind: OrganisationChange.Kind) -> None:
        self.made, self.kind, self.name = made, kind, str(kind)
        self.rounds = 0
        self.everybody: set[uuid.UUID] = set()

    def prepare(self) -> None:
        """Have something to change; a street goes to the other district and back again."""
        self.rounds += 1
        if self.kind == OrganisationChange.Kind.MOVE:
            self.union, there = self._fresh("beicang"), self._fresh("jialing")
            self.target = self._fresh("binhe") if self.union.is_descendant_of(there) else there
            if self.rounds == 1:
                for _ in range(4):
                    self._peopled(6)
        else:
            self.union = self._peopled(9)
            is_merger = self.kind == OrganisationChange.Kind.MERGE
            self.target = self._fresh("riverside" if is_merger else "beicang")
        self.everybody = set(Member.objects.values_list("pk", flat=True))

    def act(self, _say: Say) -> None:
        """Plan it, and let workers carry it out, two at a time."""
        he = self.made.actor("he")
        with small_batches():
            if not self._changes().exists():
                if self.kind == OrganisationChange.Kind.MOVE:
                    organisation_move(actor=he, organisation=self.union, parent=self.target)
                elif self.kind == OrganisationChange.Kind.MERGE:
                    organisation_merge(actor=he, organisation=self.union, survivor=self.target)
                else:
                    organisation_close(actor=he, organisation=self.union)
            run_periodic("orgs.changes_resume")  # where the worker of the job died
            work(self.is_done)

    def is_done(self) -> bool:
        """Say whether the change is done."""
        return self._changes().filter(state=OrganisationChange.State.DONE).exists()

    def faults(self, _said: list[str]) -> Iterator[str]:
        """Compare tree, counts, and what officers see with what they should see."""
        yield from sound()
        if set(Member.objects.values_list("pk", flat=True)) != self.everybody:
            yield "somebody was lost or doubled"
        members = list(Member.objects.select_related("organisation"))
        for key in ("chen", "zhou", "ma", "sun"):
            actor = self.made.actor(key)
            seen = set(
                policies.visible_to(actor, Member.objects.all()).values_list("pk", flat=True)
            )
            meant = {
                m.pk for m in members if any(p.covers(m.organisation.path) for p in actor.posts)
            }
            if seen != meant:
                yield f"{key} sees {len(seen)} people and should see {len(meant)}"

    def faults_at_end(self) -> Iterator[str]:
        """Look whether everybody arrived, once."""
        change = self._changes().get()
        if change.percent != 100:
            yield f"done at {change.percent} %"
        astray = [
            member.pk
            for member in Member.objects.select_related("organisation")
            if any(
                getattr(member, column) != code
                for column, code in codes_above(line_of(member.organisation)).items()
            )
        ]
        if astray:
            yield f"{len(astray)} people carry codes of unions they are not below"
        if self.kind != OrganisationChange.Kind.MOVE:
            moved = MembershipEvent.objects.filter(from_organisation=self.union)
            if moved.count() != 9 or moved.values("member").distinct().count() != 9:
                yield f"{moved.count()} lines of history for 9 people"
            if moved.filter(member__organisation=self.target).count() != 9:
                yield "not all stand where they should"
        elif not self._fresh("beicang").is_descendant_of(
            Organisation.objects.get(pk=self.target.pk)
        ):
            yield "the street is not below its new district"
        yield from (f"audit: {breach}" for breach in breaches())

    def _changes(self) -> QuerySet[OrganisationChange]:
        ids = OrganisationChange.objects.filter(organisation=self.union, kind=self.kind)
        if self.kind == OrganisationChange.Kind.MOVE:
            done = list(ids.order_by("made_at").values_list("pk", flat=True))[self.rounds - 1 :]
            return OrganisationChange.objects.filter(pk__in=done)
        return ids

    def _fresh(self, key: str) -> Organisation:
        found: Organisation = Organisation.objects.get(pk=self.made.organisation(key).pk)
        return found

    def _peopled(self, people: int) -> Organisation:
        serial = next(_serials)
        union = organisation_make(
            f"{serial}号工会", code=f"JZ-K-{serial}", level=Level.GRASSROOTS, parent=self._fresh("beicang")
        )  # fmt: skip
        for _ in range(people):
            serial = next(_serials)
            member_make("周一", union, serial=serial % 10_000, id_number=number_of(serial))
        tree_check(repair=True)
        return union


class Transferring:
    """A membership goes from one union to another with a yes of both (会籍转移), another person a round."""

    name = "transfer"

    def __init__(self, made: Federation) -> None:
        self.made = made

    def prepare(self) -> None:
        """Let somebody stand in one union who wants to be in the other."""
        serial = next(_serials)
        account = user_of(f"行人{serial}", phone=invented_phone(serial))
        self.member = member_make(
            f"行人{serial}", self.made.organisation("yangtze"), serial=serial % 10_000, account=account,
            id_number=number_of(serial),
        )  # fmt: skip
        tree_check(repair=True)
        self.actor = actor_of(account.pk)
        self.draft = filled(self.actor, begun(self.actor, TRANSFER), {"to_union": "JZ-BH-JW-001"})

    def act(self, say: Say) -> None:
        """Send it, let the first union say yes, then the second; each has an answer on its screen."""
        catalogue.draft_send(
            actor=self.actor, draft_id=self.draft.pk, version_id=offer_of(TRANSFER).version_id
        )
        say("sent")
        for who, word in (("wang", "out"), ("ma", "in")):
            work(self._is_quiet)
            approve(self._dossier(), self.made.actor(who), key=word)
            say(word)
        work(self._is_quiet)

    def is_done(self) -> bool:
        """Say whether she has arrived, and nothing waits any more."""
        return self._union() == "JZ-BH-JW-001" and self._is_quiet()

    def faults(self, said: list[str]) -> Iterator[str]:
        """Compare roll, transfer, case and history with what was acknowledged."""
        yield from sound()
        standings = list(self._history().values_list("to_standing", flat=True))
        if standings != ["moving_out", "moving_in", "in_force"][: len(standings)]:
            yield f"the history reads {standings}"
        if Transfer.objects.filter(member=self.member).count() > 1:
            yield "two transfers of one person"
        cases = Dossier.objects.filter(applicant_id=self.actor.account_id)
        if "sent" in said and cases.count() != 1:
            yield f"{cases.count()} cases of one application"
        if "out" in said and not cases.filter(Q(step_index__gte=1) | ~Q(state="open")).exists():
            yield "the yes of the first union was lost"
        if "in" in said and cases.filter(state="open").exists():
            yield "the yes of the second union was lost"

    def faults_at_end(self) -> Iterator[str]:
        """Look whether she arrived once."""
        if self._history().count() != 3:
            yield f"{self._history().count()} lines of history"
        yield from (f"audit: {breach}" for breach in breaches())

    def _is_quiet(self) -> bool:
        return not deliveries_waiting()

    def _dossier(self) -> Dossier:
        return Dossier.objects.get(applicant_id=self.actor.account_id)

    def _union(self) -> str:
        return (
            Member.objects.select_related("organisation").get(pk=self.member.pk).organisation.code
        )

    def _history(self) -> QuerySet[MembershipEvent]:
        return MembershipEvent.objects.filter(member=self.member).order_by("id")
