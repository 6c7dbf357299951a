"""Routes of requests, tickets, the evening and the directory."""

from __future__ import annotations

from django.urls import path

from shouwang.help import views

urlpatterns = [
    path("", views.board, name="board"),
    path("search/", views.search, name="search"),
    path("call/", views.new, name="new"),
    path("call/<uuid:household_id>/", views.new, name="new"),
    path("call/who/", views.lookup, name="lookup"),
    path("paste/", views.paste, name="paste"),
    path("evening/", views.evening, name="evening"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets/new/", views.new_ticket, name="new_ticket"),
    path("tickets/<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("tickets/<uuid:ticket_id>/reply/", views.reply_ticket, name="reply_ticket"),
    path("tickets/<uuid:ticket_id>/call-back/", views.call_back, name="call_back"),
    path("directory/", views.directory, name="directory"),
    path("directory/<uuid:entry_id>/", views.directory_entry, name="directory_entry"),
    path("directory/<uuid:entry_id>/end/", views.end_entry, name="end_entry"),
    path("requests/<uuid:request_id>/", views.detail, name="request"),
    path("requests/<uuid:request_id>/emergency/", views.emergency, name="emergency"),
    path("requests/<uuid:request_id>/offer/", views.offer, name="offer"),
    path("requests/<uuid:request_id>/way/", views.on_my_way, name="on_my_way"),
    path("requests/<uuid:request_id>/act/<slug:act>/", views.act, name="act"),
    path("requests/<uuid:request_id>/verify/", views.verify, name="verify"),
    path("requests/<uuid:request_id>/change/", views.change, name="change"),
    path("requests/<uuid:request_id>/attempt/", views.attempt, name="attempt"),
    path("requests/<uuid:request_id>/note/", views.note, name="note"),
    path("requests/<uuid:request_id>/finish/", views.finish, name="finish"),
    path("requests/<uuid:request_id>/close/", views.close, name="close"),
    path("requests/<uuid:request_id>/link/", views.link, name="link"),
    path("requests/<uuid:request_id>/step/", views.step, name="step"),
    path("requests/<uuid:request_id>/ring/", views.ring, name="ring"),
    path("requests/<uuid:request_id>/photos/<uuid:file_id>/", views.photo, name="photo"),
    path("requests/<uuid:request_id>/confidants/", views.confidant, name="confidant"),
    path("confidants/<uuid:confidant_id>/end/", views.end_confidant, name="end_confidant"),
    path("assignments/<uuid:assignment_id>/<slug:answer>/", views.answer, name="answer"),
]
