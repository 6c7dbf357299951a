"""Addresses of people."""

from __future__ import annotations

from django.urls import path

from shouwang.people import views

app_name = "people"
urlpatterns = [
    path("", views.household_list, name="household_list"),
    path("search/", views.search, name="search"),
    path("doors/unknown/", views.unknown_doors, name="unknown_doors"),
    path("doors/<uuid:dwelling_id>/", views.door, name="door"),
    path("doors/<uuid:dwelling_id>/open/", views.open_household, name="open_household"),
    path("contradictions/", views.contradictions, name="contradictions"),
    path(
        "contradictions/<uuid:contradiction_id>/decide/",
        views.decide_contradiction,
        name="decide_contradiction",
    ),
    path("doubles/", views.doubles, name="doubles"),
    path("doubles/<uuid:first_id>/<uuid:second_id>/", views.merge_pair, name="merge_pair"),
    path("doubles/<uuid:first_id>/<uuid:second_id>/apart/", views.tell_apart, name="tell_apart"),
    path("merges/<uuid:merge_id>/undo/", views.undo_merge, name="undo_merge"),
    path("codes/", views.code_places, name="code_places"),
    path("codes/read/", views.read_code, name="read_code"),
    path("codes/places/<uuid:place_id>/", views.place_sheets, name="place_sheets"),
    path("care/", views.care_queue, name="care_queue"),
    path("households/<uuid:household_id>/door/", views.change_door, name="change_door"),
    path("households/<uuid:household_id>/note/", views.note_household, name="note_household"),
    path("households/<uuid:household_id>/close/", views.close_household, name="close_household"),
    path("households/<uuid:household_id>/people/", views.add_person, name="add_person"),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/", views.change_person, name="change_person"
    ),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/leave/",
        views.end_membership,
        name="end_membership",
    ),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/move/", views.move_person, name="move_person"
    ),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/void/", views.void_person, name="void_person"
    ),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/stay/", views.record_stay, name="record_stay"
    ),
    path("households/<uuid:household_id>/codes/", views.codes, name="codes"),
    path("households/<uuid:household_id>/codes/sheet/", views.family_sheet, name="family_sheet"),
    path("households/<uuid:household_id>/codes/anew/", views.renew_codes, name="renew_codes"),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/codes/revoke/",
        views.revoke_codes,
        name="revoke_codes",
    ),
    path(
        "households/<uuid:household_id>/people/<uuid:person_id>/codes/phone/",
        views.phone_code,
        name="phone_code",
    ),
    path("households/<uuid:household_id>/care/", views.add_flag, name="add_flag"),
    path("households/<uuid:household_id>/contacts/", views.add_contact, name="add_contact"),
    path("households/<uuid:household_id>/proxies/", views.add_proxy, name="add_proxy"),
    path("care/<uuid:flag_id>/decide/", views.decide_flag, name="decide_flag"),
    path("care/<uuid:flag_id>/review/", views.review_flag, name="review_flag"),
    path("care/<uuid:flag_id>/end/", views.end_flag, name="end_flag"),
    path("contacts/<uuid:contact_id>/end/", views.end_contact, name="end_contact"),
    path("proxies/<uuid:proxy_id>/end/", views.end_proxy, name="end_proxy"),
]
