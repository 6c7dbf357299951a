from __future__ import annotations

from django.urls import path

from shouwang.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.board, name="board"),
    path("open/", views.open_new, name="open_new"),
    path("protocols/<uuid:community_id>/", views.protocols, name="protocols"),
    path("protocols/<uuid:community_id>/<slug:code>/", views.protocol, name="protocol"),
    path("<uuid:incident_id>/", views.incident, name="incident"),
    path("<uuid:incident_id>/line/<uuid:place_id>/", views.move_building, name="move_building"),
    path("<uuid:incident_id>/first/", views.first, name="first"),
    path("<uuid:incident_id>/first/<uuid:household_id>/", views.reached, name="reached"),
    path("<uuid:incident_id>/suspend/", views.suspend, name="suspend"),
    path("<uuid:incident_id>/resume/", views.resume, name="resume"),
]
