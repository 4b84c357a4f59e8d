"""Addresses of public notices."""

from __future__ import annotations

from django.urls import path

from lianxin.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/<uuid:notice_id>/", views.notice_page, name="notice_page"),
    path("notices/<uuid:notice_id>/find/", views.notice_find, name="notice_find"),
    path("notices/lines/<uuid:line_id>/object/", views.objection_new, name="objection_new"),
    path("notices/objections/<uuid:objection_id>/", views.objection_mine, name="objection_mine"),
    path("desk/objections/", views.objection_list, name="objection_list"),
    path("desk/objections/<uuid:objection_id>/", views.objection_page, name="objection_page"),
]
