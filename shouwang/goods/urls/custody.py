"""The routes of custody."""

from __future__ import annotations

from django.urls import path

from shouwang.goods.views import custody as views

urlpatterns = [
    path("hands/", views.hands, name="hands"),
    path("custody/", views.custody, name="custody"),
    path("custody/recover/", views.recover, name="recover"),
    path("custody/new/", views.hand_out, name="hand_out"),
    path("custody/households/<uuid:household_id>/", views.take_over, name="take_over"),
    path("custody/<uuid:holding_id>/", views.holding, name="holding"),
    path("custody/<uuid:holding_id>/receipt/", views.receipt, name="receipt"),
    path("custody/<uuid:holding_id>/photos/<uuid:file_id>/", views.handover_photo, name="handover_photo"),
    path("custody/<uuid:holding_id>/pass/", views.pass_on, name="pass_on"),
    path("custody/<uuid:holding_id>/back/", views.give_back, name="give_back"),
    path("custody/<uuid:holding_id>/confirm/", views.confirm, name="confirm"),
    path("custody/<uuid:holding_id>/decline/", views.decline, name="decline"),
    path("custody/<uuid:holding_id>/found/", views.found, name="found"),
    path("custody/<uuid:holding_id>/missing/", views.end_holding, {"how": "missing"}, name="missing"),
    path("custody/<uuid:holding_id>/used/", views.end_holding, {"how": "used"}, name="used"),
]
