"""Albums: looked at by those who were there, kept by the organisers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.activities import services
from lianxin.activities.forms.albums import AlbumForm
from lianxin.activities.models import AlbumPicture, Session
from lianxin.activities.policies import Reader
from lianxin.activities.selectors import albums
from lianxin.activities.selectors.listing import reader_of
from lianxin.activities.selectors.showing import when_words
from lianxin.activities.views.sessions import session_arranged
from lianxin.kit.access import officer, signed_in
from lianxin.kit.errors import RefusedError
from lianxin.orgs.api import Request


@signed_in
@require_safe
def album(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Show the pictures of a session to those who were there and the members of its union."""
    rows = Session.objects.select_related("activity", "organisation")
    session = get_object_or_404(rows, pk=session_id)
    if not albums.may_see(reader_of(request.actor), session):
        raise Http404
    page = albums.album_page(session, request.GET.get("after"))
    shown = {"session": session, "when": when_words(session), "page": page}
    return render(request, "activities/album.html", shown)


@signed_in
@require_safe
def album_one(request: Request, album_id: uuid.UUID) -> HttpResponse:
    """Show one picture, and how to have it taken down."""
    row = _shown(reader_of(request.actor), album_id)
    return render(request, "activities/album_one.html", {"row": row, "session": row.session})


@signed_in
@require_POST
def album_hide(request: Request, album_id: uuid.UUID) -> HttpResponse:
    """Hide a picture at once."""
    row = albums.album_picture(album_id)
    if row is None or not albums.may_see(reader_of(request.actor), row.session):
        raise Http404
    try:
        account_id = uuid.UUID(str(request.user.pk))
        services.picture_hide(actor=request.actor, account_id=account_id, album_id=row.pk)
    except RefusedError as refused:
        messages.warning(request, refused.message)
        return redirect("activities:album_one", row.pk)
    messages.success(request, _("It is hidden now, from everybody. An officer looks at it; nobody learns who asked."))  # fmt: skip
    return redirect("activities:album", row.session_id)


@signed_in
@require_safe
def album_data(request: Request, album_id: uuid.UUID, size: str) -> HttpResponse:
    """Send a picture; what is hidden the next moment is kept by no phone."""
    row = _shown(reader_of(request.actor), album_id)
    data = albums.album_data(row, size)
    if data is None:
        raise Http404
    answer = HttpResponse(data.content, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@officer
@require_http_methods(["GET", "HEAD", "POST"])
def desk_album(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """Add pictures, and look at what somebody asked to take down."""
    found = session_arranged(request, session_id)
    form = AlbumForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("key", "")[:64] or uuid.uuid4().hex
        try:
            services.pictures_add(actor=request.actor, session_id=found.pk, key=key, **form.cleaned_data)  # fmt: skip
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("They stand in the album now."))
            return redirect("activities:desk_album", found.pk)
    shown = {"session": found, "form": form, "rows": albums.album_of_desk(found)}
    return render(request, "activities/desk_album.html", shown)


@officer
@require_POST
def desk_album_step(request: Request, session_id: uuid.UUID, album_id: uuid.UUID) -> HttpResponse:
    """Show a picture again, or let it go for good."""
    found = session_arranged(request, session_id)
    if request.POST.get("step") == "show":
        row = get_object_or_404(AlbumPicture, pk=album_id, session=found)
        services.picture_show(actor=request.actor, album_id=row.pk)
        messages.success(request, _("It is seen again. Whoever asked may call you about it."))
    elif request.POST.get("step") == "let_go":
        if AlbumPicture.objects.filter(pk=album_id).exclude(session=found).exists():
            raise Http404
        services.picture_let_go(actor=request.actor, album_id=album_id)
        messages.success(request, _("It is gone for good, in all its sizes."))
    return redirect("activities:desk_album", found.pk)


def _shown(reader: Reader, album_id: uuid.UUID) -> AlbumPicture:
    row = albums.album_picture(album_id)
    if row is None or not albums.is_shown(reader, row):
        raise Http404
    return row
