"""Where a case stands towards the draw of its route: what it has there, which round it is for, in words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.allocation.api import (
    LIVE,
    Claim,
    Draw,
    Hindrance,
    OnePer,
    Pool,
    State,
    admission_of,
    draw_of_pool,
    may_manage,
    place_in_line,
    unruled,
)
from lianxin.catalogue.constants import DRAW_STEP, ROUNDS
from lianxin.catalogue.rules.filling import subject_named
from lianxin.catalogue.selectors.places import giving_unions
from lianxin.catalogue.selectors.shelf import draws_at, shelf
from lianxin.kit import clock
from lianxin.orgs.api import Actor, paths_above
from lianxin.procedures.api import CaseNote, Dossier, case_facts, visible_to
from lianxin.procedures.api import State as CaseState
from lianxin.ui.templatetags.ui import daytime
from lianxin.vault import api as vault

_KEY = "case:"


class Way(StrEnum):
    """What a draw is to a case now."""

    AHEAD = "ahead"  # a round is open, and the case is not yet at the step
    JOINS = "joins"  # it takes part in a moment
    IN = "in"
    WON = "won"
    WAITS = "waits"
    OFFERED = "offered"
    BARRED = "barred"  # a round is open, but not for it: a person looks at it
    LATE = "late"  # the list was closed before it came, or it lost what it had
    LEFT = "left"  # drawn, and there are more places than wanted them
    NONE = "none"  # no round: places are not short, or the next is not open yet


DECIDED_BY_DRAW = frozenset({Way.JOINS, Way.IN})
IN_LINE = frozenset({Way.WAITS, Way.OFFERED})


@dataclass(frozen=True, slots=True)
class DrawStand:
    """Where a case stands; `pool`: the round it is about; `barred`: why that one is not for it."""

    way: Way
    claim: Claim | None = None
    pool: Pool | None = None
    barred: str = ""

    @property
    def draw(self) -> Draw | None:
        """The draw of the round, once its rule is published."""
        return draw_of_pool(self.pool.pk) if self.pool else None


def key_of_case(dossier: Dossier) -> str:
    """Return the key its claim carries; another one when it comes back to a round it has left."""
    return f"{_KEY}{dossier.pk}:{dossier.seq}"


def case_of(key: str) -> uuid.UUID | None:
    """Return the case a claim's key carries."""
    return uuid.UUID(key.removeprefix(_KEY)[:36]) if key.startswith(_KEY) else None


def claim_of_case(dossier_id: uuid.UUID) -> Claim | None:
    """Return what a case has in a draw, the newest; None if it took part in none."""
    applicant = Dossier.objects.filter(pk=dossier_id).values("applicant_id")
    rows = Claim.objects.filter(
        account_id__in=applicant, pool__kind=ROUNDS, key__startswith=f"{_KEY}{dossier_id}"
    )
    return rows.select_related("pool__organisation").order_by("-made_at", "-pk").first()


def stands_at_draw(dossier: Dossier) -> bool:
    """Say whether a case is at the step that draws, with nobody asked for anything."""
    return dossier.state == CaseState.OPEN and dossier.step.kind == DRAW_STEP


def is_over(pool: Pool) -> bool:
    """Say whether nothing more comes of a round: what it gave places for has begun, or it is off."""
    return pool.off_at is not None or bool(pool.starts_at and pool.starts_at <= clock.now())


def rounds_of(dossier: Dossier) -> QuerySet[Pool]:
    """List the rounds of a case's service that unions above it opened and that are not called off."""
    offer = shelf().offer(dossier.version.code)
    if offer is None:
        return Pool.objects.none()
    # By where the case began: a step that moved up, being late, stays in the round of its district.
    return Pool.objects.filter(
        kind=ROUNDS,
        object_id=offer.item_id,
        organisation__path__in=paths_above(dossier.organisation.path),
        opens_at__lte=clock.now(),
        off_at=None,
    ).select_related("organisation")


def round_open(dossier: Dossier) -> Pool | None:
    """Return the round a case may join now; of several the one whose list closes first."""
    open_now = rounds_of(dossier).filter(closes_at__gt=clock.now())
    return open_now.order_by("closes_at", "pk").first()


def draw_stand(dossier: Dossier) -> DrawStand | None:
    """Say where a case stands towards the draw of its route; None if none is ahead, nor was any."""
    at = draws_at(dossier.definition)
    if at is None:
        return None
    claim = claim_of_case(dossier.pk)
    if claim is not None and (way := _way_of(claim)):
        return DrawStand(way, claim, claim.pool)
    if dossier.state == CaseState.CLOSED or dossier.step_index > at:
        return None
    pool = round_open(dossier)
    if dossier.step_index < at:
        return DrawStand(Way.AHEAD, pool=pool) if pool else None
    return _before_the_list(pool, dossier) if pool else _after_the_list(dossier, claim)


