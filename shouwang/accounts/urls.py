from __future__ import annotations

from django.urls import URLPattern, path

from shouwang.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("", views.account, name="account"),
    path("language/", views.choose_language, name="choose_language"),
    path("counter/", views.set_counter, name="counter"),
    path("password/", views.change_password, name="change_password"),
    path("tokens/", views.make_token, name="make_token"),
    path("tokens/<uuid:token_id>/end/", views.end_token, name="end_token"),
    path("second/", views.second.at_door, name="second"),
    path("second/set/", views.second.set_up, name="second_set"),
    path("second/end/", views.second.end, name="second_end"),
    path("sessions/end/", views.second.end_other_sessions, name="end_other_sessions"),
    path("sessions/<uuid:session_id>/end/", views.second.end_session, name="end_session"),
    path("devices/<uuid:device_id>/end/", views.second.end_device, name="end_device"),
    path("demo/", views.demo, name="demo"),
    path("demo/<slug:role>/", views.demo_sign_in, name="demo_sign_in"),
]
