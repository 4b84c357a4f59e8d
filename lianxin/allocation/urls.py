"""Addresses of allocation."""

from __future__ import annotations

from django.urls import path

from lianxin.allocation.views import (
    bookables,
    booking_desk,
    bookings,
    claims,
    desk,
    gates,
    pools,
)

app_name = "allocation"
urlpatterns = [
    path("places/mine/", claims.mine, name="mine"),
    path("places/mine/<uuid:claim_id>/", claims.claim, name="claim"),
    path("places/mine/<uuid:claim_id>/cancel/", claims.cancel, name="claim_cancel"),
    path("places/mine/<uuid:claim_id>/accept/", claims.accept, name="offer_accept"),
    path("places/<uuid:pool_id>/", pools.pool, name="pool"),
    path("places/<uuid:pool_id>/state/", pools.state, name="pool_state"),
    path("places/<uuid:pool_id>/take/", pools.take, name="take"),
    path("gates/<uuid:gate_id>/", gates.gate, name="gate"),
    path("gates/<uuid:gate_id>/list/", gates.gate_list, name="gate_list"),
    path("gates/<uuid:gate_id>/scans/", gates.gate_scans, name="gate_scans"),
    path("desk/places/", desk.pool_list, name="pool_list"),
    path("desk/places/<uuid:pool_id>/", desk.pool_desk, name="pool_desk"),
    path("desk/places/<uuid:pool_id>/off/", desk.pool_off, name="pool_off"),
    path("desk/places/<uuid:pool_id>/gate/", gates.gate_open, name="gate_open"),
    path(
        "desk/places/<uuid:pool_id>/<uuid:claim_id>/back/",
        desk.claim_give_back,
        name="claim_give_back",
    ),
    path("desk/gates/<uuid:gate_id>/close/", gates.gate_close, name="gate_close"),
    path("bookings/", bookings.bookable_list, name="bookable_list"),
    path("bookings/<uuid:bookable_id>/", bookings.bookable, name="bookable"),
    path("bookings/<uuid:bookable_id>/hold/", bookings.booking_hold, name="booking_hold"),
    path("bookings/mine/", bookings.booking_mine, name="booking_mine"),
    path("bookings/mine/<uuid:booking_id>/", bookings.booking, name="booking"),
    path("bookings/mine/<uuid:booking_id>/ask/", bookings.booking_ask, name="booking_ask"),
    path("bookings/mine/<uuid:booking_id>/cancel/", bookings.booking_cancel, name="booking_cancel"),
    path(
        "bookings/mine/<uuid:booking_id>/calendar.ics",
        bookings.booking_calendar,
        name="booking_calendar",
    ),
    path("desk/bookings/", booking_desk.booking_list, name="booking_list"),
    path("desk/bookings/new/", bookables.bookable_new, name="bookable_new"),
    path(
        "desk/bookings/things/<uuid:bookable_id>/", booking_desk.bookable_desk, name="bookable_desk"
    ),
    path(
        "desk/bookings/things/<uuid:bookable_id>/edit/",
        bookables.bookable_edit,
        name="bookable_edit",
    ),
    path(
        "desk/bookings/things/<uuid:bookable_id>/end/", bookables.bookable_end, name="bookable_end"
    ),
    path("desk/bookings/<uuid:booking_id>/", booking_desk.booking_desk, name="booking_desk"),
    path("desk/bookings/<uuid:booking_id>/open/", booking_desk.booking_open, name="booking_open"),
    path(
        "desk/bookings/<uuid:booking_id>/confirm/",
        booking_desk.booking_confirm,
        name="booking_confirm",
    ),
    path(
        "desk/bookings/<uuid:booking_id>/refuse/",
        booking_desk.booking_refuse,
        name="booking_refuse",
    ),
    path("desk/bookings/<uuid:booking_id>/drop/", booking_desk.booking_drop, name="booking_drop"),
    path(
        "desk/bookings/<uuid:booking_id>/return/",
        booking_desk.booking_return,
        name="booking_return",
    ),
    path("desk/bookings/<uuid:booking_id>/move/", booking_desk.booking_move, name="booking_move"),
]
