"""What the rules of seeing say, once more and as plainly as can be: no database, nothing of ours.

Written from the specification, not from the code: loops over lists, a table by hand. Whoever
changes what a role brings changes it here too, and says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field

OFFICER = {"dossier.handle", "member.view", "member.help", "suggestion.answer"}
LEADER = OFFICER | {
    "dossier.oversee",
    "team.view",
    "notice.manage",
    "member.import",
    "station.keep",
    "places.manage",
    "partner.manage",
}
BRINGS: dict[str, set[str]] = {
    "chair": LEADER | {"post.grant", "organisation.manage", "policy.edit", "policy.publish"},
    "officer": LEADER,
    "officer_part_time": OFFICER | {"station.keep", "places.manage"},
    "caseworker": OFFICER,
    "finance": {"payment.manage", "dossier.handle"},
    "counsellor": {"dossier.handle"},
    "lawyer": {"dossier.handle"},
    "editor": {"policy.edit"},
    "station_keeper": {"station.keep"},
    "auditor": {"audit.view"},
    "system_admin": {"jobs.view"},
    "security_admin": {"post.grant", "client.view", "client.manage"},
    "audit_admin": {"audit.view"},
}
BESIDE = {"expert", "mentor", "volunteer", "partner_contact"}  # no desk, no ability
CHECKED = sorted(set().union(*BRINGS.values()))
TRUSTED = {"counsellor", "lawyer"}  # hidden from above
STAYS_WITH_HOLDER = {"post.grant", "policy.publish", "client.manage"}


@dataclass
class P:
    """A post; days count from today, None is an open end."""

    account: int
    node: int
    role: str
    below: bool
    first: int = -10
    last: int | None = None
    deputy: int | None = None
    deputy_first: int = 0
    deputy_last: int = 0
    locked: bool = False


@dataclass
class T:
    """A task of a dossier."""

    node: int
    roles: list[str]
    assignee: int | None
    state: str

    @property
    def hidden(self) -> bool:
        return all(role in TRUSTED for role in self.roles)


@dataclass
class D:
    """A dossier; `sealed` and so on is its confidentiality."""

    applicant: int
    node: int
    secrecy: str
    respondent: int | None
    helper: int | None
    awaiting: bool
    recused: set[int]
    tasks: list[T]
    payment_at: int | None = None
    carrier: int | None = None  # acts for a person who signed on paper; recused with it


@dataclass
class Firm:
    """A partner, looked after by the union at `node`; contacts with whether each has ended."""

    node: int
    ended: bool
    contacts: list[tuple[int, bool]]


@dataclass
class Offer:
    """What a partner shares, who offered it, and who wants it changed (None: nobody does)."""

    firm: Firm
    by: int | None
    wish_by: int | None


@dataclass
class Run:
    """A reading of a roll into the union at `node`, or into all at and below it."""

    node: int
    below: bool


@dataclass
class Taken:
    """A list somebody took out of the union at `node`, and who stands in it (places in `members`)."""

    by: int
    node: int
    people: list[int]


@dataclass
class Wanted:
    """A post, or standing in for `holder`, that waits for a second person's yes."""

    account: int
    node: int
    role: str
    below: bool
    by: int
    post: int | None  # place in `posts`


