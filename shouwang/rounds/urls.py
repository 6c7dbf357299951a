from __future__ import annotations

from django.urls import path

from shouwang.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.board, name="board"),
    path("begin/", views.begin, name="begin"),
    path("<uuid:round_id>/", views.round_page, name="round"),
    path("<uuid:round_id>/missing/", views.missing, name="missing"),
    path("<uuid:round_id>/close/", views.close, name="close"),
    path("entries/<uuid:roster_entry_id>/", views.entry, name="entry"),
    path("entries/<uuid:roster_entry_id>/<slug:quick>/", views.quick, name="quick"),
]
