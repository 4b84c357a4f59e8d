"""Addresses of allocation."""

from __future__ import annotations

from django.urls import path

from lianxin.allocation.views import claims, desk, gates, pools

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
]
