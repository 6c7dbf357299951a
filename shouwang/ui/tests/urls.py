"""Addresses of the tests of this room alone: the gallery and a live part that changes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.utils.html import format_html

from shouwang.core.access import public
from shouwang.core.errors import Conflict
from shouwang.ui.views import gallery

PAGE = """{% extends "ui/desk.html" %}{% load ui %}{% block content %}
<h2>live</h2>{% live "/live" 3 every=1 ident="part" %}<button id="kept">old</button>{% endlive %}
<form id="once" method="post" action="/slow">{% csrf_token %}{% command_id %}{% button "send" %}</form>
{% post_button "ask" "/slow" confirm="sure?" kind="danger" %}
<button id="refuse" hx-post="/refuse" hx-target="#part">refuse</button>
<a id="file" href="/file" hx-get="/file" hx-target="#beside">file</a>
{% endblock %}"""

asked: list[str] = []
sent: list[str] = []


@public("a page of the tests")
def page(request: HttpRequest) -> HttpResponse:
    context = Context({"request": request, "csrf_token": "none", "messages": []})
    return HttpResponse(Template(PAGE).render(context))


@public("a page of the tests")
def live(request: HttpRequest) -> HttpResponse:
    """Nothing new at first, then 'new' at position 7, then the line is cut."""
    asked.append(request.GET["after"])
    if len(asked) == 1:
        return HttpResponse(status=204)
    if len(asked) == 2:
        return HttpResponse('<button id="kept">new</button>', headers={"X-After": "7"})
    return HttpResponse(status=503)


@public("a page of the tests")
def slow(request: HttpRequest) -> HttpResponse:
    sent.append(request.POST.get("command_id", ""))
    return HttpResponse(status=204)


@public("a page of the tests")
def refuse(request: HttpRequest) -> HttpResponse:
    raise Conflict("test.taken", format_html("<b>{}</b>", "taken"))


@public("a page of the tests")
def file(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>the file</p>")


for view in (slow, refuse):
    view.csrf_exempt = True  # type: ignore[attr-defined]

urlpatterns = [
    path("", gallery),
    path("page", page),
    path("live", live),
    path("slow", slow),
    path("refuse", refuse),
    path("file", file),
]
