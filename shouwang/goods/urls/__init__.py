"""The routes of goods, one file a subject."""

from __future__ import annotations

from shouwang.goods.urls import custody, gate, gifts, medicine, runs, store

app_name = "goods"
urlpatterns = [
    *gate.urlpatterns,
    *runs.urlpatterns,
    *store.urlpatterns,
    *medicine.urlpatterns,
    *custody.urlpatterns,
    *gifts.urlpatterns,
]
