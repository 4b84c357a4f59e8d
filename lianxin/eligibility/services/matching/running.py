"""One pass over everybody: partition after partition, at any point cut off, taken up, repeated.

A partition's facts are exported into a sealed workspace, which leaves one line in the audit trail
that everybody's own page resolves; then each file is opened once, all policies are asked in one pass
over its columns, and only what differs is written, together with how far the run has come.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.eligibility import conf
from lianxin.eligibility.adapters.sought import (
    FITS,
    Finder,
    Found,
    Sought,
    lawless,
    only_needed,
    sought_of,
)
from lianxin.eligibility.adapters.workspace import Workspace, reap
from lianxin.eligibility.models import MatchPartition, MatchRun, Outcome, PolicyVersion
from lianxin.eligibility.rules.policy import covers
from lianxin.eligibility.selectors import shelf
from lianxin.eligibility.selectors.answers import PURPOSE
from lianxin.eligibility.services.matching import counting
from lianxin.eligibility.services.matching.exporting import (
    CHUNK,
    Asked,
    Person,
    chunks,
    export,
    within,
)
from lianxin.eligibility.services.matching.writing import (
    Key,
    Scope,
    Verdict,
    outcomes_write,
    people_tell,
    without_refused,
)
from lianxin.eligibility.services.recomputing import outcomes_recompute
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError
from lianxin.kit.ids import new_id
from lianxin.kit.transactions import atomic
from lianxin.members import api as members
from lianxin.members.api import Member
from lianxin.orgs.api import Organisation, below_q

SILENT = dt.timedelta(seconds=120)  # after that a run may be taken over
MARGIN = dt.timedelta(seconds=60)  # clocks of several machines differ
Say = Callable[[str], None]
_LOG = logging.getLogger(__name__)


class MatchStoppedError(Exception):
    """The run was cancelled, or another process took it over."""


@dataclass(slots=True)
class Pass:
    """A run at work: what it looks for, where it keeps what it exports, and who it is."""

    run: MatchRun
    sought: list[Sought]
    versions: dict[uuid.UUID, PolicyVersion]
    workspace: Workspace
    finder: Finder
    say: Say
    worker: str
    asked: Asked = field(init=False)

    def __post_init__(self) -> None:
        self.asked = Asked(self.sought, self.run.as_of)

    @property
    def is_kept(self) -> bool:
        """Whether outcomes are written: a look at another day only counts."""
        return self.run.as_of == clock.today()

    @property
    def scope(self) -> Scope:
        """What may be written."""
        return Scope(self.versions, self.run.as_of, frozenset(self.run.codes))

    def hold(self) -> None:
        """Give a sign of life; stop where the run is no longer ours."""
        mine = MatchRun.objects.filter(pk=self.run.pk, worker=self.worker, state=MatchRun.State.RUNNING)  # fmt: skip
        if not mine.update(beat_at=clock.now()):
            raise MatchStoppedError


def match_begin(*, codes: Sequence[str] = (), organisation: Organisation | None = None, as_of: dt.date | None = None) -> MatchRun:  # fmt: skip
    """Begin a run, or go on with the very same one that was cut off today.

    Refuses a policy that does not hold, and a run another process is at work on.
    """
    day, wanted = as_of or clock.today(), sorted(set(codes))
    versions = [each.id for each in _in_force(day, wanted)]
    with atomic():
        standing = MatchRun.objects.select_for_update().filter(state=MatchRun.State.RUNNING)
        for run in standing:
            if run.beat_at is not None and clock.now() - run.beat_at < SILENT:
                raise RefusedError(_("A pass over everybody is at work already."))
            is_same = run.codes == wanted and run.organisation_id == (organisation and organisation.pk)  # fmt: skip
            if is_same and run.as_of == day and run.policies == [str(pk) for pk in versions]:
                return run
            _end(run, MatchRun.State.CANCELLED)
        run = MatchRun(codes=wanted, organisation=organisation, as_of=day, policies=[str(pk) for pk in versions])  # fmt: skip
        run.save(force_insert=True)
        parts = [
            MatchPartition(run=run, number=number, city_code=city, district_code=district)
            for number, (city, district) in enumerate(_places(organisation))
        ]
        MatchPartition.objects.bulk_create(parts)
        MatchRun.objects.filter(pk=run.pk).update(partitions=len(parts))
    return MatchRun.objects.get(pk=run.pk)


def match_cancel(*, run_id: uuid.UUID) -> bool:
    """Cancel a run; what is written stays, the process stops at its next step."""
    with atomic():
        run = MatchRun.objects.select_for_update().filter(pk=run_id, state=MatchRun.State.RUNNING).first()  # fmt: skip
        if run is None:
            return False
        _end(run, MatchRun.State.CANCELLED)
    return True


def match_go(*, run: MatchRun, say: Say = lambda _line: None, size: int = CHUNK, finder: Finder | None = None) -> MatchRun:  # fmt: skip
    """Do all that is left of a run; again changes nothing.

    `finder` is the engine; this machine's if none is named. Whichever finds, it finds the same.

    Raises:
        MatchStoppedError: it was cancelled, or another process took it over.
    """
    worker = f"{socket.gethostname()[:32]}-{os.getpid()}-{new_id().hex[-8:]}"
    _claim(run, worker)
    reap(conf.workspace())
    ready = {each.id: each for each in _in_force(run.as_of, run.codes)}
    regions = defaultdict(set)
    for each in ready.values():
        regions[each.policy.code].add(each.policy.region)
    apart = [sought_of(pk, each.policy, run.as_of, _nearer(each.policy.region, regions[each.policy.code])) for pk, each in ready.items()]  # fmt: skip
    sought = only_needed(apart)
    for line in lawless(sought, run.as_of):
        say(line)
        _LOG.warning(line)
    versions = PolicyVersion.objects.in_bulk(list(ready))
    with Workspace(conf.workspace(), run.pk.hex) as workspace:
        going = Pass(run, sought, versions, workspace, finder or _own(), say, worker)
        for part in MatchPartition.objects.filter(run=run, done_at=None).order_by("number"):
            _partition(going, part, size)
    return _finished(going)


def _nearer(region: str, others: set[str]) -> tuple[str, ...]:
    """Name the places below a region that have a version of their own: there it does not hold."""
    return tuple(sorted(each for each in others if each != region and covers(region, each)))


def _own() -> Finder:
    from lianxin.eligibility.adapters.polars_everyone import PolarsFinder  # noqa: PLC0415  (heavy)

    return PolarsFinder()


def _in_force(day: dt.date, codes: Sequence[str]) -> list[shelf.Ready]:
    ready = [each for each in shelf.in_force(day) if not codes or each.policy.code in codes]
    unheard = set(codes) - {each.policy.code for each in ready}
    if unheard:
        raise RefusedError(_("No policy of this code holds on that day: %(codes)s.") % {"codes": ", ".join(sorted(unheard))})  # fmt: skip
    return shelf.bound(ready, day) if codes else ready


def _places(organisation: Organisation | None) -> list[tuple[str, str]]:
    people = Member.objects.exclude(account=None)
    if organisation is not None:
        people = people.filter(below_q(organisation.path))
    return sorted(people.values_list("city_code", "district_code").distinct().order_by())


def _claim(run: MatchRun, worker: str) -> None:
    now = clock.now()
    free = Q(beat_at=None) | Q(beat_at__lt=now - SILENT)
    mine = MatchRun.objects.filter(free, pk=run.pk, state=MatchRun.State.RUNNING)
    if not mine.update(worker=worker, beat_at=now):
        raise MatchStoppedError


def _partition(going: Pass, part: MatchPartition, size: int) -> None:
    """Export one partition, then find and write what fits its people, file by file."""
    began = clock.now() - MARGIN
    exported: list[tuple[str, list[Person]]] = []
    for number, people in enumerate(chunks(going.run, part, size)):
        going.hold()
        name = f"{part.number:06}-{number:06}"
        persons = export(going.finder, going.workspace, name, people, going.asked)
        exported.append((name, persons))
        going.say(f"{_place(part)}: {sum(len(each) for _name, each in exported):,} people exported")
    _log(going, part, sum(len(each) for _name, each in exported))
    of_file = dict(exported)
    for name, found in going.finder.find(going.workspace, list(of_file), going.sought, going.run.as_of):  # fmt: skip
        _file(going, part, found, of_file[name], began)
    _close(going, part)


def _log(going: Pass, part: MatchPartition, people: int) -> None:
    """Leave the one line that everybody's page resolves: which facts, for which purpose, of whom."""
    facts = going.asked.origins()
    with atomic():
        going.hold()
        MatchPartition.objects.filter(pk=part.pk).update(facts=facts, exported_at=clock.now())
        audit.record(
            actor_id=None,
            action="eligibility.facts_exported",
            kind="eligibility.MatchPartition",
            object_id=part.pk,
            purpose=PURPOSE,
            detail={
                "run": str(going.run.pk),
                "city": part.city_code,
                "district": part.district_code,
                "facts": facts,
                "people": people,
            },
        )


