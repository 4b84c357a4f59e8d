"""Things that are booked by time, bookings of them, and the cells a booking takes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from lianxin.allocation.models.keys import uuid_key
from lianxin.allocation.rules.bookings import (
    RUNNING,
    TAKING,
    Answer,
    BookingState,
    BookingTerms,
    BookingVerb,
    Guests,
    Unions,
)
from lianxin.allocation.rules.grid import Grain, Run
from lianxin.allocation.rules.openings import Openings
from lianxin.kit import clock
from lianxin.vault.api import SealedField


class Bookable(models.Model):
    """Something booked by time (可预约资源): eight beds, a hall, a lecturer's half days.

    `kind` and `object_id` say what it is of (a station, a partner's resource); what a list of
    bookings shows of it stands in `title` and `place`. All its units are alike: nobody chooses bed
    number three, the grid does.
    """

    class Unit(models.TextChoices):
        BED = "bed"
        ROOM = "room"
        HALL = "hall"
        DESK = "desk"
        COURT = "court"
        PERSON = "person"  # a lecturer
        THING = "thing"

    id = uuid_key()
    organisation = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=48)
    object_id = models.UUIDField()
    label = models.CharField(max_length=48, blank=True, default="", help_text="of several")
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=160, blank=True, default="")
    words = models.TextField(blank=True, default="", help_text="what one has to know")
    unit = models.CharField(max_length=8, choices=Unit.choices, default=Unit.ROOM)

    grain = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Grain])
    units = models.PositiveSmallIntegerField(default=1)
    openings = models.JSONField(default=dict)
    begins = models.TimeField(null=True, blank=True, help_text="of nights and days")
    ends = models.TimeField(null=True, blank=True)
    most_units = models.PositiveSmallIntegerField(default=1, help_text="in one booking")
    least = models.PositiveSmallIntegerField(default=1, help_text="cells")
    most = models.PositiveSmallIntegerField(default=1)
    ahead_days = models.PositiveSmallIntegerField(default=60)
    notice_minutes = models.PositiveIntegerField(default=0)
    hold_minutes = models.PositiveSmallIntegerField(default=30)
    per_life = models.PositiveSmallIntegerField(null=True, blank=True)
    per_year = models.PositiveSmallIntegerField(null=True, blank=True)
    series = models.CharField(
        max_length=64, blank=True, default="", help_text="things counted together"
    )

    guests = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in Guests], default=Guests.MEMBERS
    )
    unions = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Unions], default=Unions.NONE
    )
    rule = models.TextField(blank=True, default="", help_text="a Boolean over declared facts")
    answer = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Answer], default=Answer.AT_ONCE
    )
    answer_days = models.PositiveSmallIntegerField(default=1, help_text="working days")
    service = models.CharField(
        max_length=64, blank=True, default="", help_text="code of the service that decides it"
    )

    seq = models.PositiveIntegerField(default=0, help_text="times its terms changed")
    off_at = models.DateTimeField(null=True, blank=True, help_text="booked no more")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "label"], name="allocation_one_bookable"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "created_at"], name="allocation_bookables"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def cut(self) -> Grain:
        return Grain(self.grain)

    @property
    def hours(self) -> Openings:
        return Openings.from_plain(self.openings)

    @property
    def terms(self) -> BookingTerms:
        return BookingTerms(
            grain=self.cut,
            units=self.units,
            most_units=self.most_units,
            least=self.least,
            most=self.most,
            ahead_days=self.ahead_days,
            notice_minutes=self.notice_minutes,
            per_life=self.per_life,
            per_year=self.per_year,
            begins=self.begins,
            ends=self.ends,
            is_off=self.off_at is not None,
        )


def stale_hold(prefix: str = "") -> Q:
    """Match holds whose time is over; `prefix` leads to the booking."""
    return Q(**{f"{prefix}state": BookingState.HELD, f"{prefix}held_until__lte": clock.now()})


class BookingQuerySet(models.QuerySet["Booking"]):
    def running(self) -> BookingQuerySet:
        """Keep what is not over yet."""
        return self.filter(state__in=sorted(RUNNING))

    def taking(self) -> BookingQuerySet:
        """Keep what takes cells now; a hold whose time is over takes none."""
        return self.filter(state__in=sorted(TAKING)).exclude(stale_hold())

    def ahead(self) -> BookingQuerySet:
        """Keep what takes cells now or later, one that was cut short but runs still among them."""
        return self.taking().filter(ends_at__gt=clock.now())

    def stale(self) -> BookingQuerySet:
        """Keep holds whose time is over."""
        return self.filter(stale_hold())


class Booking(models.Model):
    """Cells of a thing for a person or a union (预约), from the opened form to the last hour.

    It is never handed on. Having stayed away leaves no mark on a person: nothing is counted.
    """

    id = uuid_key()
    bookable = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="bookings")
    account = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    union = models.ForeignKey(
        "orgs.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="whom an officer booked for; empty: the person herself",
    )  # fmt: skip
    key = models.CharField(max_length=64, help_text="of the form: a second sending changes nothing")
    first = models.PositiveIntegerField(help_text="cell")
    last = models.PositiveIntegerField(help_text="cell, included")
    size = models.PositiveSmallIntegerField(default=1, help_text="units")
    units = models.JSONField(default=list, help_text="which it has or had")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in BookingState]
    )
    held_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="an answer is promised by then")
    level = models.PositiveSmallIntegerField(default=0, help_text="how often it went further up")
    case_id = models.UUIDField(null=True, blank=True, help_text="the dossier that decides it")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="told to her")
    details = SealedField(help_text="what was told for it: name, telephone, purpose; JSON")
    seq = models.PositiveIntegerField(default=0, help_text="entries")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    settled_at = models.DateTimeField(default=clock.now)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bookable", "account", "key"], name="allocation_one_booking_a_form"
            ),
            models.UniqueConstraint(
                fields=["case_id"],
                condition=Q(state__in=sorted(RUNNING)),
                name="allocation_one_booking_a_case",
            ),
            models.CheckConstraint(
                condition=Q(first__lte=F("last")), name="allocation_booking_runs_forward"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bookable", "first"], name="allocation_booked"),
            models.Index(fields=["account", "-starts_at"], name="allocation_my_bookings"),
            models.Index(
                fields=["held_until"],
                condition=Q(state=BookingState.HELD),
                name="allocation_holds",
            ),
            models.Index(
                fields=["starts_at"],
                condition=Q(state=BookingState.ASKED),
                name="allocation_asked",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(state=BookingState.CONFIRMED),
                name="allocation_to_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bookable_id} {self.state}"

    @property
    def standing(self) -> BookingState:
        return BookingState(self.state)

    @property
    def run(self) -> Run:
        return Run(self.first, self.last)

    @property
    def is_running(self) -> bool:
        return self.standing in RUNNING


class BookedCell(models.Model):
    """One cell of one unit, taken (占用格): that there is only one is what keeps bookings apart."""

    bookable = models.ForeignKey(Bookable, on_delete=models.CASCADE, related_name="+")
    unit = models.PositiveSmallIntegerField()
    cell = models.PositiveIntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="cells")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bookable", "cell", "unit"], name="allocation_never_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}/{self.cell}"


class BookingEntry(models.Model):
    """A line of a booking's story: what happened, when, by whom, in which words."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=[(one.value, one.value) for one in BookingVerb])
    state = models.CharField(max_length=12, help_text="where it led")
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    words = models.CharField(max_length=300, blank=True, default="")
    before = models.JSONField(default=dict, blank=True, help_text="of a move: where it stood")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booking", "seq"], name="allocation_one_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an entry is never changed")
        super().save(*args, **kwargs)
