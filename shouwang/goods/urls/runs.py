"""Delivery runs: the plan of a day, who carries, the trips, the stops."""

from django.urls import path

from shouwang.goods.views import run_trips, runs

urlpatterns = [
    path("runs/", runs.runs, name="runs"),
    path("runs/open/", runs.open_runs, name="open_runs"),
    path("runs/<uuid:plan_id>/", runs.plan, name="plan"),
    path("runs/<uuid:plan_id>/plan/", runs.ask, name="ask_plan"),
    path("runs/<uuid:plan_id>/end/", runs.end, name="end_plan"),
    path("runs/<uuid:plan_id>/sheets/", runs.sheets, name="run_sheets"),
    path("runs/<uuid:plan_id>/carriers/", runs.add_carrier, name="add_carrier"),
    path("runs/<uuid:plan_id>/apart/", runs.apart, name="apart"),
    path("runs/carriers/<uuid:carrier_id>/", runs.carrier, name="carrier"),
    path("runs/carriers/<uuid:carrier_id>/remove/", runs.remove_carrier, name="remove_carrier"),
    path("runs/apart/<uuid:apart_id>/end/", runs.end_apart, name="end_apart"),
    path("runs/trips/<uuid:run_id>/", run_trips.run, name="run"),
    path("runs/trips/<uuid:run_id>/step/", run_trips.step, name="run_step"),
    path("runs/trips/<uuid:run_id>/stands/", run_trips.stands, name="run_stands"),
    path("runs/trips/<uuid:run_id>/take-over/", run_trips.take_over, name="take_over_run"),
    path("runs/trips/<uuid:run_id>/sheet/", run_trips.sheet, name="run_sheet"),
    path("runs/stops/<uuid:stop_id>/step/", run_trips.stop_step, name="stop_step"),
    path("runs/stops/<uuid:stop_id>/again/", run_trips.again, name="stop_again"),
    path("runs/stops/<uuid:stop_id>/move/", run_trips.move, name="move_stop"),
]
