"""What a service item says about itself, as data; its procedure is read by `procedures`.

A *service item* (服务事项) is one YAML file: what it is called, whom it is for, what one gets, whom
to call instead, when it is open, what one agrees to, and the procedure behind it. It is written by
people of the union, checked by `catalogue_check`, loaded by `catalogue_load`, and versioned: who has
begun an application stays on the version she began with.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

import msgspec

from lianxin.kit.text import Bilingual


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all parts: immutable, and closed to unknown keys."""


class Category(Part, frozen=True):
    """A need of people, one of the doors to the services (服务分类)."""

    code: str
    title: Bilingual
    note: Bilingual
    icon: str
    tone: str = "red"


class Guide(Part, frozen=True):
    """The plain-language guide (办事指南): whom it is for, what one gets, brings, how long it takes."""

    who: list[Bilingual]
    gets: list[Bilingual]
    takes: Bilingual
    brings: list[Bilingual] = []
    notes: list[Bilingual] = []


class Door(Part, frozen=True):
    """The human door: nobody has to use a phone app to be helped."""

    phone: str
    place: Bilingual
    hours: Bilingual


class Basis(Part, frozen=True):
    """The rule the service stands on, with a link to read it."""

    name: Bilingual
    link: str


class Season(Part, frozen=True):
    """When one may apply: between two days, or in some months of each year. None: always."""

    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    months: list[int] = []


class OpenTo(StrEnum):
    MEMBERS = "members"
    EVERYONE = "everyone"  # also people on no union's roll


class Grant(Part, frozen=True):
    """A fact that a favourable decision makes true; `value` is `tier`, `decided_on`, or a word."""

    fact: str
    value: str


class Places(Part, frozen=True):
    """Places of a service that are short (名额): on what terms a union that has some gives them out.

    How many there are, where and when, an officer says when she opens them; who may come and how
    they are given stands in the item, the same for everybody.
    """

    note: Bilingual  # what one place is
    method: Literal["rush", "draw"] = "rush"
    audience: Literal["everybody", "members", "union"] = "members"
    one_per: Literal["person", "family", "subject"] = "person"
    subject: list[
        str
    ] = []  # which answers tell one from another, `field` or `field.column`: a child
    rule: str = ""  # a Boolean over declared facts
    most: int = 1  # for one claim
    has_waitlist: bool = True
    offer_hours: int = 24
    rest_days: int = 0  # who had one within so many days comes after those who had none


class Card(Part, frozen=True):
    """A service item without its procedure."""

    code: str
    category: str
    icon: str
    title: Bilingual
    promise: Bilingual
    guide: Guide
    door: Door
    words: list[str]
    basis: list[Basis]
    order: int = 100
    region: str = ""  # code of the union whose people it is for; empty: everywhere
    season: Season | None = None
    is_sample: bool = True
    open_to: OpenTo = OpenTo.MEMBERS
    nominated_by: list[str] = []  # abilities that allow to put somebody else forward
    consents: list[str] = []
    grants: list[Grant] = []
    places: Places | None = None


class ParameterValue(Part, frozen=True):
    """One value from a day on, for a union and all below it."""

    region: str
    starts_on: dt.date
    fen: int
    reference: Bilingual
    link: str = ""


class Parameter(Part, frozen=True):
    """A dated, regional amount services count with."""

    label: Bilingual
    values: list[ParameterValue]
