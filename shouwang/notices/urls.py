from __future__ import annotations

from django.urls import path

from shouwang.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.messages, name="messages"),
    path("read-all/", views.read_all, name="read_all"),
    path("channels/", views.channels, name="channels"),
    path("channels/<uuid:channel_id>/test/", views.test_channel, name="test_channel"),
    path("channels/<uuid:channel_id>/end/", views.end_channel, name="end_channel"),
    path("<uuid:message_id>/open/", views.open_message, name="open_message"),
]
