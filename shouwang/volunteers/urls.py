from __future__ import annotations

from django.urls import path

from shouwang.volunteers import views

app_name = "volunteers"
urlpatterns = [
    path("", views.board, name="board"),
    path("enrol/", views.enrol, name="enrol"),
    path("me/", views.mine, name="mine"),
    path("<uuid:volunteer_id>/", views.volunteer, name="volunteer"),
    path("<uuid:volunteer_id>/change/", views.change, name="change"),
    path("<uuid:volunteer_id>/times/", views.add_period, name="add_period"),
    path("<uuid:volunteer_id>/times/<uuid:period_id>/end/", views.end_period, name="end_period"),
    path("<uuid:volunteer_id>/stand-down/", views.stand_down, name="stand_down"),
    path("<uuid:volunteer_id>/come-back/", views.come_back, name="come_back"),
]
