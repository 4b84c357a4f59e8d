"""What a keeper found and did, and what happens when nobody looks."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from lianxin.audit import api as audit
from lianxin.jobs import api as jobs
from lianxin.kit import clock
from lianxin.kit.errors import RefusedError, StaleError
from lianxin.kit.text import clean
from lianxin.kit.transactions import atomic
from lianxin.orgs.api import Actor
from lianxin.stations.constants import closing_kinds, codes
from lianxin.stations.events import StationReopened, TroubleAnswered, TroubleEscalated
from lianxin.stations.models import Station, Trouble
from lianxin.stations.rules.clocks import due_after
from lianxin.stations.rules.hours import Almanac
from lianxin.stations.selectors.keepers import told_at
from lianxin.stations.selectors.seeing import facts_of
from lianxin.stations.services.keeping import keep_check
from lianxin.stations.services.marking import keepers_tell, mark, record, station_locked
from lianxin.stations.services.reporting import CLOCK

LONGEST = 400


def trouble_answer(
    *,
    actor: Actor,
    trouble_id: uuid.UUID,
    found: str,
    answer: str,
    is_open_now: bool,
) -> Trouble:
    """Say what was found and what was done; everybody can read it on the station's page.

    Of a locked door the keeper says whether it is open now: if so, what people met before does not
    count any more. If not, she closes it for a while first, so that the list can say until when.
    The same answer again changes nothing. Publishes TroubleAnswered, and StationReopened.

    Raises:
        ForbiddenError: another union looks after the station.
        RefusedError: no words, or it is neither open nor closed for a while.
        StaleError: a colleague answered otherwise before.
    """
    said = clean(answer)
    if not said or len(said) > LONGEST:
        raise RefusedError(_("Please write in a sentence or two what was done."), field="answer")
    if found not in Trouble.Found.values:
        raise RefusedError(_("Please say what you found."), field="found")
    now = clock.now()
    with atomic():
        held = Trouble.objects.get(pk=trouble_id)
        station = station_locked(held.station_id)
        trouble = Trouble.objects.get(pk=trouble_id)
        keep_check(actor, station)
        if not trouble.is_open:
            if (trouble.found, trouble.answer) == (found, said):
                return trouble
            raise StaleError(_("A colleague has answered this already."))
        is_word = is_open_now and trouble.kind in closing_kinds()
        standing = facts_of([station], now).standing(station, now, Almanac())
        if trouble.kind in closing_kinds() and not is_open_now and standing.shut is None:
            raise RefusedError(
                _("If it stays closed, please close it for a while first, with the day it opens."),
                field="is_open_now",
            )
        trouble.state, trouble.found, trouble.answer = Trouble.State.ANSWERED, found, said
        trouble.is_open_now, trouble.answered_at = is_word, now
        trouble.save()
        jobs.cancel(f"{CLOCK}:{trouble.pk}:{trouble.level}")
        mark(station)
        record(actor, "stations.answered", station, trouble=str(trouble.pk), found=found)
        jobs.publish(TroubleAnswered(station_id=station.pk, trouble_id=trouble.pk))
        if is_word and standing.verdict.is_locked:
            jobs.publish(StationReopened(station_id=station.pk))
    return trouble


def trouble_escalate(*, trouble_id: uuid.UUID, level: int) -> None:
    """Tell the level above that a repair clock ran out; run again, it does nothing."""
    now = clock.now()
    with atomic():
        trouble = Trouble.objects.select_for_update().filter(pk=trouble_id).first()
        if trouble is None or not trouble.is_open or trouble.level != level:
            return
        if trouble.due_at > now:
            return
        station = Station.objects.select_related("organisation").get(pk=trouble.station_id)
        above = told_at(station, level + 1)
        if not above:
            return  # the topmost has it; the desk shows how late it is
        trouble.level = level + 1
        trouble.due_at = due_after(now, dt.timedelta(hours=codes().reports[trouble.kind].hours))
        trouble.save(update_fields=["level", "due_at"])
        what = codes().reports[trouble.kind].label
        keepers_tell(
            station,
            above,
            kind="stations.late",
            words=lambda: (
                _("%(station)s: nobody has looked yet") % {"station": station.name},
                _("%(what)s. Those who look after it have let the time run out.") % {"what": what},
            ),
            key=f"stations.late:{trouble.pk}:{trouble.level}",
        )
        jobs.enqueue(
            CLOCK,
            payload={"trouble_id": str(trouble.pk), "level": trouble.level},
            run_at=trouble.due_at,
            key=f"{CLOCK}:{trouble.pk}:{trouble.level}",
        )
        audit.record(
            actor_id=None,
            action="stations.escalated",
            kind="stations.Trouble",
            object_id=trouble.pk,
            detail={"level": trouble.level},
        )
        jobs.publish(
            TroubleEscalated(station_id=station.pk, trouble_id=trouble.pk, level=trouble.level)
        )
