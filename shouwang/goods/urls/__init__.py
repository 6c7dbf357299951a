"""The routes of goods, one file a subject."""

from __future__ import annotations

from shouwang.goods.urls import gate, store

app_name = "goods"
urlpatterns = [*gate.urlpatterns, *store.urlpatterns]
