"""Addresses of the catalogue: services, applications, filling in with somebody."""

from __future__ import annotations

from django.urls import path

from lianxin.catalogue.views import (
    applying,
    correcting,
    helping,
    joining,
    offering,
    places,
    staying,
)

app_name = "catalogue"
urlpatterns = [
    path("services/", offering.service_list, name="service_list"),
    path("services/search/", offering.service_search, name="service_search"),
    path("services/drafts/<uuid:draft_id>/known/", applying.apply_known, name="apply_known"),
    path("services/drafts/<uuid:draft_id>/missing/", applying.apply_missing, name="apply_missing"),
    path("services/drafts/<uuid:draft_id>/sent/", applying.apply_sent, name="apply_sent"),
    path("services/drafts/<uuid:draft_id>/drop/", applying.draft_drop, name="draft_drop"),
    path("services/drafts/<uuid:draft_id>/code/", helping.help_confirm, name="help_confirm"),
    path("services/membership-joining/apply/", joining.join_here, name="join_here"),
    path("services/youth-station-nights/apply/", staying.stay_here, name="stay_here"),
    path("stays/<uuid:booking_id>/apply/", staying.stay_apply, name="stay_apply"),
    path("services/roll-correction/apply/", correcting.correct_here, name="correct_here"),
    path("services/roll-correction/<slug:name>/", correcting.correct, name="correct"),
    path("services/<slug:code>/", offering.service_page, name="service_page"),
    path("services/<slug:code>/apply/", applying.apply_start, name="apply_start"),
    path("join/", joining.join_find, name="join_find"),
    path("join/<slug:code>/", joining.join, name="join"),
    path("join/<slug:code>/apply/", joining.join_apply, name="join_apply"),
    path("desk/join/", joining.poster_list, name="poster_list"),
    path("desk/join/<slug:code>/", joining.poster, name="poster"),
    path("desk/services/places/", places.places_list, name="places_list"),
    path("desk/services/<slug:code>/places/", places.places_new, name="places_new"),
    path("desk/help/", helping.help_list, name="help_list"),
    path("desk/help/<uuid:member_id>/", helping.help_person, name="help_person"),
    path("desk/help/<uuid:member_id>/<slug:code>/", helping.help_start, name="help_start"),
]
