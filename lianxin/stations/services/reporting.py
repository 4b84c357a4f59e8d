"""Taking in what people tell of a station, without knowing who they are."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.files import api as files
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import ForbiddenError, RefusedError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.stations import policies
from lianxin.stations.constants import LOCKED, codes
from lianxin.stations.events import StationClosed, StationReported
from lianxin.stations.models import Station, StationReport, Trouble
from lianxin.stations.rules.clocks import due_after
from lianxin.stations.rules.hours import Almanac
from lianxin.stations.rules.standing import Standing, promises_open
from lianxin.stations.rules.truth import LIFE, is_disputed
from lianxin.stations.selectors.keepers import keepers_of, told_at
from lianxin.stations.selectors.seeing import facts_of
from lianxin.stations.services.braking import Brake
from lianxin.stations.services.marking import keepers_tell, mark, station_locked
from lianxin.vault import api as vault

brake = Brake()  # of this process
MOST_AN_HOUR = 30  # reports one station keeps of an hour: beyond it everybody knows
CLOCK = "stations.watch_clock"
LONGEST = 300
PHOTO = "station_report"
PHOTO_LIFE = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a report; `trouble` is None where nothing had to be written down."""

    standing: Standing
    trouble: Trouble | None = None
    report: StationReport | None = None
    is_not_now: bool = False  # it is meant to be closed at this hour
    is_repeat: bool = False


def report_send(
    *, actor: Actor, station_id: uuid.UUID, kind: str, teller: str, key: uuid.UUID, origin: str = ""
) -> Told:
    """Take in one report. Nothing of the sender is kept but a mark that is good for one day here.

    `origin`: the address it came from, which only the brake of this process sees, and never keeps.

    The same key, or the same teller about the same thing within three hours, changes nothing.
    A door that is meant to be locked at this hour is no trouble: the answer says when it opens.
    Publishes StationReported, and StationClosed when this report takes it off the list.

    Raises:
        RefusedError: there is no such kind of report, or the station was given up.
    """
    asked = codes().reports.get(kind)
    if asked is None:
        raise RefusedError(_("Please choose what is wrong."), field="kind")
    now = clock.now()
    marks = _Marks.of(station_id, kind, teller, key)
    with atomic():
        station = station_locked(station_id)
        if station.ended_on:
            raise RefusedError(_("This station was given up. Thank you for telling us."))
        before = _standing(station, now)
        repeated = _repeated(station, kind, marks, now)
        if repeated is not None:
            return Told(before, repeated.trouble, repeated, is_repeat=True)
        promised = promises_open(now, facts_of([station], now).timetable(station), Almanac())
        if kind == LOCKED and not promised:
            return Told(before, is_not_now=True)
        trouble = _trouble(station, kind, now)
        if _is_flooded(station, now):
            return Told(before, trouble, is_repeat=True)
        is_keeper = policies.may_keep(actor, station)
        is_held = asked.closes and not is_keeper and brake.holds(origin, station.pk)
        report = StationReport.objects.create(
            trouble=trouble,
            station=station,
            at=now,
            is_closing=asked.closes and promised,
            is_keeper=is_keeper,
            is_faint=is_held,
            teller_index=marks.teller,
            key_index=marks.key,
        )
        Trouble.objects.filter(pk=trouble.pk).update(last_at=now, reports=trouble.reports + 1)
        trouble.last_at, trouble.reports = now, trouble.reports + 1
        mark(station)
        after = _standing(station, now)
        _tell(actor if is_keeper else Actor(), station, trouble, before, after)
        audit.record(
            actor_id=actor.account_id if is_keeper else None,
            action="stations.reported",
            kind="stations.Trouble",
            object_id=trouble.pk,
            detail={"kind": kind},
        )
        jobs.publish(StationReported(station_id=station.pk, trouble_id=trouble.pk, kind=kind))
    return Told(after, trouble, report)


@dataclass(frozen=True, slots=True)
class _Marks:
    teller: str
    key: str

    @classmethod
    def of(cls, station_id: uuid.UUID, kind: str, teller: str, key: uuid.UUID) -> _Marks:
        return cls(
            vault.blind_index(f"{station_id}:{teller}", purpose="station_teller"),
            vault.blind_index(f"{kind}:{key}", purpose="station_key"),
        )


