"""The app for phones: a page that holds nobody's data, its words, its manifest, and the worker that keeps them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shouwang.core.access import public
from shouwang.core.middleware import CONTENT_SECURITY_POLICY
from shouwang.field.engines.phone_app import BuiltApp, built_app, worker_script

SAME_FOR_ALL = "the app itself: the same for everybody, and nobody's data in it"
BUILT = Path(__file__).resolve().parents[1] / "static" / "field" / "app"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
# The decoder is WebAssembly, which a policy has to name; compiling it is allowed on this page alone.
POLICY = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
STYLES = ("ui/tokens.css", "ui/base.css", "ui/components.css", "ui/layouts.css", "field/phone.css")
PICTURES = ("ui/brand.svg", "field/icon-180.png", "field/icon-192.png", "field/icon-512.png")
# A browser where no app was built, or is built no more: the worker that it may still have takes itself away.
NO_WORKER = (
    'self.addEventListener("install", () => self.skipWaiting());\n'
    'self.addEventListener("activate", () => self.registration.unregister());\n'
)


@public(SAME_FOR_ALL)
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page that the app begins in; without a built app, words that lead to the pages."""
    app = built_app(BUILT)
    if app is None:
        return _fresh(HttpResponse(render_to_string("field/app_missing.html", request=request)))
    response = HttpResponse(page_of(app, request.reading_mode))  # type: ignore[attr-defined]
    response.headers["Content-Security-Policy"] = POLICY
    return _fresh(response)


@public(SAME_FOR_ALL)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The worker, with the addresses that it keeps."""
    app = built_app(BUILT)
    script = worker_for(app) if app else NO_WORKER
    return _fresh(HttpResponse(script, content_type="text/javascript; charset=utf-8"))


@public(SAME_FOR_ALL)
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows of the installed app."""
    return _fresh(JsonResponse(manifest_now(), content_type="application/manifest+json"))


@public(SAME_FOR_ALL)
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """What the app says, in the language that is asked for."""
    asked = request.GET.get("language", "")
    return _fresh(JsonResponse(words_in(asked if asked in LANGUAGES else settings.LANGUAGE_CODE)))


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-cache"
    return response


def page_of(app: BuiltApp, mode: str) -> str:
    """The page in the active language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    context = {"script": static(f"field/app/{app.script}"), "styles": STYLES, "mode": mode}
    return render_to_string("field/app.html", {**context, "lang": TAGS.get(language, language)})


@cache
def words_in(language: str) -> dict[str, str]:
    """The words by key. Raises ValueError when a translation has something in it that JSON has not."""
    with translation.override(language):
        read: dict[str, str] = json.loads(render_to_string("field/words.json"))
    return read


def manifest_now() -> dict[str, object]:
    """The manifest in the active language."""
    sizes = (("192x192", "field/icon-192.png"), ("512x512", "field/icon-512.png"))
    return {
        "id": reverse("field:app"),
        "name": _("Shouwang"),
        "short_name": _("Shouwang"),
        "start_url": reverse("field:app"),
        "scope": reverse("field:app"),
        "display": "standalone",
        "background_color": "#faf8f3",
        "theme_color": "#0e5a4a",
        "icons": [
            {"src": static(name), "sizes": size, "type": "image/png", "purpose": "any maskable"}
            for size, name in sizes
        ],
    }


def worker_for(app: BuiltApp) -> str:
    """The worker that keeps page, manifest, styles, pictures and the words in every language."""
    files = (*STYLES, *PICTURES)
    told = [f"{reverse('field:app_words')}?language={code}" for code in LANGUAGES]
    addresses = [reverse("field:app_manifest"), *told, *(static(name) for name in files)]
    parts = [json.dumps(words_in(code)).encode() for code in LANGUAGES]
    parts += [Path(found).read_bytes() for name in files if (found := finders.find(name))]
    with translation.override(settings.LANGUAGE_CODE):
        parts += [page_of(app, "usual").encode(), json.dumps(manifest_now()).encode()]
    return worker_script(app, reverse("field:app"), static("field/app/"), addresses, parts)
