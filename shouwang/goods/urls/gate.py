"""The gate: taking in, the board, a parcel's way, labels."""

from django.urls import path

from shouwang.goods.views import gate, parcels, taking_in

urlpatterns = [
    path("", gate.gate, name="gate"),
    path("search/", gate.search, name="search"),
    path("scan/", taking_in.scan, name="scan"),
    path("many/", gate.many, name="many"),
    path("labels/", parcels.labels, name="labels"),
    path("ready/sheet/", gate.ready_sheet, name="ready_sheet"),
    path("no-door/", parcels.unplaced, name="unplaced"),
    path("take-in/", taking_in.take_in, name="take_in"),
    path("take-in/keep/", taking_in.keep_parcel, name="keep_parcel"),
    path("take-in/photo/", taking_in.keep_photo, name="keep_photo"),
    path("take-in/buildings/<uuid:building_id>/", taking_in.take_in_building, name="take_in_building"),
    path("take-in/doors/<uuid:dwelling_id>/", taking_in.take_in_door, name="take_in_door"),
    path("parcels/<uuid:parcel_id>/", parcels.parcel, name="parcel"),
    path("parcels/<uuid:parcel_id>/step/", parcels.step, name="step"),
    path("parcels/<uuid:parcel_id>/early/", parcels.early, name="early"),
    path("parcels/<uuid:parcel_id>/door/", parcels.place, name="place"),
    path("parcels/<uuid:parcel_id>/change/", parcels.change, name="change"),
    path("parcels/<uuid:parcel_id>/note/", parcels.note, name="note"),
    path("parcels/<uuid:parcel_id>/photo/", parcels.photo, name="photo"),
    path("parcels/<uuid:parcel_id>/label/", parcels.label, name="label"),
]