def report_add(*, report_id: uuid.UUID, words: str, photo: UploadedFile[Any] | None = None) -> None:
    """Add words, a picture or both to a report one has just sent; sent again, the same is kept once.

    Raises:
        RefusedError: too many words, no picture, or it was answered meanwhile.
    """
    said = clean(words)
    if len(said) > LONGEST:
        raise RefusedError(_("Please keep it under 300 characters."), field="words")
    with atomic():
        report = (
            StationReport.objects.select_for_update().select_related("trouble").get(pk=report_id)
        )
        if not report.trouble.is_open:
            raise RefusedError(_("It has been answered meanwhile. Thank you all the same."))
        if said:
            report.words = said
            report.save(update_fields=["words"])
    if photo is not None and not files.files_of(PHOTO, report.pk).exists():
        files.picture_keep(
            upload=photo,
            purpose=PHOTO,
            object_kind=PHOTO,
            object_id=report.pk,
            expires_at=report.at + PHOTO_LIFE,
        )


def report_open(*, actor: Actor, report: StationReport) -> str:
    """Return what somebody wrote, for whoever keeps the station; the opening is noted.

    Raises:
        ForbiddenError: another union looks after the station.
    """
    if not policies.may_keep(actor, report.station):
        raise ForbiddenError(_("This station is looked after by another union."))
    return vault.open_sealed(
        report, "words", actor_id=actor.account_id, purpose="station.keep", subject_id=None
    )


def _standing(station: Station, now: dt.datetime) -> Standing:
    return facts_of([station], now).standing(station, now, Almanac())


def _repeated(station: Station, kind: str, marks: _Marks, now: dt.datetime) -> StationReport | None:
    told = StationReport.objects.select_related("trouble").filter(station=station)
    same_tap = told.filter(key_index=marks.key).first()
    return (
        same_tap
        or told.filter(
            teller_index=marks.teller,
            trouble__kind=kind,
            trouble__state=Trouble.State.OPEN,
            at__gt=now - LIFE,
        ).first()
    )


def _is_flooded(station: Station, now: dt.datetime) -> bool:
    recent = StationReport.objects.filter(station=station, at__gt=now - dt.timedelta(hours=1))
    return recent.count() >= MOST_AN_HOUR


def _trouble(station: Station, kind: str, now: dt.datetime) -> Trouble:
    """Return the open trouble of a kind, or begin one and start its clock."""
    running = Trouble.objects.filter(station=station, kind=kind, state=Trouble.State.OPEN).first()
    if running is not None:
        return running
    due_at = due_after(now, dt.timedelta(hours=codes().reports[kind].hours))
    trouble = Trouble.objects.create(
        station=station, kind=kind, first_at=now, last_at=now, due_at=due_at
    )
    jobs.enqueue(
        CLOCK,
        payload={"trouble_id": str(trouble.pk), "level": 0},
        run_at=due_at,
        key=f"{CLOCK}:{trouble.pk}:0",
    )
    return trouble


def _tell(
    keeper: Actor, station: Station, trouble: Trouble, before: Standing, after: Standing
) -> None:
    """Tell the keepers of the first report, and again when it takes the station off the list."""
    what = codes().reports[trouble.kind].label
    others = [one for one in keepers_of(station) if one != keeper.account_id]
    if trouble.reports == 1:
        keepers_tell(
            station,
            others,
            kind="stations.reported",
            words=lambda: (
                _("%(station)s: %(what)s") % {"station": station.name, "what": what},
                _("Somebody who is there told us. Please look, and write what you find."),
            ),
            key=f"stations.reported:{trouble.pk}",
        )
    if before.verdict.is_locked or not after.verdict.is_locked:
        _ask_above(station, trouble)
        return
    keepers_tell(
        station,
        others,
        kind="stations.closed",
        words=lambda: (
            _("%(station)s is shown as locked") % {"station": station.name},
            _("People met a locked door. Open it, then say so: it is on the list again at once."),
        ),
        key=f"stations.closed:{trouble.pk}",
    )
    by = "reports" if keeper.account_id is None else "keeper"
    jobs.publish(StationClosed(station_id=station.pk, by=by))


def _ask_above(station: Station, trouble: Trouble) -> None:
    """Where keeper and strangers keep contradicting each other, somebody else has to look."""
    now = clock.now()
    if not is_disputed(facts_of([station], now).words.get(station.pk, ()), now):
        return
    keepers_tell(
        station,
        told_at(station, 1),
        kind="stations.disputed",
        words=lambda: (
            _("%(station)s: word stands against word") % {"station": station.name},
            _("Its keeper says it is open, people keep meeting a locked door. Please look."),
        ),
        key=f"stations.disputed:{trouble.pk}",
    )
