"""Pages and files of the shell: switches, help, install, offline, errors, what machines ask for."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lianxin.kit.access import demo_only, public
from lianxin.ui import gallery as pieces
from lianxin.ui import preferences, shellcache, slots

DAY = "public, max-age=86400"


@public
@require_POST
def preferences_save(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_way_back(request))
    preferences.save(request, response, preferences.chosen(request))
    return response


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/help.html")


@public
@require_safe
def install_page(request: HttpRequest) -> HttpResponse:
    agent = request.headers.get("User-Agent", "")
    return render(
        request,
        "ui/install.html",
        {"in_wechat": "MicroMessenger" in agent, "is_apple": "iPhone" in agent or "iPad" in agent},
    )


@public
@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/offline.html")


@public
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(shellcache.script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        shellcache.manifest(),
        content_type="application/manifest+json",
        headers={"Cache-Control": DAY},
    )


@public
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask by habit to the mark."""
    return redirect(static("ui/icon-192.png"), permanent=True)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /desk",
        "Disallow: /me",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        "",
    ]
    return HttpResponse(
        "\n".join(lines), content_type="text/plain; charset=utf-8", headers={"Cache-Control": DAY}
    )


@public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = [page for give in slots.sitemap_urls for page in give()]
    context = {"pages": pages, "root": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "ui/sitemap.xml", context, content_type="application/xml")


@public
@require_safe
def security(_request: HttpRequest) -> HttpResponse:
    contact = getattr(settings, "LIANXIN_SECURITY_CONTACT", "")
    if not contact:
        raise Http404
    text = f"Contact: {contact}\nPreferred-Languages: zh-Hans, en\n"
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": DAY}
    )


@demo_only
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    template = {"desk": "ui/gallery_desk.html", "print": "ui/gallery_print.html"}.get(
        request.GET.get("shell", ""), "ui/gallery.html"
    )
    return render(request, template, pieces.samples())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # what exactly was wrong helps nobody who reads this page
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(getattr(exception, "message", "") or exception)
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # Django calls with it; the page says the same for every missing thing
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason  # for developers; the person is told what to do
    return render(request, "403_csrf.html", {"back": _referrer(request)}, status=403)


def _way_back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _referrer(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return urlsplit(came_from).path if safe else "/"