def barred_words(pool: Pool, dossier: Dossier) -> str:
    """Say why a case does not take part in an open round; "" if it does."""
    if dossier.applicant_id is None:
        return _("The account is closed.")
    subject = subject_of(dossier)
    if subject is None:
        return _("An application is for one child only, and this one names several. Please send one for each.")  # fmt: skip
    answer = admission_of(pool, dossier.applicant_id, subject=subject, by_case=True)
    if isinstance(answer, Hindrance):
        return answer.words
    other = Claim.objects.filter(pool=pool, unit=answer.unit, state__in=LIVE)
    if not other.exclude(key__startswith=f"{_KEY}{dossier.pk}").exists():
        return ""
    if pool.one_per == OnePer.SUBJECT:
        return _("Another case for the same child takes part already.")
    return _("Another case of the same person or family takes part already.")


def subject_of(dossier: Dossier) -> str | None:
    """Name what a case counts for once, a child, by a digest; "" where the person is; None: it names no one."""
    offer = shelf().offer(dossier.version.code)
    places = offer.card.places if offer else None
    if places is None or not places.subject:
        return ""
    case = case_facts(dossier.pk, dossier.version.code)
    named = subject_named(places.subject, case.values if case else {})
    return vault.blind_index(named, purpose="place_subject") if named else None


def hindrance_words(stand: DrawStand | None) -> str:
    """Say why nobody passes a case on by hand now; "" if somebody may."""
    if stand is None or stand.pool is None:
        return ""
    if stand.way in DECIDED_BY_DRAW:
        return _("The draw decides: %(what)s. The case goes on by itself.") % {"what": stand.pool.title}  # fmt: skip
    if stand.way in IN_LINE:
        return _("The case waits in the line of a draw, and goes on by itself when a place comes free.")  # fmt: skip
    return _desk_words(stand, None) if stand.way is Way.LATE else ""


def case_note(dossier: Dossier, actor: Actor, *, is_own: bool) -> CaseNote | None:
    """Tell on the page of a case what the draw is to it, and lead there."""
    stand = draw_stand(dossier)
    if stand is None:
        return None
    draw = stand.draw
    words = _own_words(stand, draw) if is_own else _desk_words(stand, draw)
    links = _own_links(stand, draw) if is_own else _desk_links(stand, draw, actor, dossier)
    return CaseNote(_("Places are drawn"), words, tuple(links))


def case_page(key: str) -> str:
    """Return the page of the case a claim carries, for its person."""
    case_id = case_of(key)
    return reverse("procedures:case", args=[case_id]) if case_id else ""


