"""Routes of the store."""

from django.urls import path

from shouwang.goods.views import donations, stocktakes, store, store_acts

urlpatterns = [
    path("store/", store.store, name="store"),
    path("store/shelves/", store.add_shelf, name="add_shelf"),
    path("store/items/new/", store.new_item, name="new_item"),
    path("store/items/<uuid:item_id>/", store.item, name="store_item"),
    path("store/items/<uuid:item_id>/change/", store.change_item, name="change_item"),
    path("store/items/<uuid:item_id>/end/", store.end_item, name="end_item"),
    path("store/items/<uuid:item_id>/move/", store.move, name="move_stock"),
    path("store/lots/<uuid:lot_id>/discard/", store.discard, name="discard_stock"),
    path("store/lots/<uuid:lot_id>/split/", store.split, name="split_lot"),
    path("store/in/", store_acts.bring_in, name="store_in"),
    path("store/out/", store_acts.issue, name="store_out"),
    path("store/slips/<uuid:act_id>/", store_acts.slip, name="store_slip"),
    path("store/slips/<uuid:act_id>/correct/", store_acts.correct, name="correct_slip"),
    path("store/slips/<uuid:act_id>/back/", store_acts.give_back, name="give_back_slip"),
    path("store/day/", store_acts.day, name="store_day"),
    path("store/ledger/", store_acts.ledger, name="store_ledger"),
    path("store/counts/", stocktakes.counts, name="store_counts"),
    path("store/counts/<uuid:stock_take_id>/", stocktakes.stock_take, name="stock_take"),
    path("store/counts/<uuid:stock_take_id>/sign/", stocktakes.sign, name="sign_stock_take"),
    path("store/counts/<uuid:stock_take_id>/off/", stocktakes.call_off, name="call_off_stock_take"),
    path("store/counts/lines/<int:count_line_id>/again/", stocktakes.again, name="count_again"),
    path("store/counting/<uuid:stock_take_id>/", stocktakes.counting, name="counting"),
    path("store/counting/<uuid:stock_take_id>/found/", stocktakes.found, name="found_item"),
    path("store/counting/lines/<int:count_line_id>/", stocktakes.count, name="count_line"),
    path("store/donations/", donations.donations, name="store_donations"),
    path("store/donations/new/", donations.new_donation, name="new_donation"),
    path("store/donations/public/", donations.public_list, name="public_donations"),
    path("store/donations/<uuid:donation_id>/receipt/", donations.receipt, name="donation_receipt"),
    path("store/opening/", donations.opening, name="store_opening"),
]
