"""Activities, the times they take place, the stops of a route."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lianxin.activities.models.keys import degrees, uuid_key
from lianxin.activities.models.picture import Picture
from lianxin.activities.rules.groups import Group
from lianxin.activities.rules.questions import Question, questions_of
from lianxin.activities.rules.states import State
from lianxin.activities.rules.words import Block, blocks_of
from lianxin.allocation.api import Audience, OnePer, Pool
from lianxin.kit import clock

# What may have places only once: else husband and wife would each take a family's.
_COUNTED_ONCE: dict[str, OnePer] = {Group.UNION: OnePer.SUBJECT, Group.FAMILY: OnePer.FAMILY}


class Activity(models.Model):
    """What a union arranges, once or many times (文体活动、主题活动); each time is a session.

    Who may come, how places are given and how large a group may be is the same for all its
    sessions, and stays once it was published: people have relied on it.
    """

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(max_length=64, help_text="of the form: a second sending changes nothing")
    kind = models.CharField(max_length=24, help_text="of data/kinds.yaml")
    title = models.CharField(max_length=60)
    words = models.TextField(blank=True, default="", help_text="plain lines; see rules/words.py")
    cover = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in State], default=State.DRAFT
    )
    is_public = models.BooleanField(default=True, help_text="read by everybody, without signing in")

    audience = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in Audience],
        default=Audience.MEMBERS,
    )
    rule = models.TextField(blank=True, default="", help_text="a Boolean over declared facts")
    method = models.CharField(max_length=8, choices=Pool.Method.choices, default=Pool.Method.RUSH)
    is_first_timers_first = models.BooleanField(
        default=False, help_text="those who never had a place of this series come first"
    )
    series = models.CharField(max_length=64, blank=True, default="")
    group = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Group], default=Group.ALONE
    )
    least = models.PositiveSmallIntegerField(default=1, help_text="people a group brings at least")
    most = models.PositiveSmallIntegerField(default=1)
    asks_ages = models.BooleanField(default=False)
    questions = models.JSONField(default=list, blank=True, help_text="see rules/questions.py")
    has_waitlist = models.BooleanField(default=True)
    offer_minutes = models.PositiveIntegerField(default=24 * 60)

    cost_fen = models.PositiveIntegerField(default=0, help_text="a person pays, nothing hidden")
    cost_words = models.CharField(max_length=120, blank=True, default="")
    contact_name = models.CharField(max_length=30)
    contact_phone = models.CharField(max_length=32)
    access = models.CharField(max_length=300, blank=True, default="", help_text="accessibility")
    bring = models.CharField(max_length=300, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="")
    address = models.CharField(max_length=120, blank=True, default="")
    latitude = degrees(90)
    longitude = degrees(180)
    district_code = models.CharField(
        max_length=32, blank=True, default="", help_text="of the union of the district it is in"
    )

    find_key = models.TextField(blank=True, default="", help_text="what search reads")
    off_words = models.CharField(max_length=200, blank=True, default="", help_text="why called off")
    look_words = models.CharField(
        max_length=200, blank=True, default="", help_text="what the second person asked for"
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "key"], name="activities_one_activity_a_form"
            ),
            models.CheckConstraint(
                condition=models.Q(least__gte=1, least__lte=models.F("most")),
                name="activities_least_no_more_than_most",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "-made_at"], name="activities_of_union"),
            models.Index(
                fields=["organisation"],
                condition=models.Q(state="asked"),
                name="activities_asked",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> State:
        return State(self.state)

    @property
    def blocks(self) -> list[Block]:
        return blocks_of(self.words)

    @property
    def asked(self) -> list[Question]:
        return questions_of(self.questions)

    @property
    def one_per(self) -> OnePer:
        """Say what may have places once at times that open from now on."""
        return _COUNTED_ONCE.get(self.group, OnePer.PERSON)

    @property
    def position(self) -> tuple[float, float] | None:
        return _position(self.latitude, self.longitude)


class SessionQuerySet(models.QuerySet["Session"]):
    def seen(self) -> SessionQuerySet:
        """Keep those of published activities, called off or not."""
        return self.filter(activity__state__in=[State.PUBLISHED, State.OFF])

    def ahead(self) -> SessionQuerySet:
        """Keep those that take place and are not over."""
        return self.filter(activity__state=State.PUBLISHED, off_at=None, ends_at__gt=clock.now())


class Session(models.Model):
    """One time an activity takes place (活动场次), with places of its own.

    Without `capacity` nobody signs up: one just comes. What people must know of a change is told
    once a `revision`.
    """

    id = uuid_key()
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sessions")
    # Copied, so that lists read one index.
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    district_code = models.CharField(max_length=32, blank=True, default="")
    label = models.CharField(max_length=40, blank=True, default="", help_text="of several: shift A")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True, blank=True, help_text="sign-up; empty: at once")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="empty: as it begins")
    capacity = models.PositiveIntegerField(null=True, blank=True)
    seats = models.TextField(blank=True, default="", help_text="numbered: 12×20, or a line a row")
    own_place = models.CharField(max_length=60, blank=True, default="")
    own_address = models.CharField(max_length=120, blank=True, default="")
    pool = models.OneToOneField(
        "allocation.Pool", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    off_at = models.DateTimeField(null=True, blank=True)
    off_words = models.CharField(max_length=200, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    changed = models.JSONField(default=list, blank=True, help_text="what the last revision changed")
    changed_at = models.DateTimeField(default=clock.now)
    forgotten_at = models.DateTimeField(
        null=True, blank=True, help_text="when the list of who came was let go"
    )
    came = models.PositiveIntegerField(
        null=True, blank=True, help_text="how many, kept when it is forgotten who"
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")),
                name="activities_begins_before_it_ends",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_at", "id"], name="activities_by_day"),
            models.Index(fields=["district_code", "starts_at", "id"], name="activities_near"),
            models.Index(fields=["organisation", "starts_at", "id"], name="activities_of_mine"),
            models.Index(fields=["activity", "starts_at"], name="activities_times"),
            models.Index(
                fields=["ends_at"],
                condition=models.Q(forgotten_at=None),
                name="activities_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def one_per(self) -> OnePer | None:
        """Say what may have places once here: its pool decides; None where one just comes."""
        if self.pool is not None:
            return OnePer(self.pool.one_per)
        return None if self.capacity is None else self.activity.one_per

    @property
    def is_off(self) -> bool:
        return self.off_at is not None or self.activity.standing is State.OFF

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def place(self) -> str:
        return self.own_place or self.activity.place

    @property
    def address(self) -> str:
        return self.own_address if self.own_place else self.activity.address

    @property
    def position(self) -> tuple[float, float] | None:
        return None if self.own_place else self.activity.position


class Stop(models.Model):
    """A place on a route (研学点位): when one is there, what is learnt."""

    id = uuid_key()
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="stops")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    address = models.CharField(max_length=120, blank=True, default="")
    latitude = degrees(90)
    longitude = degrees(180)
    after_minutes = models.PositiveSmallIntegerField(help_text="from the beginning of the session")
    stay_minutes = models.PositiveSmallIntegerField(default=30)
    learnt = models.CharField(max_length=300, blank=True, default="")
    booking = models.ForeignKey(
        "allocation.Booking", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="what a partner lent the union for it",
    )  # fmt: skip
    partner = models.CharField(max_length=120, blank=True, default="", help_text="who lent it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["activity", "number"], name="activities_one_stop"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def position(self) -> tuple[float, float] | None:
        return _position(self.latitude, self.longitude)


class Habit(models.Model):
    """How a union wants its activities handled (活动管理习惯)."""

    organisation = models.OneToOneField(
        "orgs.Organisation", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    wants_second_look = models.BooleanField(
        default=False, help_text="somebody else looks before it is published"
    )

    def __str__(self) -> str:
        return str(self.organisation_id)


def _position(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    if latitude is None or longitude is None:
        return None
    return float(latitude), float(longitude)
