"""The routes of goods, one file a subject."""

from __future__ import annotations

from typing import Any

from shouwang.goods.urls import gate, runs, store

app_name = "goods"
urlpatterns: list[Any] = [*gate.urlpatterns, *runs.urlpatterns, *store.urlpatterns]
