"""The API: bearer tokens, commands sent once, problems as problem+json. See docs/api.md."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from shouwang.accounts import selectors as accounts
from shouwang.accounts.models import ApiToken, User
from shouwang.accounts.services import mark_token_used
from shouwang.core.api import KEY
from shouwang.core.checks import as_json, check_promise
from shouwang.core.errors import NotAllowed, Refusal, is_out_of_order
from shouwang.core.live import changes_for
from shouwang.help.api import router as help_router
from shouwang.incidents.api import router as incidents_router
from shouwang.people.api import router as people_router
from shouwang.places.api import router as places_router
from shouwang.places.selectors import communities_for
from shouwang.volunteers.api import router as volunteers_router

log = logging.getLogger("shouwang.api")
SAFE = ("GET", "HEAD", "OPTIONS")
LAST_POSITION = 2**63 - 1


class Bearer(HttpBearer):
    """A token of somebody's; the scope is theirs. A token that may read never writes."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        at = request.at  # type: ignore[attr-defined]
        found = accounts.token_for(token, at)
        if found is None:
            return None
        if request.method not in SAFE and found.reach != ApiToken.Reach.WRITE:
            raise NotAllowed("token-reads-only", _("This token may only read. Make one that may write."))
        mark_token_used(token=found, at=at)
        request.user = found.user
        return found.user


class Plain(JSONRenderer):
    """JSON in UTF-8, readable as it is sent."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Plain(),
    title="Shouwang",
    version="1",
    description="Keep watch for one another. Lists go by cursor; every write carries an Idempotency-Key.",
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for router in (places_router, people_router, help_router, volunteers_router, incidents_router):
    api.add_router("", router)


def problem(status: int, code: str, sentence: str, **more: Any) -> HttpResponse:
    """An application/problem+json answer: `code` is stable, `detail` is for people."""
    body = {"type": "about:blank", "status": status, "code": code, "title": code, "detail": sentence, **more}
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/problem+json"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What a service refuses, with the field at fault if there is one."""
    more = {"field": refusal.field} if refusal.field else {}
    return problem(refusal.status, refusal.code, refusal.sentence(), **more)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    return problem(401, "not-signed-in", _("Send a valid token: Authorization: Bearer …"))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, fault: Http404) -> HttpResponse:
    return problem(404, "not-found", _("There is nothing here, or it belongs to a place that is not yours."))


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """What does not have the described shape; a missing key has a code of its own."""
    errors = [{"field": _pointer(error["loc"]), "message": error["msg"]} for error in fault.errors]
    if any(error["loc"][-1] == KEY or error["loc"][-1] == "key" for error in fault.errors if error["loc"]):
        return problem(
            400, "idempotency-key-missing", _("Every write needs an Idempotency-Key: a UUID of its own.")
        )
    return problem(422, "unfit", _("Something is missing or not as described; see errors."), errors=errors)


def _pointer(loc: Any) -> str:
    """The path of a fault as JSON pointer, without the names of our own parameters."""
    return "/" + "/".join(str(part) for part in loc[1:] if part not in ("body", "window"))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    return problem(fault.status_code, "unreadable", _("The body can't be read as JSON."))


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    if is_out_of_order(fault):
        log.error("the disk or the database does not answer: %s", type(fault).__name__)
        answer = problem(503, "out-of-order", _("Nothing was kept. Send the same again in a while."))
        answer.headers["Retry-After"] = "30"
        return answer
    log.error("the API failed", exc_info=fault)
    return problem(500, "broken", _("The fault is ours. Nothing was half written; try again later."))


class Change(Schema):
    """One thing that happened. What it concerns is read where it lives, within your scope."""

    position: int
    at: Any = Field(json_schema_extra={"type": "string", "format": "date-time"})
    kind: str = Field(description="room.subject.happened")
    subject_id: UUID | None
    community_id: UUID | None


class Changes(Schema):
    items: list[Change]
    next: int = Field(description="give it as `after` next time")


class After(Schema):
    after: int = Field(0, ge=0, le=LAST_POSITION)
    limit: int = Field(200, ge=1, le=500)


@api.get("/changes", response=Changes, tags=["changes"])
def list_changes(request: HttpRequest, window: Query[After]) -> dict[str, Any]:
    """What changed in your places after a position, in commit order; nothing is passed over."""
    found = changes_for(request.scope, window.after, window.limit)  # type: ignore[attr-defined]
    items = [
        {
            "position": row.position,  # type: ignore[attr-defined]
            "at": row.at,
            "kind": row.kind,
            "subject_id": row.subject_id,
            "community_id": row.community_id,
        }
        for row in found
    ]
    return {"items": items, "next": items[-1]["position"] if items else window.after}


class Checked(Schema):
    id: str
    holds: bool
    counted: int
    broken: int
    examples: list[str]


class Promise(Schema):
    holds: bool
    invariants: list[Checked]


class OfCommunity(Schema):
    community_id: UUID


@api.get("/checks", response=Promise, tags=["checks"])
def check(request: HttpRequest, window: Query[OfCommunity]) -> dict[str, Any]:
    """The promise, checked now on the live database: is anybody missed?"""
    scope = request.scope  # type: ignore[attr-defined]
    if window.community_id not in {place.pk for place in communities_for(scope, "promise.see")}:
        raise Http404
    return as_json(check_promise(scope.at, window.community_id))


class Problem(Schema):
    """What went wrong. `code` is stable; `detail` is a sentence in the language you accept."""

    type: str
    status: int
    code: str
    title: str
    detail: str
    field: str | None = None
    errors: list[dict[str, str]] | None = None


def described() -> dict[str, Any]:
    """The OpenAPI 3.1 description, with the problem that any operation may answer."""
    schema: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    said = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "A problem", "content": said}
    return schema


def operations() -> list[URLPattern | URLResolver]:
    """The routes of the operations; the framework's own front page is not one."""
    patterns, _app, _namespace = api.urls
    return [pattern for pattern in patterns if getattr(pattern, "name", "") != "api-root"]
