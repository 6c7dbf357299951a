from __future__ import annotations

from django.urls import path

from shouwang.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", views.wall, name="wall"),
    path("wall/sheet/", views.wall_sheet, name="wall_sheet"),
    path("buildings/<uuid:building_id>/", views.building, name="building"),
    path("doors/<uuid:dwelling_id>/", views.door, name="door"),
    path("households/<uuid:household_id>/", views.household, name="household"),
    path("households/<uuid:household_id>/people/<uuid:person_id>/copy/", views.own_copy, name="own_copy"),
    path("places/<uuid:place_id>/", views.place, name="place"),
    path("record/", views.audit, name="audit"),
    path("promise/", views.promise, name="promise"),
    path("search/", views.search, name="search"),
]
