"""What pages say of an activity and of its times, in sentences."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.activities.models import Activity, Session, Stop
from lianxin.activities.rules.groups import Group
from lianxin.activities.rules.kinds import Kind
from lianxin.activities.rules.maps import map_links, search_link
from lianxin.activities.rules.words import first_line
from lianxin.activities.selectors.kinds import kind_of
from lianxin.activities.selectors.listing import sessions_of
from lianxin.allocation.api import Audience, OnePer, Pool
from lianxin.eligibility import api as eligibility
from lianxin.kit import clock
from lianxin.kit.money import yuan
from lianxin.kit.workdays import SHANGHAI
from lianxin.ui.templatetags.ui import clocktime, day, daytime


@dataclass(frozen=True, slots=True)
class Free:
    """How it stands with the places, in a few words; `tone` is that of a chip."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that changed, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ActivityPage:
    """What the page of an activity draws."""

    activity: Activity
    kind: Kind
    session: Session | None
    free: Free | None
    others: list[Session]
    who: list[str]
    how: str
    cost: str
    stops: list[dict[str, Any]]
    maps: list[dict[str, str]]
    changed: list[Told]

    @property
    def when(self) -> str:
        """When the shown time is."""
        return when_words(self.session) if self.session else ""

    @property
    def first_line(self) -> str:
        """What it is, in one line."""
        return first_line(self.activity.words)

    @property
    def off_words(self) -> str:
        """Why it does not take place."""
        own = self.session.off_words if self.session else ""
        return own or self.activity.off_words

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The other times, as lines of a list."""
        return [{"session": one, "when": when_words(one), "free": free_of(one)} for one in self.others]  # fmt: skip


def page_of_activity(activity: Activity, session_id: uuid.UUID | None) -> ActivityPage:
    """Gather the page of an activity, at one of its times or the next. Three queries."""
    listed = sessions_of(activity.pk)
    for one in listed:
        one.activity = activity
    session = _chosen(activity, listed, session_id)
    return ActivityPage(
        activity=activity,
        kind=kind_of(activity.kind),
        session=session,
        free=free_of(session) if session else None,
        others=listed if len(listed) > 1 or session not in listed else [],
        who=list(who_sentences(activity, session)),
        how=how_sentence(activity, session),
        cost=cost_sentence(activity),
        stops=[_station(stop, session) for stop in activity.stops.order_by("number")],
        maps=_maps(activity, session),
        changed=changed_words(session) if session else [],
    )


def when_words(session: Session) -> str:
    """Say when it is: 11月29日 周日 14:00–16:00, or over several days."""
    starts, ends = (at.astimezone(SHANGHAI) for at in (session.starts_at, session.ends_at))
    if starts.date() == ends.date():
        return (
            f"{day(session.starts_at)} {clocktime(session.starts_at)}–{clocktime(session.ends_at)}"
        )
    return f"{daytime(session.starts_at)} – {daytime(session.ends_at)}"


def free_of(session: Session) -> Free:
    """Say how it stands with the places of a session."""
    if session.is_off:
        return Free(_("called off"), "late")
    if session.is_over:
        return Free(_("over"))
    if session.pool is None:
        return Free(_("just come"), "yes") if session.capacity is None else Free(_("not open yet"))
    return _free_of_pool(session.pool, has_waitlist=session.activity.has_waitlist)


def who_sentences(activity: Activity, session: Session | None) -> Iterator[str]:
    """Say who may come to one of its times, one condition a sentence."""
    match activity.audience:
        case Audience.EVERYBODY:
            yield _("Everybody may come, member or not.")
        case Audience.UNION:
            yield _("Only for members of %(union)s.") % {"union": activity.organisation.name}
        case _:
            yield _("For members of the union, whichever it is.")
    if activity.rule:
        yield from eligibility.rule_words(activity.rule)
    match activity.group:
        case Group.FAMILY:
            yield _("Bring your family: up to %(count)d people together.") % {"count": activity.most}  # fmt: skip
        case Group.TEAM:
            yield _("In teams of %(least)d to %(most)d; one signs the team up.") % {"least": activity.least, "most": activity.most}  # fmt: skip
        case Group.UNION:
            yield _("A union books for %(least)d to %(most)d of its people.") % {"least": activity.least, "most": activity.most}  # fmt: skip
    if (session.one_per if session else activity.one_per) is OnePer.FAMILY:
        yield _("A couple signs up once.")


def how_sentence(activity: Activity, session: Session | None) -> str:
    """Say how places are given."""
    if session is not None and session.capacity is None:
        return _("You need not sign up.")
    how = _how_given(activity)
    if session is not None and session.seats:
        how += " " + _("Seats are numbered; who comes together sits side by side while there is room, and the seat stands on the ticket.")  # fmt: skip
    return how


def _how_given(activity: Activity) -> str:
    never = activity.is_first_timers_first
    if activity.method == Pool.Method.DRAW:
        if never:
            return _("A draw that anyone can check decides among all who apply in time; those who had no place in the past year come first.")  # fmt: skip
        return _("Whoever applies in time has the same chance; a draw that anyone can check decides.")  # fmt: skip
    if not activity.has_waitlist:
        return _("Places go in the order in which people sign up, until all are taken.")
    if never:
        return _("Places go in the order in which people sign up; whoever comes later waits in line. When a place comes free, those in line who had none in the past year are asked first.")  # fmt: skip
    return _("Places go in the order in which people sign up; whoever comes later waits in line and is asked when one comes free.")  # fmt: skip


def cost_sentence(activity: Activity) -> str:
    """Say what it costs: nothing, or how much a person for what."""
    if not activity.cost_fen:
        return _("Free. Nobody sells anything there.")
    return _("%(sum)s yuan a person: %(what)s") % {
        "sum": yuan(activity.cost_fen).removesuffix(".00"),
        "what": activity.cost_words,
    }


def changed_words(session: Session) -> list[Told]:
    """Say what the last change was; nothing once it is a week old."""
    if not session.changed or session.changed_at < clock.now() - dt.timedelta(days=7):
        return []
    return [told_of(one) for one in session.changed]


def told_of(change: dict[str, str]) -> Told:
    """Say one stored change in the reader's language."""
    name = change["name"]
    labels = {
        "starts_at": _("Begins"),
        "ends_at": _("Ends"),
        "place": _("The place"),
        "address": _("Address"),
        "cost": _("Cost"),
        "bring": _("To bring"),
        "contact": _("Whom to call"),
        "stops": _("Along the way"),
    }
    before, after = _value(name, change["before"]), _value(name, change["after"])
    if name == "stops":
        before, after = change["before"] or _("no stop"), change["after"] or _("left out")
    return Told(labels.get(name, name), before, after)


