"""The routes of goods, one file a subject."""

from __future__ import annotations

from shouwang.goods.urls import custody, gate, gifts, store

app_name = "goods"
urlpatterns = [*gate.urlpatterns, *store.urlpatterns, *custody.urlpatterns, *gifts.urlpatterns]