def _file(going: Pass, part: MatchPartition, found: Found, people: list[Person], began: dt.datetime) -> None:  # fmt: skip
    """Write what differs from what was found in one file."""
    wanted: dict[Key, Verdict] = {}
    for number, at, verdict in found.rows:
        one = going.sought[at]
        if going.run.codes and one.code not in going.run.codes:
            continue  # asked only since what was asked for excludes it
        condition, missing = one.verdict(verdict)
        state = Outcome.State.FITS if verdict == FITS else Outcome.State.NEARLY
        wanted[people[number].member_id, one.id] = Verdict(state, condition, missing)
    if going.is_kept:
        wanted = without_refused(wanted, people, going.scope)
    ids = {each.member_id for each in people}
    moved = members.changed_since(ids, began) if going.is_kept else set()
    settled = ids - moved
    with atomic():
        going.hold()
        changed = 0
        if going.is_kept:
            kept = {key: verdict for key, verdict in wanted.items() if key[0] in settled}
            changed = outcomes_write(settled, kept, going.scope)
        part.counts = counting.merged([part.counts, found.counts])
        part.after = people[-1].member_id
        MatchPartition.objects.filter(pk=part.pk).update(
            counts=part.counts,
            after=part.after,
            people=F("people") + len(people),
            changed=F("changed") + changed,
        )
    if going.is_kept:
        people_tell([each for each in people if each.member_id in settled], going.scope)
        # What changed while the pass looked is looked at once more, one by one.
        for member_id in moved | members.changed_since(settled, began):
            outcomes_recompute(member_id=member_id)


