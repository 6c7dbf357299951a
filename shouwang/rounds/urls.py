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
    path("<uuid:round_id>/table/", views.table, name="table"),
    path("<uuid:round_id>/table/scan/", views.scan, name="scan"),
    path("<uuid:round_id>/table/names/", views.names, name="names"),
    path("<uuid:round_id>/table/undo/", views.undo, name="undo"),
    path("<uuid:round_id>/table/walk-in/", views.walk_in, name="walk_in"),
    path("<uuid:round_id>/tubes/", views.tubes_page, name="tubes"),
    path("<uuid:round_id>/results/", views.results, name="results"),
    path("<uuid:round_id>/walk-ins/", views.walk_ins, name="walk_ins"),
    path("<uuid:round_id>/point/", views.point, name="point"),
    path("<uuid:round_id>/point/step/", views.point_step, name="point_step"),
    path("<uuid:round_id>/point/bags/", views.bags, name="bags"),
    path("<uuid:round_id>/sheets/", views.sheets, name="sheets"),
    path("<uuid:round_id>/sheets/<uuid:place_id>/", views.sheet, name="sheet"),
    path("tubes/<uuid:tube_id>/", views.tube_page, name="tube"),
    path("tubes/<uuid:tube_id>/label/", views.label, name="label"),
    path("tubes/<uuid:tube_id>/close/", views.close_tube, name="close_tube"),
    path("consignments/<uuid:consignment_id>/", views.consignment, name="consignment"),
    path("walk-ins/<uuid:walk_in_id>/", views.place, name="place"),
    path("entries/<uuid:roster_entry_id>/trouble/", views.trouble, name="trouble"),
    path("entries/<uuid:roster_entry_id>/", views.entry, name="entry"),
    path("entries/<uuid:roster_entry_id>/<slug:quick>/", views.quick, name="quick"),
]
