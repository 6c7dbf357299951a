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
    path("requests/<uuid:request_id>/could-not/", views.attempt, name="could_not"),
    path("phone/me/", views.me, name="phone_me"),
    path("phone/enrol/", views.enrol, name="phone_enrol"),
    path("phone/sync/", views.sync, name="phone_sync"),
    path("phone/pull/", views.pull, name="phone_pull"),
    path("set-aside/", views.set_aside, name="set_aside"),
    path("set-aside/bring-in/", views.bring_in, name="bring_in"),
    path("set-aside/<uuid:set_aside_id>/", views.set_aside_row, name="set_aside_row"),
    path("set-aside/<uuid:set_aside_id>/<slug:decision>/", views.decide, name="decide"),
    path("app/", views.shell, name="app"),
    path("app/sw.js", views.worker, name="app_worker"),
    path("app/manifest.webmanifest", views.manifest, name="app_manifest"),
    path("app/words.json", views.words, name="app_words"),
]
