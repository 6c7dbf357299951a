from __future__ import annotations

from django.urls import path

from shouwang.places import views

app_name = "places"
urlpatterns = [
    path("glass/", views.glass, name="glass"),
    path("glass/<uuid:glass_id>/end/", views.end_glass, name="end_glass"),
    path("glass/<uuid:glass_id>/seen/", views.see_glass, name="see_glass"),
    path("<uuid:place_id>/posts/fill/", views.fill_post, name="fill_post"),
    path("posts/<uuid:post_id>/end/", views.end_post, name="end_post"),
    path("<uuid:place_id>/door-sheet/", views.door_sheet, name="door_sheet"),
]
