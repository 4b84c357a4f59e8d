"""Addresses of partners."""

from __future__ import annotations

from django.urls import path

from lianxin.partners import views

app_name = "partners"

urlpatterns = [
    path("desk/partners/", views.partner_list, name="partner_list"),
    path("desk/partners/new/", views.partner_new, name="partner_new"),
    path("desk/partners/<uuid:partner_id>/", views.partner, name="partner"),
    path("desk/partners/<uuid:partner_id>/edit/", views.partner_edit, name="partner_edit"),
    path("desk/partners/<uuid:partner_id>/end/", views.partner_end, name="partner_end"),
    path("desk/partners/<uuid:partner_id>/contacts/", views.contact_new, name="contact_new"),
    path(
        "desk/partners/<uuid:partner_id>/contacts/<uuid:contact_id>/end/",
        views.contact_end,
        name="contact_end",
    ),
    path("me/partner/", views.own, name="own"),
]
