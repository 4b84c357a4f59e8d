"""Somebody else's rows: all of Lin's side of the federation, and three people who have no business there.

What the factories of the apps can make, they make. The rest is filled in by what each column asks
for (`made`), so that a new table costs one line here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import models

from lianxin.accounts.api import User
from lianxin.accounts.models import Challenge, Device, KioskGrant, SignIn
from lianxin.accounts.testing import user_of
from lianxin.activities.models import (
    AlbumPicture,
    Helped,
    Picture,
    PlanLine,
    Telling,
    YearPlan,
)
from lianxin.activities.services import cover_set
from lianxin.activities.testing import (
    activity_made,
    draft_made,
    pool_of,
    session_of,
)
from lianxin.allocation.api import Audience
from lianxin.allocation.models import Gate
from lianxin.allocation.testing import bookable_make, booked, claim_made, pool_make
from lianxin.allocation.testing.draws import draw_plan, draw_published, drawn_pool, plan_for
from lianxin.catalogue.testing import applied, begun, shipped_catalogue
from lianxin.eligibility import models as eligibility
from lianxin.eligibility.rules.drafting import file_of
from lianxin.eligibility.services.drafting import draft_begin
from lianxin.exchange.testing import (
    entry_of,
    hall_of,
    picture_set,
    resource_make,
    resource_offer,
)
from lianxin.files.testing import picture_upload
from lianxin.gateway.models import ClientRequest
from lianxin.gateway.testing import client_make
from lianxin.kit import clock
from lianxin.members.models import ImportRun, MemberExport, Relative, Suspicion
from lianxin.members.testing import Federation, counts_right, federation
from lianxin.notices.models import Notice, NoticeLine, Objection
from lianxin.notify.models import InboxMessage
from lianxin.orgs.api import Actor, Level, Reach, Role
from lianxin.orgs.models import Affiliation, OfficerReset, OrganisationChange, Post, PostProposal
from lianxin.orgs.testing import organisation_make, post_make
from lianxin.partners.api import Contact
from lianxin.partners.testing import partner_make
from lianxin.procedures.models import Payment, PaymentBatch
from lianxin.stations.models import Keeping, SpecialDays, StationImport, StationKiosk
from lianxin.stations.testing import Trouble, station_make
from lianxin.voice.models import Suggestion

DAY = dt.timedelta(days=1)


@dataclass
class World:
    """The federation with rows of Lin's side; `hidden` are hers or her officers', `shown` are public."""

    fed: Federation
    hidden: dict[str, list[Any]] = field(default_factory=dict)
    shown: dict[str, list[Any]] = field(default_factory=dict)
    strangers: dict[str, User] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)

    def hide(self, name: str, *rows: Any) -> None:
        self.hidden.setdefault(name, []).extend(rows)

    def show(self, name: str, *rows: Any) -> None:
        self.shown.setdefault(name, []).extend(rows)


def world() -> World:
    """Build it; the catalogue and the policies are those that ship."""
    made_ = World(federation())
    shipped_catalogue()
    call_command("policies_load", verbosity=0)
    for part in (
        _strangers,
        _officers,
        _cases,
        _places,
        _activities,
        _rules,
        _partners,
        _stations,
        _people,
        _unions,
        _accounts,
    ):
        part(made_)
    counts_right()
    return made_


def made(model: type[models.Model], **given: Any) -> Any:
    """Make a row of any table: what is not given and has no default gets the first thing that fits."""
    for one in model._meta.concrete_fields:
        if one.name in given or one.attname in given or one.has_default() or one.null:
            continue
        if one.primary_key or (one.blank and not isinstance(one, models.DateField)):
            continue
        given[one.name] = _fitting(one)
    return model._base_manager.create(**given)


def _fitting(one: models.Field[Any, Any]) -> Any:
    if one.choices:
        return next(iter(one.flatchoices))[0]
    if isinstance(one, models.ForeignKey):
        return one.related_model._base_manager.order_by("pk")[0]  # type: ignore[union-attr]  # a foreign key of a concrete model has one
    fitting: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.DateTimeField, clock.now()),
        (models.DateField, clock.today()),
        (models.UUIDField, uuid.uuid4()),
        (models.IntegerField, 1),
        (models.JSONField, {}),
    ]
    text = uuid.uuid4().hex[: one.max_length]
    return next((value for kind, value in fitting if isinstance(one, kind)), text)


def _strangers(here: World) -> None:
    """A worker of another union, and one who holds every post there is in the neighbouring district."""
    here.strangers["worker"] = here.fed.account("zhao")
    boss = here.strangers["officer"] = user_of("胡各职", phone="+8619900000777", login_name="hu")
    for role in Role:
        post_make(boss, here.fed.organisation("binhe"), role, Reach.BELOW)


def _officers(here: World) -> None:
    """Those of Lin's side, by key, and one for each role there is, in her district."""
    here.officers = {
        key: here.fed.account(key)
        for key in ("wang", "sun", "chen", "guo", "qian", "luo", "fang", "zhou", "he")
    }
    for number, role in enumerate(Role):
        account = user_of(role.value, phone=f"+861990000{8000 + number}", login_name=f"r{number}")
        here.officers[role.value] = account
        post_make(account, here.fed.organisation("jialing"), role, Reach.BELOW)


