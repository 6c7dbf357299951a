"""The routes of help, one file a subject."""

from __future__ import annotations

from shouwang.help.urls import groups, orders, requests

app_name = "help"
urlpatterns = [*requests.urlpatterns, *groups.urlpatterns, *orders.urlpatterns]
