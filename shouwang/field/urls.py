from __future__ import annotations

from django.urls import path

from shouwang.field import views

app_name = "field"
urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("requests/<uuid:request_id>/", views.job, name="request"),
    path("requests/<uuid:request_id>/take/", views.take, name="take"),
    path("requests/<uuid:request_id>/decline/", views.decline, name="decline"),
    path("requests/<uuid:request_id>/give-back/", views.give_back, name="give_back"),
    path("requests/<uuid:request_id>/start/", views.start, name="start"),
    path("requests/<uuid:request_id>/finish/", views.finish, name="finish"),
    path("requests/<uuid:request_id>/could-not/", views.could_not, name="could_not"),
]
