"""The whole URL map: one prefix a room."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from shouwang.site import views
from shouwang.ui import views as ui_views

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("healthz", views.healthz, name="healthz"),
    path("language/", views.set_language, name="set_language"),
    path("accounts/", include("shouwang.accounts.urls")),
    path("desk/", include("shouwang.desk.urls")),
    path("places/", include("shouwang.places.urls")),
    path("people/", include("shouwang.people.urls")),
    path("incidents/", include("shouwang.incidents.urls")),
    path("notices/", include("shouwang.notices.urls")),
    path("volunteers/", include("shouwang.volunteers.urls")),
    path("goods/", include("shouwang.goods.urls")),
    path("help/", include("shouwang.help.urls")),
    path("rounds/", include("shouwang.rounds.urls")),
    path("ledgers/", include("shouwang.ledgers.urls")),
    path("field/", include("shouwang.field.urls")),
    path("", include("shouwang.portal.urls")),
    path("api/v1/", include("shouwang.site.api_urls")),
]

if settings.SHOUWANG_DEMO:
    urlpatterns.append(path("gallery/", ui_views.gallery, name="gallery"))

handler403 = "shouwang.site.views.not_allowed"
handler404 = "shouwang.site.views.not_found"
handler500 = "shouwang.site.views.broken"
