"""Partners and their offers, readings of rolls, lists that went out, and what is proposed: drawn, written."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from lianxin.accounts.api import User
from lianxin.eligibility.models import PolicyVersion, Proposal
from lianxin.exchange.models import Amendment, Resource
from lianxin.kit import clock
from lianxin.members.api import Member
from lianxin.members.models import ExportedMember, ImportRun, MemberExport
from lianxin.orgs.api import Organisation, Post
from lianxin.orgs.models import PostProposal
from lianxin.partners.models import Contact, Partner
from tests.matrix.oracle import BRINGS, Firm, Offer, Run, Taken, Wanted, World

STATES = ("open", "wished", "invited", "begun", "refused")


@dataclass
class Further:
    """These rows in the database, in the order of the world's lists."""

    firms: list[Partner]
    offers: list[Resource]
    runs: list[ImportRun]
    taken: list[MemberExport]
    found: list[Proposal]
    wanted: list[PostProposal]


def further_drawn(
    rnd: random.Random,
    world: World,
    node: Callable[[], int],
    who: Callable[[], int],
    maybe: Callable[[int], int | None],
) -> None:
    """Draw a few of each; half of them lie where somebody sits, or are of somebody with a post."""

    def seat() -> int:
        return rnd.choice([node(), rnd.choice(world.posts).node])

    def officer() -> int:
        return rnd.choice([who(), rnd.choice(world.posts).account])

    everybody = range(len(world.members))
    for _firm in range(3):
        contacts = {officer(): rnd.random() < 0.3 for _n in range(2)}
        is_ended = rnd.random() < 0.2
        firm = Firm(seat(), is_ended, [(one, is_ended or over) for one, over in contacts.items()])
        world.firms.append(firm)
        world.offers.append(Offer(firm, maybe(officer()), maybe(officer())))
    world.runs = [Run(seat(), rnd.random() < 0.5) for _n in range(4)]
    world.taken = [
        Taken(officer(), seat(), rnd.sample(everybody, rnd.randint(0, 3))) for _n in range(6)
    ]
    world.found = [(rnd.choice(everybody), rnd.choice(STATES)) for _n in range(4)]
    asked = [(officer(), seat(), rnd.choice(sorted(BRINGS))) for _n in range(5)]
    world.wanted = [
        Wanted(*one, rnd.random() < 0.5, officer(), maybe(rnd.randrange(len(world.posts))))
        for one in sorted(set(asked))
    ]


def further_written(
    world: World,
    users: list[User],
    organisations: list[Organisation],
    posts: list[Post],
    members: list[Member],
) -> Further:
    firms, offers = _partners(world, users, organisations)
    runs = ImportRun.objects.bulk_create(
        ImportRun(
            organisation=organisations[run.node], takes_below=run.below, kind="yearly",
            file_digest=uuid.uuid4().hex, file_name=f"r{n}", state="done",
            started_at=clock.now() + dt.timedelta(seconds=n),
        )
        for n, run in enumerate(world.runs)
    )  # fmt: skip
    taken = MemberExport.objects.bulk_create(
        MemberExport(
            account_id=users[one.by].pk, organisation=organisations[one.node], purpose="gathering"
        )
        for one in world.taken
    )
    ExportedMember.objects.bulk_create(
        ExportedMember(export=row, member=members[at])
        for row, one in zip(taken, world.taken, strict=True)
        for at in one.people
    )
    policy = PolicyVersion.objects.create(
        code="matrix", version=1, region="N0", digest="x", content={}, purpose="x",
        valid_from=clock.today(),
    )  # fmt: skip
    found = Proposal.objects.bulk_create(
        Proposal(
            member=members[at], policy=policy, year=2000 + n, state=state, shown_from=clock.now()
        )
        for n, (at, state) in enumerate(world.found)
    )
    wanted = PostProposal.objects.bulk_create(
        PostProposal(
            account=users[one.account], organisation=organisations[one.node], role=one.role,
            reach="here_and_below" if one.below else "here", starts_on=clock.today(),
            post=None if one.post is None else posts[one.post], proposed_by=users[one.by],
            expires_at=clock.now() + dt.timedelta(days=7),
        )
        for one in world.wanted
    )  # fmt: skip
    return Further(firms, offers, runs, taken, found, wanted)


def _partners(
    world: World, users: list[User], organisations: list[Organisation]
) -> tuple[list[Partner], list[Resource]]:
    today = clock.today()
    firms = Partner.objects.bulk_create(
        Partner(
            organisation=organisations[firm.node], name=f"F{n}", kind="school",
            state="ended" if firm.ended else "in_force",
        )
        for n, firm in enumerate(world.firms)
    )  # fmt: skip
    Contact.objects.bulk_create(
        Contact(partner=row, account=users[who], ended_on=today if over else None)
        for row, firm in zip(firms, world.firms, strict=True)
        for who, over in firm.contacts
    )
    offers = Resource.objects.bulk_create(
        Resource(
            partner=firms[n], key=f"o{n}", kind="venue", title=f"O{n}",
            price="x", way="asked", audience="workers", starts_on=today, ends_on=today,
            offered_by=None if offer.by is None else users[offer.by],
        )
        for n, offer in enumerate(world.offers)
    )  # fmt: skip
    Amendment.objects.bulk_create(
        Amendment(resource=row, kind="end", reason="x", asked_by=users[offer.wish_by])
        for row, offer in zip(offers, world.offers, strict=True)
        if offer.wish_by is not None
    )
    return firms, offers
