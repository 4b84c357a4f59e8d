"""Addresses of the exchange."""

from __future__ import annotations

from django.urls import path

from lianxin.exchange.views import desk, own, public

app_name = "exchange"

urlpatterns = [
    path("exchange/", public.resource_list, name="resource_list"),
    path("exchange/<uuid:resource_id>/", public.resource, name="resource"),
    path("me/exchange/", own.own_list, name="own_list"),
    path("me/exchange/new/", own.resource_new, name="resource_new"),
    path("me/exchange/<uuid:resource_id>/", own.own_resource, name="own_resource"),
    path("me/exchange/<uuid:resource_id>/edit/", own.resource_edit, name="resource_edit"),
    path("me/exchange/<uuid:resource_id>/counter/", own.counter_open, name="counter_open"),
    path("me/exchange/<uuid:resource_id>/counter/close/", own.counter_close, name="counter_close"),
    path("me/exchange/bookings/<uuid:booking_id>/", own.own_booking, name="own_booking"),
    path("desk/exchange/", desk.desk_list, name="desk_list"),
    path("desk/exchange/<uuid:resource_id>/", desk.desk_resource, name="desk_resource"),
    path(
        "desk/exchange/<uuid:resource_id>/publish/", desk.resource_publish, name="resource_publish"
    ),
    path("desk/exchange/<uuid:resource_id>/return/", desk.resource_return, name="resource_return"),
    path("desk/exchange/<uuid:resource_id>/end/", desk.resource_end, name="resource_end"),
]
