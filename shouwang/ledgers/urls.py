from __future__ import annotations

from django.urls import path

from shouwang.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("", views.register_imports, name="imports"),
    path("imports/<uuid:import_id>/", views.preview, name="preview"),
    path("imports/<uuid:import_id>/confirm/", views.confirm, name="confirm"),
    path("imports/<uuid:import_id>/progress/", views.progress, name="progress"),
    path("imports/<uuid:import_id>/stop/", views.stop, name="stop"),
    path("imports/<uuid:import_id>/drop/", views.drop, name="drop"),
    path("imports/<uuid:import_id>/problems/", views.problems, name="problems"),
    path("register/<uuid:community_id>/export/", views.export, name="export"),
]
