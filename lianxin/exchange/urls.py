"""Addresses of the exchange."""

from __future__ import annotations

from django.urls import path

from lianxin.exchange.views import changing, desk, own, public

app_name = "exchange"

urlpatterns = [
    path("exchange/", public.resource_list, name="resource_list"),
    path("exchange/<uuid:resource_id>/", public.resource, name="resource"),
    path("exchange/picture/<uuid:picture_id>/<slug:size>.jpg", public.picture, name="picture"),
    path("me/exchange/", own.own_list, name="own_list"),
    path("me/exchange/new/", own.resource_new, name="resource_new"),
    path("me/exchange/<uuid:resource_id>/", own.own_resource, name="own_resource"),
    path("me/exchange/<uuid:resource_id>/edit/", own.resource_edit, name="resource_edit"),
    path("me/exchange/<uuid:resource_id>/picture/", changing.own_picture, name="own_picture"),
    path(
        "me/exchange/<uuid:resource_id>/change/", changing.resource_change, name="resource_change"
    ),
    path(
        "me/exchange/<uuid:resource_id>/change/back/",
        changing.change_take_back,
        name="change_take_back",
    ),
    path("me/exchange/<uuid:resource_id>/raise/", changing.vouchers_raise, name="vouchers_raise"),
    path("me/exchange/<uuid:resource_id>/end/", changing.end_ask, name="end_ask"),
    path("me/exchange/<uuid:resource_id>/counter/", own.counter_open, name="counter_open"),
    path("me/exchange/<uuid:resource_id>/counter/close/", own.counter_close, name="counter_close"),
    path(
        "me/exchange/<uuid:resource_id>/counter/disown/", own.counter_disown, name="counter_disown"
    ),
    path("me/exchange/bookings/<uuid:booking_id>/", own.own_booking, name="own_booking"),
    path("desk/exchange/", desk.desk_list, name="desk_list"),
    path("desk/exchange/<uuid:resource_id>/", desk.desk_resource, name="desk_resource"),
    path(
        "desk/exchange/<uuid:resource_id>/publish/", desk.resource_publish, name="resource_publish"
    ),
    path("desk/exchange/<uuid:resource_id>/return/", desk.resource_return, name="resource_return"),
    path("desk/exchange/<uuid:resource_id>/change/", desk.change_accept, name="change_accept"),
    path("desk/exchange/<uuid:resource_id>/change/no/", desk.change_decline, name="change_decline"),
    path("desk/exchange/<uuid:resource_id>/end/", desk.resource_end, name="resource_end"),
]
