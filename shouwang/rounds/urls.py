from __future__ import annotations

from django.urls import path

from shouwang.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.board, name="board"),
    path("begin/", views.begin, name="begin"),
    path("spots/", views.spot_list, name="spots"),
    path("spots/<uuid:spot_id>/end/", views.end_spot, name="end_spot"),
    path("coverage/", views.asked_rounds, name="coverage"),
    path("coverage/<uuid:campaign_id>/", views.campaign, name="campaign"),
    path("coverage/<uuid:campaign_id>/close/", views.close_campaign, name="close_campaign"),
    path(
        "coverage/<uuid:campaign_id>/<uuid:community_id>/",
        views.campaign_community,
        name="campaign_community",
    ),
    path("tracing/", views.tracing_lists, name="tracing_lists"),
    path("tracing/<uuid:list_id>/", views.tracing_list, name="tracing_list"),
    path("tracing/<uuid:list_id>/answers/", views.tracing_answers, name="tracing_answers"),
    path("tracing/<uuid:list_id>/close/", views.close_tracing, name="close_tracing"),
    path("tracing/lines/<uuid:line_id>/", views.tracing_line, name="tracing_line"),
    path("tracing/lines/<uuid:line_id>/match/", views.tracing_match, name="tracing_match"),
    path("<uuid:round_id>/buildings/<uuid:place_id>/", views.building, name="building"),
    path("<uuid:round_id>/entries/<uuid:place_id>/", views.stairwell, name="entries"),
    path("<uuid:round_id>/", views.round_page, name="round"),
    path("<uuid:round_id>/missing/", views.missing, name="missing"),
    path("<uuid:round_id>/close/", views.close, name="close"),
    path("entries/<uuid:roster_entry_id>/", views.entry, name="entry"),
    path("entries/<uuid:roster_entry_id>/<slug:quick>/", views.quick, name="quick"),
]
