from __future__ import annotations

from django.urls import path

from shouwang.portal import views

app_name = "portal"
urlpatterns = [
    path("q/<slug:door_code>/", views.choose, name="choose"),
    path("q/<slug:door_code>/handed-out/", views.handed_out, name="handed_out"),
    path("q/<slug:door_code>/medicine-to-spare/", views.spare, name="spare"),
    path("q/<slug:door_code>/medicine-to-spare/thanks/", views.spared, name="spared"),
    path("q/<slug:door_code>/<slug:choice>/", views.ask, name="ask"),
    path("c/<str:phone_link>/", views.code, name="code"),
    path("r/<str:token>/", views.follow, name="follow"),
    path("r/<str:token>/confirm/", views.confirm, name="confirm"),
    path("r/<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("r/<str:token>/list/<uuid:order_line_id>/", views.answer_list, name="answer_list"),
    path("r/<str:token>/statement/", views.statement, name="statement"),
    path("r/<str:token>/words/", views.add_words, name="add_words"),
]
