from __future__ import annotations

from django.urls import path

from shouwang.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.board, name="board"),
    path("begin/", views.begin, name="begin"),
    path("<uuid:round_id>/", views.round_page, name="round"),
    path("<uuid:round_id>/missing/", views.missing, name="missing"),
    path("<uuid:round_id>/close/", views.close, name="close"),
    path("<uuid:round_id>/point/", views.point, name="point"),
    path("<uuid:round_id>/calling/", views.calling, name="calling"),
    path("<uuid:round_id>/calling/screen/", views.screen, name="screen"),
    path("<uuid:round_id>/calling/slips/", views.slips, name="slips"),
    path("<uuid:round_id>/calling/tables/", views.tables, name="tables"),
    path("<uuid:round_id>/calling/plan/", views.plan, name="plan"),
    path("<uuid:round_id>/calling/hold/<uuid:building_id>/", views.hold, name="hold"),
    path("calling/slots/<uuid:slot_id>/call/", views.call, name="call"),
    path("calling/slots/<uuid:slot_id>/back/", views.back, name="back"),
    path("<uuid:round_id>/walks/", views.walks, name="walks"),
    path("<uuid:round_id>/walks/make/", views.make_walks, name="make_walks"),
    path("walks/<uuid:walking_list_id>/", views.walking_list, name="walking_list"),
    path("walks/<uuid:walking_list_id>/sheet/", views.walking_sheet, name="walking_sheet"),
    path("walks/<uuid:walking_list_id>/give/", views.give, name="give"),
    path("walks/<uuid:walking_list_id>/take-back/", views.take_back, name="take_back"),
    path("walks/<uuid:walking_list_id>/give-back/", views.give_back, name="give_back"),
    path("walks/<uuid:walking_list_id>/end/", views.end_walk, name="end_walk"),
    path("entries/<uuid:roster_entry_id>/", views.entry, name="entry"),
    path("entries/<uuid:roster_entry_id>/<slug:quick>/", views.quick, name="quick"),
]
