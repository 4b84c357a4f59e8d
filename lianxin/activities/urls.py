"""Addresses of activities."""

from __future__ import annotations

from django.urls import path

from lianxin.activities.views import (
    arranging,
    calendars,
    details,
    running,
    seeing,
    sessions,
    signing,
)

app_name = "activities"
urlpatterns = [
    path("activities/", seeing.activity_list, name="activity_list"),
    path("activities/month/", seeing.activity_month, name="activity_month"),
    path("activities/pictures/<uuid:picture_id>/<slug:size>/", seeing.picture, name="picture"),
    path("activities/sessions/<uuid:session_id>.ics", calendars.session_ics, name="session_ics"),
    path("activities/unions/<slug:code>.ics", calendars.union_feed, name="union_feed"),
    path("activities/<uuid:activity_id>/", seeing.activity, name="activity"),
    path("activities/<uuid:activity_id>/<uuid:session_id>/", seeing.activity, name="session"),
    path("activities/sign-ups/<uuid:claim_id>/", signing.sign_up_amend, name="sign_up_amend"),
    path("desk/activities/", arranging.desk_list, name="desk_list"),
    path("desk/activities/habit/", arranging.desk_habit, name="desk_habit"),
    path("desk/activities/new/", arranging.desk_new, name="desk_new"),
    path("desk/activities/new/write/", arranging.desk_write, name="desk_write"),
    path("desk/activities/<uuid:activity_id>/", arranging.desk_activity, name="desk_activity"),
    path("desk/activities/<uuid:activity_id>/edit/", arranging.desk_edit, name="desk_edit"),
    path("desk/activities/<uuid:activity_id>/step/", arranging.desk_step, name="desk_step"),
    path("desk/activities/<uuid:activity_id>/who/", details.desk_who, name="desk_who"),
    path("desk/activities/<uuid:activity_id>/questions/", details.desk_questions, name="desk_questions"),
    path("desk/activities/<uuid:activity_id>/stops/", details.desk_stops, name="desk_stops"),
    path("desk/activities/<uuid:activity_id>/times/", details.desk_times, name="desk_times"),
    path("desk/activities/<uuid:activity_id>/cover/", details.desk_cover, name="desk_cover"),
    path("desk/activities/<uuid:activity_id>/copy/", details.desk_copy, name="desk_copy"),
    path("desk/activities/<uuid:activity_id>/off/", details.desk_off, name="desk_off"),
    path("desk/activities/<uuid:activity_id>/back/", details.desk_back, name="desk_back"),
    path("desk/activities/sessions/<uuid:session_id>/", sessions.desk_session, name="desk_session"),
    path("desk/activities/sessions/<uuid:session_id>/change/", sessions.desk_change, name="desk_change"),
    path("desk/activities/sessions/<uuid:session_id>/off/", sessions.desk_session_off, name="desk_session_off"),
    path("desk/activities/sessions/<uuid:session_id>/drop/", sessions.desk_session_drop, name="desk_session_drop"),
    path("desk/activities/sessions/<uuid:session_id>/people/", running.desk_people, name="desk_people"),
    path("desk/activities/sessions/<uuid:session_id>/word/", running.desk_word, name="desk_word"),
    path("desk/activities/sessions/<uuid:session_id>/word/<uuid:telling_id>/stop/", running.desk_word_stop, name="desk_word_stop"),
]  # fmt: skip
