"""The routes of goods, one file a subject."""

from __future__ import annotations

from typing import Any

from shouwang.goods.urls import custody, gifts

app_name = "goods"
urlpatterns: list[Any] = [*custody.urlpatterns, *gifts.urlpatterns]