def _cases(here: World) -> None:
    fed = here.fed
    lin = fed.actor("lin")
    here.hide("dossier", applied(lin, "hardship-file"), applied(lin, "health-check"))
    wang, hers = fed.actor("wang"), fed.member_id("lin")
    here.hide("dossier", applied(wang, "medical-aid", person_id=hers, is_helped=True))
    here.hide("application", begun(lin, "medical-aid"))
    paid = made(
        Payment, dossier=here.hidden["dossier"][0], organisation=fed.organisation("jialing")
    )
    batch = made(
        PaymentBatch, organisation=fed.organisation("jialing"), created_by=fed.account("qian")
    )
    Payment.objects.filter(pk=paid.pk).update(batch=batch, state="batched")
    here.hide("payment_batch", batch)
    notice = made(
        Notice, organisation=fed.organisation("yangtze"), starts_at=clock.now() - DAY,
        ends_at=clock.now() + 3 * DAY, title_en="Helped", title_zh="拟帮扶",
    )  # fmt: skip
    line = made(NoticeLine, notice=notice, object_id=here.hidden["dossier"][0].pk, name="林某某")
    here.show("notice", notice)
    here.show("notice_line", line)
    here.hide(
        "notice_objection",
        made(Objection, line=line, account=fed.account("wang"), due_at=clock.now() + 5 * DAY),
    )
    here.hide(
        "suggestion",
        made(Suggestion, organisation=fed.organisation("yangtze"), account=fed.account("lin")),
    )
    here.hide("message", made(InboxMessage, account_id=fed.account_id("lin"), kind="hello"))


def _places(here: World) -> None:
    fed = here.fed
    union = fed.organisation("yangtze")
    pool = pool_make(union, 3, audience=Audience.UNION)
    here.show("pool", pool)
    here.hide("claim", claim_made(pool, fed.account_id("lin")))
    here.hide("gate", made(Gate, pool=pool, opened_by=fed.account("wang")))
    bookable = bookable_make(union, 2, guests="union")
    here.show("bookable", bookable)
    here.hide("booking", booked(bookable, fed.actor("lin"), clock.today() + 3 * DAY))
    watched = [fed.account(key) for key in ("qian", "luo", "fang", "ma")]
    planned, open_ = (drawn_pool(union, audience=Audience.UNION) for _ in range(2))
    here.show("pool", planned)
    here.hide(
        "draw", draw_plan(actor=Actor.system(), pool_id=planned.pk, plan=plan_for(planned, watched))
    )
    here.show("draw", draw_published(open_, watched))
    here.show("pool", open_)
    here.hide("claim", claim_made(open_, fed.account_id("lin")))


def _activities(here: World) -> None:
    fed = here.fed
    union = fed.organisation("yangtze")
    draft = draft_made(union, title="还没发布的活动")
    inside = activity_made(union, audience="union")
    here.hide("activity", draft)
    here.show("activity", inside)
    here.hide("session", session_of(draft))
    cover_set(actor=fed.actor("wang"), activity_id=draft.pk, upload=picture_upload(), alt="红花")
    lin = fed.account("lin")
    here.hide("helped", made(Helped, account=lin, session=session_of(inside)))
    seen = made(
        AlbumPicture, session=session_of(inside), picture=Picture.objects.get(), added_by=lin
    )
    here.hide("album", seen)
    plan = made(YearPlan, organisation=union, year=clock.today().year)
    here.hide("plan_line", made(PlanLine, plan=plan, month=5))
    here.hide("picture", *Picture.objects.all())
    here.show("session", session_of(inside))
    here.hide("claim", claim_made(pool_of(inside), fed.account_id("lin")))
    here.hide("telling", made(Telling, session=session_of(inside), made_by=fed.account("wang")))


