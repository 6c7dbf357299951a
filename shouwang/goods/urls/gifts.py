"""The routes of gifts."""

from __future__ import annotations

from django.urls import path

from shouwang.goods.views import gifts as views

ONE = "gifts/<uuid:gift_list_id>/"
urlpatterns = [
    path("gifts/", views.gifts, name="gifts"),
    path("gifts/new/", views.new_list, name="new_gifts"),
    path(ONE, views.gift_list, name="gift_list"),
    path(f"{ONE}add/", views.add_door, name="add_gift_door"),
    path(f"{ONE}givers/", views.name_giver, name="name_gift_giver"),
    path(f"{ONE}givers/<uuid:volunteer_id>/end/", views.release_giver, name="release_gift_giver"),
    path(f"{ONE}close/", views.change_list, {"what": "close"}, name="close_gifts"),
    path(f"{ONE}reopen/", views.change_list, {"what": "reopen"}, name="reopen_gifts"),
    path(f"{ONE}post/", views.change_list, {"what": "post"}, name="post_gifts"),
    path(f"{ONE}unpost/", views.change_list, {"what": "unpost"}, name="unpost_gifts"),
    path(f"{ONE}doors/", views.gift_doors, name="gift_doors"),
    path(f"{ONE}sheet/", views.gift_sheet, name="gift_sheet"),
    path(f"{ONE}wall/", views.gift_wall, name="gift_wall"),
    path("gifts/lines/<uuid:gift_line_id>/hand/", views.hand_gift, name="hand_gift"),
    path("gifts/lines/<uuid:gift_line_id>/drop/", views.drop_door, name="drop_gift_door"),
    path(
        "gifts/lines/<uuid:gift_line_id>/not-wanted/",
        views.settle_gift,
        {"what": "not_wanted"},
        name="gift_not_wanted",
    ),
    path("gifts/lines/<uuid:gift_line_id>/moved/", views.settle_gift, {"what": "moved"}, name="gift_moved"),
    path("gifts/lines/<uuid:gift_line_id>/undo/", views.settle_gift, {"what": "undo"}, name="undo_gift"),
]