def _close(going: Pass, part: MatchPartition) -> None:
    """Take away what stands for people who no longer agree; mark the partition done."""
    with atomic():
        going.hold()
        if going.is_kept:
            others = within(Member.objects.all(), going.run, part)
            agreed = members.members_agreed(PURPOSE)
            gone = Outcome.objects.filter(member__in=others).exclude(member__in=agreed)
            gone.delete()
        MatchPartition.objects.filter(pk=part.pk).update(done_at=clock.now())
        MatchRun.objects.filter(pk=going.run.pk).update(done=F("done") + 1)
    going.say(f"{_place(part)}: done")


def _finished(going: Pass) -> MatchRun:
    run = going.run
    is_whole = not run.codes and run.organisation_id is None and going.is_kept
    if is_whole:
        counts = counting.counts_of_run(run.pk)
        shown = counting.shown(counts, len(going.sought))
        counting.counts_keep(shown, [each.id for each in going.sought], run.as_of)
    with atomic():
        going.hold()
        totals: dict[str, int] = defaultdict(int)
        for people, changed in MatchPartition.objects.filter(run=run).values_list("people", "changed"):  # fmt: skip
            totals["people"] += people
            totals["changed"] += changed
        MatchRun.objects.filter(pk=run.pk).update(**totals)
        _end(run, MatchRun.State.DONE)
    return MatchRun.objects.get(pk=run.pk)


def _end(run: MatchRun, state: MatchRun.State) -> None:
    MatchRun.objects.filter(pk=run.pk).update(state=state, finished_at=clock.now())


def _place(part: MatchPartition) -> str:
    return part.district_code or part.city_code or "—"
