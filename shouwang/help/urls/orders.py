"""Routes of shopping for others."""

from __future__ import annotations

from django.urls import path

from shouwang.help.views import money, orders, shopping

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/read/", orders.read_orders, name="read_orders"),
    path("orders/gather/", orders.gather, name="gather"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("orders/<uuid:order_id>/lines/", orders.add_lines, name="add_lines"),
    path("orders/<uuid:order_id>/act/<slug:order_step>/", orders.order_act, name="order_act"),
    path("orders/<uuid:order_id>/statement/", orders.statement, name="statement"),
    path("orders/<uuid:order_id>/delivered/", shopping.delivered, name="delivered"),
    path("orders/<uuid:order_id>/pay/", money.pay, name="pay"),
    path("orders/<uuid:order_id>/bear/", money.bear, name="bear"),
    path("order-lines/<uuid:order_line_id>/", orders.order_line, name="order_line"),
    path("order-lines/<uuid:order_line_id>/ask/", orders.ask_line, name="ask_line"),
    path("order-lines/<uuid:order_line_id>/answer/", orders.answer_line, name="answer_line"),
    path("order-lines/<uuid:order_line_id>/tick/", shopping.tick, name="tick"),
    path("order-lines/<uuid:order_line_id>/act/<slug:line_step>/", shopping.line_act, name="line_act"),
    path("order-lines/<uuid:order_line_id>/count/", shopping.count, name="count_line"),
    path("order-lines/<uuid:order_line_id>/door/", shopping.at_door, name="at_door"),
    path("shopping/<uuid:shopping_id>/", shopping.shopping_run, name="shopping_run"),
    path("shopping/<uuid:shopping_id>/sheet/", shopping.run_sheet, name="run_sheet"),
    path("shopping/<uuid:shopping_id>/act/<slug:run_step>/", shopping.run_act, name="run_act"),
    path("shopping/<uuid:shopping_id>/give/", shopping.give_run, name="give_run"),
    path("shopping/<uuid:shopping_id>/price/", shopping.price, name="price"),
    path("shopping/<uuid:shopping_id>/count/", shopping.run_count, name="run_count"),
    path("shopping/<uuid:shopping_id>/doors/", shopping.run_doors, name="run_doors"),
    path("shopping/<uuid:shopping_id>/money/", money.run_money, name="run_money"),
    path("shopping/<uuid:shopping_id>/receipt/", money.receipt, name="receipt"),
    path("shopping/<uuid:shopping_id>/receipt/photo/", money.receipt_photo, name="receipt_photo"),
    path("shopping/<uuid:shopping_id>/receipt/back/", money.receipt_back, name="receipt_back"),
    path("shopping/<uuid:shopping_id>/advance/", money.advance, name="advance"),
    path("shopping/<uuid:shopping_id>/refund/", money.refund, name="refund"),
    path("shopping/<uuid:shopping_id>/change/", money.change_back, name="change_back"),
    path("shopping/<uuid:shopping_id>/settle/", money.settle, name="settle"),
    path("shopping/<uuid:shopping_id>/statements/", money.statements, name="statements"),
]
