"""The routes of help, one file a subject."""

from __future__ import annotations

from shouwang.help.urls import orders, requests

app_name = "help"
urlpatterns = [*requests.urlpatterns, *orders.urlpatterns]