def case_desks(actor: Actor, keys: Sequence[str]) -> Mapping[str, str]:
    """Return where an officer opens the cases of claims, by key; without those she may not see. One query."""
    cases = {key: case_of(key) for key in keys}
    ids = [pk for pk in cases.values() if pk is not None]
    seen = set(visible_to(actor, Dossier.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    return {
        key: reverse("procedures:dossier", args=[pk]) for key, pk in cases.items() if pk in seen
    }


def _way_of(claim: Claim) -> Way | None:
    if claim.standing is State.CONFIRMED:
        return Way.WON
    if is_over(claim.pool):
        return None
    return {State.APPLIED: Way.IN, State.WAITING: Way.WAITS, State.OFFERED: Way.OFFERED}.get(
        claim.standing
    )


def _before_the_list(pool: Pool, dossier: Dossier) -> DrawStand:
    barred = barred_words(pool, dossier)
    return DrawStand(Way.BARRED if barred else Way.JOINS, pool=pool, barred=barred)


def _after_the_list(dossier: Dossier, claim: Claim | None) -> DrawStand:
    # Where the rule was never published nobody could take part, and nothing comes of it.
    closed = rounds_of(dossier).filter(
        ~unruled(), closes_at__lte=clock.now(), starts_at__gt=clock.now()
    )
    pool = closed.order_by("-closes_at", "pk").first()
    if pool is None:
        return DrawStand(Way.NONE, claim)
    has_left = pool.drawn_at is not None and pool.free > 0 and pool.waiting == 0
    return DrawStand(Way.LEFT if has_left else Way.LATE, claim, pool)


def _own_words(stand: DrawStand, draw: Draw | None) -> str:
    """Say it to the person in one sentence, with the days."""
    pool = stand.pool
    if pool is None:
        return _("No list is open now. When one opens, your case takes part by itself; if there are places enough, it goes on without a draw.")  # fmt: skip
    is_closed = pool.closes_at <= clock.now()
    words = {
        Way.AHEAD: _("There are fewer places than people who ask: they are drawn. The list closes on %(closes)s; your case takes part by itself once the step before is done. %(known)s"),
        Way.JOINS: _("There are fewer places than people who ask: they are drawn, and your case takes part by itself. The list closes on %(closes)s. %(known)s"),
        Way.IN: _("Your case is in the list, which was closed on %(closes)s. %(known)s") if is_closed else _("There are fewer places than people who ask: they are drawn, and your case takes part. The list closes on %(closes)s; being early makes no difference. %(known)s"),
        Way.WON: _("The draw gave you a place. Your case goes on by itself."),
        Way.WAITS: _("The draw gave you no place yet: you are number %(number)d in line. As soon as one comes free for you we ask you; else your case takes part in the next round by itself."),
        Way.OFFERED: _("A place came free for you. Please say yes by %(until)s; then your case goes on by itself."),
        Way.BARRED: _("Places are drawn until %(closes)s, but your case does not take part: %(why)s Your union looks at it and answers you."),
        Way.LATE: _("The list was closed on %(closes)s. Your case takes part in the next round by itself; if places are left, your union passes it on."),
        Way.LEFT: _("The draw is over and places are left. Your union passes your case on without a draw."),
    }[stand.way]  # fmt: skip
    return (words % _numbers(stand, draw)).strip()


def _desk_words(stand: DrawStand, draw: Draw | None) -> str:
    if stand.pool is None:
        return _("No round is open. Are there places enough, pass the case on; are there too few, open a round: the cases that wait here take part by themselves.")  # fmt: skip
    words = {
        Way.AHEAD: _("The list of %(what)s closes on %(closes)s. A case that comes to the draw later takes part in the next round only."),
        Way.JOINS: _("It takes part in %(what)s. The list closes on %(closes)s. %(known)s"),
        Way.IN: _("It takes part in %(what)s. The list closes on %(closes)s. %(known)s"),
        Way.WON: _("Drawn in %(what)s: it goes on by itself."),
        Way.WAITS: _("In line for %(what)s, number %(number)d. It goes on by itself when a place comes free."),
        Way.OFFERED: _("A place of %(what)s came free; the person has until %(until)s to say yes."),
        Way.BARRED: _("It does not take part in %(what)s: %(why)s Please look at it yourself."),
        Way.LATE: _("The list of %(what)s was closed on %(closes)s. The case takes part in the next round by itself."),
        Way.LEFT: _("%(what)s is drawn, and %(left)d places are left: you may pass the case on."),
    }[stand.way]  # fmt: skip
    return (words % _numbers(stand, draw)).strip()


def _numbers(stand: DrawStand, draw: Draw | None) -> dict[str, object]:
    pool, claim = stand.pool, stand.claim
    known = _("The result is known on %(day)s.") % {"day": daytime(draw.known_at)} if draw else _("The day of the result is published with the rule of the draw.")  # fmt: skip
    return {
        "what": pool.title if pool else "",
        "closes": daytime(pool.closes_at) if pool else "",
        "left": pool.free if pool else 0,
        "known": known,
        "number": place_in_line(claim) if claim and stand.way is Way.WAITS else 0,
        "until": daytime(claim.offered_until) if claim else "",
        "why": stand.barred,
    }


def _own_links(stand: DrawStand, draw: Draw | None) -> list[tuple[str, str]]:
    claim = stand.claim
    links: list[tuple[str, str]] = []
    if claim is not None and stand.way is Way.OFFERED:
        links.append((_("Say yes or no"), reverse("allocation:claim", args=[claim.pk])))
    if draw is not None:
        links.append((_("My draw: what happens when"), reverse("allocation:draw", args=[draw.pk])))
    if claim is not None and draw is not None:
        links.append((_("Verify my line"), reverse("allocation:draw_line", args=[claim.pk])))
    elif claim is not None:
        links.append((_("My place in the draw"), reverse("allocation:claim", args=[claim.pk])))
    return links


def _desk_links(
    stand: DrawStand, draw: Draw | None, actor: Actor, dossier: Dossier
) -> list[tuple[str, str]]:
    pool = stand.pool
    if pool is None:
        if not giving_unions(actor):
            return []
        address = reverse("catalogue:places_new", args=[dossier.version.code])
        return [(_("Open a round"), address)]
    if may_manage(actor, pool):
        return [(_("To the round"), reverse("allocation:pool_desk", args=[pool.pk]))]
    return [(_("To the draw"), reverse("allocation:draw", args=[draw.pk]))] if draw else []
