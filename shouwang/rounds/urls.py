from __future__ import annotations

from django.urls import path

from shouwang.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.board, name="board"),
    path("begin/", views.choose_kind, name="choose_kind"),
    path("begin/<uuid:kind_id>/", views.begin, name="begin"),
    path("kinds/", views.kinds, name="kinds"),
    path("kinds/<uuid:kind_id>/", views.kind, name="kind"),
    path("kinds/<uuid:kind_id>/copy/", views.copy_kind, name="copy_kind"),
    path("kinds/<uuid:own_kind_id>/change/", views.change_kind, name="change_kind"),
    path("kinds/<uuid:own_kind_id>/end/", views.end_kind, name="end_kind"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/<uuid:proposal_id>/begin/", views.begin_proposal, name="begin_proposal"),
    path("proposals/<uuid:proposal_id>/decline/", views.decline_proposal, name="decline_proposal"),
    path("<uuid:round_id>/", views.round_page, name="round"),
    path("<uuid:round_id>/answers/", views.answers, name="answers"),
    path("<uuid:round_id>/missing/", views.missing, name="missing"),
    path("<uuid:round_id>/close/", views.close, name="close"),
    path("entries/<uuid:roster_entry_id>/", views.entry, name="entry"),
    path("entries/<uuid:roster_entry_id>/<slug:quick>/", views.quick, name="quick"),
]
