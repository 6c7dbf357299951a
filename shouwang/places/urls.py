from __future__ import annotations

from django.urls import path

from shouwang.places import views

app_name = "places"
urlpatterns = [
    path("<uuid:place_id>/posts/fill/", views.fill_post, name="fill_post"),
    path("posts/<uuid:post_id>/end/", views.end_post, name="end_post"),
    path("<uuid:place_id>/door-sheet/", views.door_sheet, name="door_sheet"),
]
