"""Addresses of allocation."""

from __future__ import annotations

from django.urls import path

from lianxin.allocation.views import (
    bookables,
    booking_desk,
    bookings,
    claims,
    desk,
    draw_desk,
    draw_own,
    draw_party,
    draws,
    gates,
    pools,
    signing_up,
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
    path("desk/places/<uuid:pool_id>/sign-up/", signing_up.sign_up_find, name="sign_up_find"),
    path(
        "desk/places/<uuid:pool_id>/sign-up/<uuid:member_id>/", signing_up.sign_up, name="sign_up"
    ),
    path("desk/places/<uuid:pool_id>/gate/", gates.gate_open, name="gate_open"),
    path(
        "desk/places/<uuid:pool_id>/<uuid:claim_id>/back/",
        desk.claim_give_back,
        name="claim_give_back",
    ),
    path("desk/gates/<uuid:gate_id>/close/", gates.gate_close, name="gate_close"),
    path("desk/gates/<uuid:gate_id>/disown/", gates.gate_disown, name="gate_disown"),
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
    path("draws/", draws.draw_list, name="draw_list"),
    path("draws/check/", draws.draw_check, name="draw_check"),
    path("draws/verify.py", draws.verifier_python, name="draw_verifier_python"),
    path("draws/verify.html", draws.verifier_page, name="draw_verifier_page"),
    path("draws/keys.json", draws.keys, name="draw_keys"),
    path("draws/<uuid:draw_id>/", draws.draw, name="draw"),
    path("draws/<uuid:draw_id>/lines/", draws.draw_lines, name="draw_lines"),
    path("draws/<uuid:draw_id>/file/", draws.draw_file, name="draw_file"),
    path("draws/<uuid:draw_id>/party/", draw_party.draw_party, name="draw_party"),
    path("draws/<uuid:draw_id>/party/lock/", draw_party.commit, name="draw_commit"),
    path("draws/<uuid:draw_id>/party/open/", draw_party.reveal, name="draw_reveal"),
    path("draws/<uuid:draw_id>/party/value/", draw_party.value, name="draw_party_value"),
    path("places/mine/<uuid:claim_id>/draw/", draw_own.draw_line, name="draw_line"),
    path("places/mine/<uuid:claim_id>/receipt/", draw_own.draw_receipt, name="draw_receipt"),
    path("desk/draws/", draw_desk.draw_desk_list, name="draw_desk_list"),
    path("desk/draws/<uuid:draw_id>/", draw_desk.draw_desk, name="draw_desk"),
    path("desk/draws/<uuid:draw_id>/rule/", draw_desk.draw_rule, name="draw_rule"),
    path("desk/draws/<uuid:draw_id>/value/", draw_desk.draw_value, name="draw_value"),
    path("desk/draws/<uuid:draw_id>/stop/", draw_desk.draw_stop, name="draw_stop"),
    path("desk/places/<uuid:pool_id>/draw/", draw_desk.draw_plan, name="draw_plan"),
]