@dataclass
class World:
    """A tree (the parent of each node; the root is 0 and its own), people, posts and rows."""

    parents: list[int]
    people: int
    posts: list[P]
    members: list[tuple[int, int | None]] = field(default_factory=list)
    dossiers: list[D] = field(default_factory=list)
    objections: list[tuple[int, int, int | None]] = field(default_factory=list)
    suggestions: list[tuple[int, int | None]] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)  # who has signed in once
    firms: list[Firm] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    found: list[tuple[int, str]] = field(default_factory=list)  # whose place in `members`; state
    wanted: list[Wanted] = field(default_factory=list)

    def above(self, node: int) -> set[int]:
        """The node itself and all above it."""
        found = {node}
        while node != 0:
            node = self.parents[node]
            found.add(node)
        return found

    def borne(self, who: int) -> list[tuple[P, set[str]]]:
        """The posts at a desk one acts in today, with what each brings."""
        found = []
        for post in self.posts:
            in_force = post.first <= 0 and (post.last is None or post.last >= 0)
            if not in_force or post.role in BESIDE:
                continue
            if post.account == who:
                found.append((post, BRINGS[post.role]))
            elif post.deputy == who and post.deputy_first <= 0 <= post.deputy_last:
                found.append((post, BRINGS[post.role] - STAYS_WITH_HOLDER))
        return found

    def can(self, who: int, ability: str, node: int) -> bool:
        """Reach: here, or here and below."""
        return any(
            ability in brings
            and (post.node == node or (post.below and post.node in self.above(node)))
            for post, brings in self.borne(who)
        )

    def party(self, who: int, d: D) -> bool:
        """One's own case, one has stepped back, or sits in the house complained of or below it."""
        inside = d.respondent is not None and any(
            d.respondent in self.above(post.node) for post, _brings in self.borne(who)
        )
        return d.applicant == who or who in d.recused or inside

    def seat(self, who: int, t: T) -> bool:
        """A desk of mine: the task lies at my union and names my role."""
        return any(
            "dossier.handle" in brings and post.node == t.node and post.role in t.roles
            for post, brings in self.borne(who)
        )

    def oversees(self, who: int, d: D) -> bool:
        """From above: neither restricted nor sealed, and nothing in it is hidden from above."""
        open_ = d.secrecy in {"ordinary", "sensitive"} and not any(t.hidden for t in d.tasks)
        return open_ and self.can(who, "dossier.oversee", d.node)

    def sees_as_office(self, who: int, d: D) -> bool:
        """As work: at my desk, or over it; a sealed one only as its specialist."""
        if not self.borne(who) or d.awaiting or self.party(who, d):
            return False
        if d.secrecy == "sealed":
            return any(
                self.seat(who, t) and t.assignee == who and t.state in {"open", "stopped", "done"}
                for t in d.tasks
            )
        return any(self.seat(who, t) for t in d.tasks) or self.oversees(who, d)

    def sees(self, who: int, d: D) -> bool:
        """One's own cases, those one helps somebody with, and those of one's work."""
        return d.applicant == who or self.helps(who, d) or self.sees_as_office(who, d)

    def helps(self, who: int, d: D) -> bool:
        """Filled in with her, until she says yes; carried for her, until she has signed in once."""
        if not self.borne(who):
            return False
        if d.awaiting:
            return d.helper == who
        return d.carrier == who and d.applicant not in self.opened

    def task_at_desk(self, who: int, d: D, t: T) -> bool:
        """In the queue: mine to do."""
        if d.awaiting or self.party(who, d) or not self.seat(who, t):
            return False
        return d.secrecy != "sealed" or t.assignee == who

    def task_below(self, who: int, d: D, t: T) -> bool:
        """In the queue of those above: seen, not mine."""
        if d.awaiting or self.party(who, d) or self.seat(who, t):
            return False
        return self.oversees(who, d)

    def sees_payment(self, who: int, d: D) -> bool:
        """Of my till, and not of a case I am party to."""
        at = d.payment_at
        return at is not None and self.can(who, "payment.manage", at) and not self.party(who, d)

    def sees_objection(self, who: int, row: tuple[int, int, int | None]) -> bool:
        """Of my union's notices, neither mine nor against me."""
        node, objector, subject = row
        return self.can(who, "notice.manage", node) and who not in {objector, subject}

    def sees_suggestion(self, who: int, row: tuple[int, int | None]) -> bool:
        """Sent to my union or below, not by me."""
        node, writer = row
        return self.can(who, "suggestion.answer", node) and who != writer

    def sees_post(self, who: int, post: P) -> bool:
        """One's own, one's deputed, and where one gives posts or reads the trail."""
        within = self.can(who, "post.grant", post.node) or self.can(who, "audit.view", post.node)
        return within or who in {post.account, post.deputy}

    def may_grant(self, who: int, node: int, whom: int, *, below: bool) -> bool:
        """Never to oneself, and nothing that reaches farther than one's own right to give."""
        if who == whom:
            return False
        return any(
            "post.grant" in brings
            and (post.node == node or (post.below and post.node in self.above(node)))
            and (post.below or not below)
            for post, brings in self.borne(who)
        )

    def can_below(self, who: int, ability: str, node: int) -> bool:
        """Reach over a union and all below it."""
        return any(
            ability in brings and post.below and post.node in self.above(node)
            for post, brings in self.borne(who)
        )

    def at_and_below(self, node: int) -> set[int]:
        return {one for one in range(len(self.parents)) if node in self.above(one)}

    def speaks(self, who: int, firm: Firm) -> bool:
        """A contact of a partner we work with today."""
        return not firm.ended and (who, False) in firm.contacts

    def checks(self, who: int, offer: Offer) -> bool:
        """Whoever looks after the partner, never who offered it or speaks for the partner."""
        manages = self.can(who, "partner.manage", offer.firm.node)
        return manages and who != offer.by and not self.speaks(who, offer.firm)

    def sees_run(self, who: int, run: Run) -> bool:
        """A roll is read, and seen, by whoever may read it in whole."""
        may = self.can_below if run.below else self.can
        return may(who, "member.import", run.node)

    def run_touches(self, run: Run) -> set[int]:
        return self.at_and_below(run.node) if run.below else {run.node}

    def takes_out(self, who: int, node: int) -> bool:
        """A list of a union: whoever serves its members."""
        return self.can(who, "member.help", node) and self.can(who, "member.view", node)

    def lists(self, who: int, node: int) -> set[int]:
        """The places of those in a list of a union and those below: only whom one may see."""
        return {
            at
            for at, (home, _person) in enumerate(self.members)
            if home in self.at_and_below(node) and self.can(who, "member.view", home)
        }

    def opens_list(self, who: int, one: Taken) -> bool:
        """Her own, while she could take it out again; who has left that union does not count."""
        there = {at for at in one.people if self.members[at][0] in self.at_and_below(one.node)}
        return (
            one.by == who and self.takes_out(who, one.node) and there <= self.lists(who, one.node)
        )

    def serves(self, who: int, at: int) -> bool:
        """Acts on what is proposed for a member: whoever serves her, never she herself."""
        node, person = self.members[at]
        return self.can(who, "member.help", node) and person != who

    def sees_found(self, who: int, row: tuple[int, str]) -> bool:
        """Whoever serves her, unless she said no."""
        return self.serves(who, row[0]) and row[1] != "refused"

    def sees_wanted(self, who: int, one: Wanted) -> bool:
        """Where one gives posts or reads the trail, and what one proposed."""
        within = self.can(who, "post.grant", one.node) or self.can(who, "audit.view", one.node)
        return within or who == one.by

    def confirms(self, who: int, one: Wanted) -> bool:
        """A second person who may give it: nobody it is from, for, or stands in for."""
        holder = None if one.post is None else self.posts[one.post].account
        if who in {one.by, one.account, holder}:
            return False
        return self.may_grant(who, one.node, one.account, below=one.below)
