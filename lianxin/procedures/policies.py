"""Who may see a dossier, and who may do what with it: one condition for lists and pages alike."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.accounts.api import account_is_opened, unopened
from lianxin.orgs.api import Ability, Actor, HeldPost, Organisation, Reach, reach_q
from lianxin.procedures.models import Dossier, Payment, PaymentBatch, Recusal, Repair, Task
from lianxin.procedures.models.situation import situation_of
from lianxin.procedures.rules.definition import Confidentiality
from lianxin.procedures.rules.machine import Refusal, State, TaskState, Verb, Who, decide

_OPEN_TO_OVERSEERS = [Confidentiality.ORDINARY, Confidentiality.SENSITIVE]
_HELD = [TaskState.OPEN, TaskState.STOPPED, TaskState.DONE]
# Who may open the page a person signed.
SIGNED_FOR = frozenset({Who.PERSON, Who.HOLDER, Who.COLLEAGUE})
_PATH_STEP = 4  # treebeard's steplen: a path is made of pieces of this length


def visible_to(actor: Actor, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Narrow dossiers to those this person may know of: one's own, and those of one's desk."""
    return (
        dossiers if actor.is_system else dossiers.filter(_own_q(actor, "") | _office_q(actor, ""))
    )


def tasks_visible_to(actor: Actor, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Narrow tasks to those of dossiers this officer may know of; one's own dossiers are no work."""
    return tasks if actor.is_system else tasks.filter(_work_q(actor, "dossier__"))


def tasks_at_desk(actor: Actor, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Narrow tasks to those at a desk of this officer's; a part of what `visible_to` allows."""
    own = Q(assignee_id=actor.account_id)
    places = {post.organisation_id for post in actor.with_ability(Ability.DOSSIER_HANDLE)}
    # Said once more and plainly, so that the database starts from the indexes of the desk.
    near = Q(organisation_id__in=places)
    unsealed = ~Q(dossier__confidentiality=Confidentiality.SEALED)
    held = holder_q(actor) & (unsealed | own)
    return tasks.filter(near).filter(held, _unbiased_q(actor, "dossier__"))


def tasks_below(actor: Actor, tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Narrow tasks to those this officer only oversees; a part of what `visible_to` allows."""
    overseen = _overseen_q(actor, "dossier__") & _unbiased_q(actor, "dossier__")
    return tasks.filter(overseen).exclude(holder_q(actor))


def may_view(actor: Actor, dossier: Dossier) -> bool:
    """Say whether this person may know of a dossier: the condition of the lists, asked of one."""
    return visible_to(actor, Dossier.objects.filter(pk=dossier.pk)).exists()


def may_act(actor: Actor, dossier: Dossier, task: Task | None, verb: Verb) -> bool:
    """Say whether the judge of moves would let the actor make this one."""
    return not isinstance(
        decide(verb, situation_of(dossier, task), who_is(actor, dossier, task)), Refusal
    )


def who_is(actor: Actor, dossier: Dossier, task: Task | None, *, is_visible: bool = False) -> Who:
    """Say what the actor is to this dossier and its running (or, once closed, last) task.

    `is_visible` spares a query: the dossier came out of `visible_to`, which leaves out the barred.
    """
    if actor.is_system:
        return Who.SYSTEM
    if actor.account_id is None:
        return Who.STRANGER
    if actor.account_id == dossier.applicant_id:
        return Who.PERSON
    if dossier.state == State.AWAITING or actor.account_id == dossier.carried_by_id:
        return Who.HELPER if _helps(actor, dossier) else Who.STRANGER
    if task is None or (not is_visible and _is_barred(actor, dossier)):
        return Who.STRANGER
    return _officer(actor, dossier, task)


def _helps(actor: Actor, dossier: Dossier) -> bool:
    """Say whether an officer acts for the person: until she says yes; signed, until she signs in."""
    if dossier.state == State.AWAITING:
        return actor.is_officer and actor.account_id == dossier.helped_by_id
    return actor.is_officer and is_unopened(dossier)


def is_unopened(dossier: Dossier) -> bool:
    """Say whether the person has never signed in to see her case."""
    return dossier.applicant_id is not None and not account_is_opened(dossier.applicant_id)


def may_carry(actor: Actor, dossier: Dossier) -> bool:
    """Act for a person who signed on paper: an officer who helps the people of that union, of no kin."""
    if dossier.carried_by_id is None or dossier.submitted_at is None or actor.is_system:
        return False
    recusals = Recusal.objects.filter(dossier=dossier, account_id=actor.account_id)
    is_party = recusals.exclude(reason=Recusal.Reason.CARRIES).exists()
    helps = actor.can(Ability.MEMBER_HELP, dossier.organisation.path)
    return helps and not is_party and is_unopened(dossier)


def may_open_signed(actor: Actor, dossier_id: uuid.UUID) -> bool:
    """Open the page a person signed: she herself, and the desk that has the case in hand.

    It shows in plain writing what is sealed on the screen: nobody sees it from above, and who carried
    it in has handed it over.
    """
    rows = visible_to(actor, Dossier.objects.select_related("organisation", "respondent"))
    dossier = rows.filter(pk=dossier_id).first()
    if dossier is None:
        return False
    tasks = Task.objects.filter(dossier=dossier).select_related("organisation")
    task = tasks.live().first() or tasks.order_by("-opened_at", "-id").first()
    return who_is(actor, dossier, task, is_visible=True) in SIGNED_FOR


def has_signed_for(actor: Actor, dossier_id: uuid.UUID) -> bool:
    """Say whether an officer has handed in the page a person signed with her."""
    rows = Recusal.objects.filter(
        dossier_id=dossier_id, account_id=actor.account_id, reason=Recusal.Reason.CARRIES
    )
    return rows.filter(dossier__helped_by_id=actor.account_id).exists()


def holds(actor: Actor, dossier: Dossier) -> bool:
    """Say whether a step of a case is, or was, in the actor's hand or on her desk."""
    hers = Q(assignee_id=actor.account_id) | holder_q(actor)
    return Task.objects.filter(hers, dossier=dossier).exists()


def _officer(actor: Actor, dossier: Dossier, task: Task) -> Who:
    is_mine = task.assignee_id == actor.account_id
    if dossier.confidentiality == Confidentiality.SEALED:
        return Who.HOLDER if is_mine and _holds_seat(actor, task) else Who.STRANGER
    if _holds_seat(actor, task):
        return Who.HOLDER if is_mine or task.assignee_id is None else Who.COLLEAGUE
    return Who.OVERSEER if _oversees(actor, dossier, task) else Who.STRANGER


def acts_for(actor: Actor, task: Task | None, who: Who) -> dict[str, str]:
    """Return `{"for": account}` where the actor does this only as somebody's deputy (代理)."""
    if task is None or who not in {Who.HOLDER, Who.COLLEAGUE, Who.OVERSEER}:
        return {}
    seats = _seats(actor, task)
    if not seats:
        return actor.stands_in(Ability.DOSSIER_OVERSEE, task.organisation.path)
    if any(post.deputy_for is None for post in seats):
        return {}
    return {"for": str(seats[0].deputy_for)}


def _holds_seat(actor: Actor, task: Task) -> bool:
    return bool(_seats(actor, task))


def _seats(actor: Actor, task: Task) -> list[HeldPost]:
    return [
        post
        for post in actor.with_ability(Ability.DOSSIER_HANDLE)
        if post.organisation_id == task.organisation_id and f"|{post.role}|" in task.roles
    ]


def _oversees(actor: Actor, dossier: Dossier, task: Task) -> bool:
    """Over where it began, as the lists ask, and over where it lies, since she moves work there."""
    return (
        dossier.confidentiality in _OPEN_TO_OVERSEERS
        and actor.can(Ability.DOSSIER_OVERSEE, dossier.organisation.path)
        and actor.can(Ability.DOSSIER_OVERSEE, task.organisation.path)
        and not Task.objects.filter(dossier=dossier, is_hidden=True).exists()
    )


def _is_barred(actor: Actor, dossier: Dossier) -> bool:
    """Say whether the officer is party to the case: stepped back, family, or complained of."""
    if Recusal.objects.filter(dossier=dossier, account_id=actor.account_id).exists():
        return True
    respondent = dossier.respondent
    return respondent is not None and any(
        post.path.startswith(respondent.path) for post in actor.posts
    )


def _own_q(actor: Actor, prefix: str) -> Q:
    if actor.account_id is None:
        return Q(pk__in=[])
    return Q(**{f"{prefix}applicant_id": actor.account_id})


def _office_q(actor: Actor, prefix: str) -> Q:
    return _helper_q(actor, prefix) | _work_q(actor, prefix)


def _work_q(actor: Actor, prefix: str) -> Q:
    """What lies on a desk or under it; a case one only carries for its person is none of that."""
    if not actor.posts:
        return Q(pk__in=[])
    pk = OuterRef(f"{prefix}pk")
    tasks = Task.objects.filter(dossier_id=pk)
    at_my_desk = Q(Exists(tasks.filter(holder_q(actor))))
    had = tasks.filter(assignee_id=actor.account_id, state__in=_HELD)
    # A case is known to its desk for as long as one sits there: who has left it knows it no more.
    # A sealed one is known to its specialist alone, while she is one, whatever else she becomes.
    as_specialist = Q(Exists(had.filter(holder_q(actor))))
    unsealed = ~Q(**{f"{prefix}confidentiality": Confidentiality.SEALED})
    seen = as_specialist | (unsealed & at_my_desk) | _overseen_q(actor, prefix)
    return seen & _unbiased_q(actor, prefix)


def _overseen_q(actor: Actor, prefix: str) -> Q:
    """What those above see: neither restricted nor sealed, and nothing of hidden roles."""
    hidden = Exists(Task.objects.filter(dossier_id=OuterRef(f"{prefix}pk"), is_hidden=True))
    return (
        Q(**{f"{prefix}confidentiality__in": _OPEN_TO_OVERSEERS})
        & _within_q(actor, prefix)
        & ~Q(hidden)
    )


def _within_q(actor: Actor, prefix: str) -> Q:
    posts = actor.with_ability(Ability.DOSSIER_OVERSEE)
    if any(post.reach is Reach.BELOW and len(post.path) == _PATH_STEP for post in posts):
        return Q()  # from the root of the one tree everything is below: nothing to look up
    return reach_q(actor, Ability.DOSSIER_OVERSEE, prefix=f"{prefix}organisation")


def _unbiased_q(actor: Actor, prefix: str) -> Q:
    """The case is not the officer's own, nor her family's, nor about a house of hers; and it runs."""
    recusals = Recusal.objects.filter(
        dossier_id=OuterRef(f"{prefix}pk"), account_id=actor.account_id
    )
    above = Organisation.objects.filter(path__in=_paths_above(actor))
    complained_of = Q(**{f"{prefix}respondent__in": above})
    own = Q(**{f"{prefix}applicant_id": actor.account_id})
    begun = Q(**{f"{prefix}submitted_at__isnull": False})
    return begun & ~own & ~complained_of & ~Q(Exists(recusals))


def _helper_q(actor: Actor, prefix: str) -> Q:
    """An officer who filled in with the person sees it until the person has confirmed.

    Signed on paper, she carries it on until the person signs in herself. It is work of her desk:
    without a post in force, or its second factor, it is closed to her.
    """
    if actor.account_id is None or not actor.posts:
        return Q(pk__in=[])
    awaiting = Q(**{f"{prefix}helped_by_id": actor.account_id, f"{prefix}state": State.AWAITING})
    carried = {f"{prefix}carried_by_id": actor.account_id, f"{prefix}submitted_at__isnull": False}
    return awaiting | (Q(**carried) & Q(unopened(f"{prefix}applicant_id")))


def holder_q(actor: Actor) -> Q:
    """Return the condition "a task at a desk where the actor holds one of its roles"."""
    condition = Q(pk__in=[])
    for post in actor.with_ability(Ability.DOSSIER_HANDLE):
        condition |= Q(organisation_id=post.organisation_id, roles__contains=f"|{post.role}|")
    return condition


def _paths_above(actor: Actor) -> set[str]:
    return {
        post.path[:end]
        for post in actor.posts
        for end in range(_PATH_STEP, len(post.path) + 1, _PATH_STEP)
    }


def may_pay(actor: Actor, organisation_path: str) -> bool:
    """Pay out from the till of the organisation at `path`."""
    return actor.can(Ability.PAYMENT_MANAGE, organisation_path)


def payments_visible_to(actor: Actor, payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Narrow payments to those of one's tills; never of a case one is party to."""
    if actor.is_system:
        return payments
    within = reach_q(actor, Ability.PAYMENT_MANAGE)
    return payments.filter(within, _unbiased_q(actor, "dossier__"))


def batches_visible_to(actor: Actor, batches: QuerySet[PaymentBatch]) -> QuerySet[PaymentBatch]:
    """Narrow batches to those of one's tills; one with money of one's own is a colleague's to send."""
    if actor.is_system:
        return batches
    within = reach_q(actor, Ability.PAYMENT_MANAGE)
    payments = Payment.objects.filter(batch_id=OuterRef("pk"))
    barred = payments.exclude(_unbiased_q(actor, "dossier__"))
    return batches.filter(within).exclude(Exists(barred))


def repairs_visible_to(actor: Actor, repairs: QuerySet[Repair]) -> QuerySet[Repair]:
    """Narrow what is to be put right to the cases an officer may know of."""
    return repairs.filter(_work_q(actor, "dossier__"))
