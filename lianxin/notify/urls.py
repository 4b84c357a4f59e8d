"""The addresses of the inbox, and of the outbox page of demo mode."""

from __future__ import annotations

from django.urls import path

from lianxin.notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.all_read, name="all_read"),
    path("inbox/<uuid:message_id>/", views.message, name="message"),
    path("outbox/", views.outbox, name="outbox"),
]
