"""The sentences of the catalogue that more than one room needs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DRAFT_FILES = "catalogue.draft"
AGREE = "agree-"  # the name of a consent's tick: `agree-finance`
FILLING_IN = "catalogue.filling_in"  # what is known is opened to fill it into a form
JOINING = "membership-joining"
FOUNDING = "union-founding"
TRANSFER = "membership-transfer"
NIGHTS = "youth-station-nights"
PLACES = "catalogue.places"  # the kind of pools that are of a service
ROUNDS = "catalogue.rounds"  # the kind of pools drawn among cases that stand at a step
DRAW_STEP = "draw"  # the kind of that step
JOIN_DRAW = "catalogue.join_draw"
GATHER_DRAW = "catalogue.gather_draw"
FOLLOW_DRAW = "catalogue.follow_draw"
CORRECTION = "roll-correction"
HARDSHIP = "hardship-file"
LONGEST_UNION_NAME = 60
SHARING = "service"  # the purpose "fill in my next form"

GONE = _(
    "This service is no longer offered here. Please call 12351, they know what there is instead."
)
NOT_OPEN = _("Applications are closed at the moment. What you typed is kept.")
CHANGED = _(
    "This service has changed since you began. What you typed is kept; please look it through once more."
)
NOT_A_MEMBER = _(
    "This service is for members on a union’s roll. Please link your membership first, or call 12351."
)
ELSEWHERE = _(
    "This one is offered in another place than where you work. Ask your own union what there is."
)
NOT_IN_REACH = _("You can fill in only with people of your own union, never for yourself.")
