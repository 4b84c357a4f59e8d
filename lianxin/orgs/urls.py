"""Addresses of the union tree."""

from __future__ import annotations

from django.urls import path

from lianxin.orgs.views import posts, tree

app_name = "orgs"

urlpatterns = [
    path("unions/<str:code>/", tree.organisation, name="organisation"),
    path("desk/posts/", posts.post_list, name="post_list"),
    path("desk/posts/new/", posts.post_new, name="post_new"),
    path("desk/posts/own/", posts.own_posts, name="own_posts"),
    path("desk/posts/<int:post_id>/end/", posts.post_end, name="post_end"),
    path("desk/posts/<int:post_id>/away/", posts.post_away, name="post_away"),
    path("desk/posts/<int:post_id>/deputy/", posts.deputy, name="deputy"),
    path("desk/posts/<int:post_id>/deputy/end/", posts.deputy_end, name="deputy_end"),
    path("desk/posts/proposals/<uuid:proposal_id>/", posts.proposal_answer, name="proposal_answer"),
]
