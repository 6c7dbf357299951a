"""The routes of the medicine bank."""

from __future__ import annotations

from typing import Any

from django.urls import path

from shouwang.goods.views import medicine, medicine_acts, medicine_bank

urlpatterns: list[Any] = [
    path("medicine/", medicine.board, name="medicine"),
    path("medicine/new/", medicine.new, name="medicine_new"),
    path("medicine/caller/", medicine.lookup, name="medicine_lookup"),
    path("medicine/table/", medicine_bank.table, name="medicine_table"),
    path("medicine/bank/", medicine_bank.bank, name="medicine_bank"),
    path("medicine/limits/", medicine_bank.limit, name="medicine_limit"),
    path("medicine/asks/<uuid:ask_id>/", medicine.ask, name="medicine_ask"),
    path("medicine/asks/<uuid:ask_id>/answer/", medicine.answer, name="medicine_answer"),
    path("medicine/asks/<uuid:ask_id>/doctor/", medicine.doctor, name="medicine_doctor"),
    path("medicine/asks/<uuid:ask_id>/count/", medicine_acts.count, name="medicine_count"),
    path("medicine/asks/<uuid:ask_id>/fetch/", medicine_acts.fetch, name="medicine_fetch"),
    path("medicine/asks/<uuid:ask_id>/arrived/", medicine_acts.arrived, name="medicine_arrived"),
    path("medicine/asks/<uuid:ask_id>/call-back/", medicine_acts.call_back, name="medicine_call_back"),
    path("medicine/asks/<uuid:ask_id>/end/<slug:state>/", medicine_acts.end, name="medicine_end"),
    path("medicine/asks/<uuid:ask_id>/match/<uuid:offer_id>/", medicine_acts.match, name="medicine_match"),
    path("medicine/issues/<uuid:issue_id>/second/", medicine_acts.second, name="medicine_second"),
    path("medicine/issues/<uuid:issue_id>/send/", medicine_acts.send, name="medicine_send"),
    path("medicine/issues/<uuid:issue_id>/runs/", medicine_acts.runs, name="medicine_runs"),
    path("medicine/issues/<uuid:issue_id>/there/", medicine_acts.at_the_door, name="medicine_there"),
    path("medicine/issues/<uuid:issue_id>/back/", medicine_acts.take_back, name="medicine_back"),
    path("medicine/issues/<uuid:issue_id>/label.pdf", medicine_acts.label, name="medicine_label"),
    path("medicine/leaflets/<uuid:bag_id>/", medicine_acts.leaflet, name="medicine_leaflet"),
    path(
        "medicine/leaflets/<uuid:bag_id>/photo/", medicine_acts.leaflet_photo, name="medicine_leaflet_photo"
    ),
    path("medicine/errands/<uuid:medicine_errand_id>/", medicine_acts.errand, name="medicine_errand"),
    path(
        "medicine/errands/<uuid:medicine_errand_id>/done/",
        medicine_acts.errand_done,
        name="medicine_errand_done",
    ),
    path(
        "medicine/errands/<uuid:medicine_errand_id>/left/",
        medicine_acts.errand_left,
        name="medicine_errand_left",
    ),
    path("medicine/offers/", medicine_bank.offers, name="medicine_offers"),
    path("medicine/offers/new/", medicine_bank.offer_new, name="medicine_offer_new"),
    path("medicine/offers/<uuid:offer_id>/", medicine_bank.offer, name="medicine_offer"),
    path("medicine/offers/<uuid:offer_id>/take-in/", medicine_bank.take_in, name="medicine_take_in"),
    path("medicine/offers/<uuid:offer_id>/decline/", medicine_bank.decline, name="medicine_decline"),
    path("medicine/offers/<uuid:offer_id>/withdraw/", medicine_bank.withdraw, name="medicine_withdraw"),
    path("medicine/households/<uuid:household_id>/", medicine_bank.household, name="medicine_household"),
    path("medicine/households/<uuid:household_id>/note/", medicine_bank.note, name="medicine_note"),
    path("medicine/notes/<uuid:allergy_id>/end/", medicine_bank.end_note, name="medicine_end_note"),
]
