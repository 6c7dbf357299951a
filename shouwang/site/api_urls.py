"""The API's URLs: its description, its operations, and what is none of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from shouwang.core.access import public
from shouwang.site.api import described, not_found, operations


@public("describes the API; holds nothing of anybody's")
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 description."""
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


@public("says that there is nothing, in the API's own form")
@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """404 as a problem."""
    return not_found(request, Http404())


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    *operations(),
    path("", nothing),
    path("<path:rest>", nothing),
]