def _rules(here: World) -> None:
    fed = here.fed
    union, lin = fed.organisation("jialing"), fed.member("lin")
    version = eligibility.PolicyVersion.objects.filter(is_current=True).order_by("code")[0]
    here.show("policy", version)
    asked = {"member": lin, "policy": version}
    here.hide(
        "policy_objection",
        made(eligibility.Objection, **asked, organisation=union, due_at=clock.now() + 9 * DAY),
    )
    here.hide("proposal", made(eligibility.Proposal, **asked, shown_from=clock.now() - DAY))
    draft = draft_begin(
        actor=fed.actor("guo"),
        code=version.code,
        organisation_id=union.pk,
        typed=file_of(version.content),
    )
    here.hide("policy_draft", draft)


def _partners(here: World) -> None:
    fed = here.fed
    contact = user_of("何敏", phone="+8619900000778")
    partner = partner_make("嘉岭夜校", fed.organisation("jialing"), contact=contact)
    here.hide("partner", partner)
    here.hide("contact", Contact.objects.get(partner=partner))
    offered = resource_make(partner, way="booked")
    here.show("resource", offered, resource_make(partner, kind="course", way="voucher", quantity=5))
    waits = resource_offer(
        actor=Actor.system(), partner=partner, key="waits", entry=entry_of(title="还没看过的教室")
    )
    pictured = picture_set(
        actor=Actor(account_id=contact.pk),
        resource_id=waits.pk,
        upload=picture_upload(),
        alt="教室",
    )
    here.hide("resource", waits)
    here.hide("resource_picture", pictured.picture)
    street = fed.organisation("beicang")
    here.hide(
        "resource_booking",
        booked(
            hall_of(offered),
            fed.actor("sun"),
            clock.today() + 9 * DAY,
            4,
            half=37,
            union_id=street.pk,
        ),
    )
    client, _secret = client_make(fed.organisation("jialing"))
    here.hide("client", client)
    asked = {"client": client, "asked_by": fed.account("chen"), "expires_at": clock.now() + DAY}
    here.hide("client_request", made(ClientRequest, **asked))


def _stations(here: World) -> None:
    fed = here.fed
    station = station_make(fed.organisation("beicang"))
    here.show("station", station)
    here.hide("days", made(SpecialDays, station=station))
    here.hide("keeping", made(Keeping, station=station, account=fed.account("sun")))
    here.hide("trouble", made(Trouble, station=station))
    here.hide("station_kiosk", made(StationKiosk, station=station, code="WALKWALK", key_digest=""))
    here.hide(
        "station_import",
        made(
            StationImport, organisation=fed.organisation("jialing"), sent_by=fed.account_id("chen")
        ),
    )


def _people(here: World) -> None:
    fed = here.fed
    union, lin = fed.organisation("yangtze"), fed.member("lin")
    wang = fed.account_id("wang")
    here.hide("member", lin)
    here.hide("relative", made(Relative, member=lin))
    here.hide(
        "export",
        made(
            MemberExport, account_id=fed.account_id("chen"), organisation=union, purpose="gathering"
        ),
    )
    run = {"organisation": union, "started_by": wang}
    here.hide(
        "import",
        made(ImportRun, **run, state="ready"),
        made(ImportRun, **run, kind="yearly", state="done"),
    )
    here.hide("suspicion", made(Suspicion, first=lin, second=fed.member("wang")))


def _unions(here: World) -> None:
    fed = here.fed
    union, street = fed.organisation("yangtze"), fed.organisation("beicang")
    trade = organisation_make(
        "机械行业工会", code="JZ-JX", level=Level.INDUSTRY, parent=fed.organisation("city")
    )
    here.show("union", union)
    here.hide(
        "change",
        made(OrganisationChange, organisation=union, kind="move", state="planned", target=street),
    )
    here.hide("affiliation", made(Affiliation, organisation=union, parent=trade))
    here.hide("post", Post.objects.get(account=fed.account("wang")))
    later = clock.now() + 3 * DAY
    posts = {"account": fed.account("wang"), "organisation": union}
    here.hide("reset", made(OfficerReset, **posts, asked_by=fed.account("chen"), expires_at=later))
    here.hide(
        "post_proposal",
        made(
            PostProposal, **posts, role="finance", proposed_by=fed.account("chen"), expires_at=later
        ),
    )


def _accounts(here: World) -> None:
    fed = here.fed
    lin = fed.account("lin")
    for purpose in ("sign_in", "change"):
        run = made(
            SignIn,
            account=lin,
            phone=lin.phone,
            phone_index=lin.phone_index,
            purpose=purpose,
            expires_at=clock.now() + DAY,
        )
        here.hide("sign_in", run)
    here.hide("device", made(Device, account=lin))
    here.hide("kiosk_grant", made(KioskGrant, account=None))
    here.hide(
        "passkey",
        made(Authenticator, user=lin, type=Authenticator.Type.WEBAUTHN, data={"name": "手机"}),
    )
    here.hide("challenge", made(Challenge, account=lin, purpose="link"))