def stop_lines(session: Session, stops: Iterable[Stop]) -> list[str]:
    """Say when one is at which stop, a line each."""
    return [
        f"{clocktime(session.starts_at + dt.timedelta(minutes=one.after_minutes))} {one.title}"
        + (f" ({one.address})" if one.address else "")
        for one in stops
    ]


def _free_of_pool(pool: Pool, *, has_waitlist: bool) -> Free:
    if pool.off_at is not None:
        return Free(_("called off"), "late")
    now = clock.now()
    if now >= pool.closes_at:
        return Free(_("sign-up has ended"))
    if now < pool.opens_at:
        return Free(_("sign-up from %(when)s") % {"when": daytime(pool.opens_at)}, "ask")
    if pool.terms.is_drawn:
        drawn = Free(_("drawn after %(when)s") % {"when": day(pool.closes_at)}, "ask")
        return Free(_("not open yet")) if pool.is_unruled else drawn
    if pool.free > 0:
        words = ngettext("%(count)d place free", "%(count)d places free", pool.free)
        return Free(words % {"count": pool.free}, "yes")
    return Free(_("waiting list"), "soon") if has_waitlist else Free(_("all places taken"))


def _value(name: str, plain: str) -> str:
    if not plain:
        return _("free of charge") if name == "cost" else _("nothing said")
    if name in {"starts_at", "ends_at"}:
        return daytime(dt.datetime.fromisoformat(plain))
    if name == "cost":
        fen, _blank, what = plain.partition(" ")
        return f"{yuan(int(fen)).removesuffix('.00')} {_('yuan')} · {what}"
    return plain


def _chosen(
    activity: Activity, listed: list[Session], session_id: uuid.UUID | None
) -> Session | None:
    """Return the session asked for, also when it is over; else the next, else the last there was."""
    for one in listed:
        if one.pk == session_id:
            return one
    if session_id is None:
        ahead = next((one for one in listed if not one.is_off), None)
        if ahead is not None or listed:
            return ahead or listed[0]
    rows = activity.sessions.select_related("pool", "organisation").order_by("-starts_at")
    found = rows.filter(pk=session_id).first() if session_id else rows.first()
    if found is not None:
        found.activity = activity
    return found


def _station(stop: Stop, session: Session | None) -> dict[str, Any]:
    at = session.starts_at + dt.timedelta(minutes=stop.after_minutes) if session else None
    stays = ngettext("%(count)d minute", "%(count)d minutes", stop.stay_minutes) % {"count": stop.stay_minutes}  # fmt: skip
    parts = [clocktime(at), stays, stop.address]
    return {
        "stop": stop,
        "title": stop.title,
        "when": " · ".join(part for part in parts if part),
        "maps": _links(stop.position, stop.title, stop.address),
    }


def _maps(activity: Activity, session: Session | None) -> list[dict[str, str]]:
    spot = session or activity
    if not (spot.place or spot.address):
        return []
    return _links(spot.position, spot.place, spot.address)


def _links(position: tuple[float, float] | None, name: str, address: str) -> list[dict[str, str]]:
    if position is None:
        return [{"label": _("Look for it in Amap"), "url": search_link(name, address)}] if address else []  # fmt: skip
    labels = {"geo": _("The phone’s own map"), "amap": _("Amap"), "baidu": _("Baidu Maps")}
    return [{"label": labels[one.code], "url": one.url} for one in map_links(position, name, address)]  # fmt: skip
