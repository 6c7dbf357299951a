"""What the app on a phone asks the server: who am I, keep my key, take this, give me my work. See docs/offline.md."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from shouwang.accounts.services.devices import enrol_device, note_pulled
from shouwang.core.access import public, signed_in_program
from shouwang.core.errors import Refusal, is_out_of_order
from shouwang.core.forms import typed
from shouwang.field.forms import Enrolment, Fetch, Parcels
from shouwang.field.selectors import snapshot_for
from shouwang.field.services import receive_with_others
from shouwang.people.selectors import code_public_key


@public("says only to a browser itself whether it is signed in")
@require_GET
def me(request: Any) -> HttpResponse:
    """Who is signed in here, and the token for what this browser sends."""
    signed = request.user.is_authenticated
    user = {"id": str(request.user.pk), "name": request.user.name} if signed else None
    return JsonResponse({
        "signed_in": signed, "csrf": get_token(request), "user": user, "now": request.at.isoformat(),
        "sign_in": reverse("accounts:sign_in"), "language": get_language() or settings.LANGUAGE_CODE,
    })  # fmt: skip


@signed_in_program
@require_POST
def enrol(request: Any) -> HttpResponse:
    """Keeps a phone's key."""
    said = read_body(request, Enrolment)
    if said is None:
        return unfit()
    name = typed({"name": said.name}, "name", 60)
    try:
        enrol_device(user=request.user, device_id=said.device, key=said.key, name=name, at=request.at)
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.sentence()}, status=refusal.status)
    user = {"id": str(request.user.pk), "name": request.user.name}
    return JsonResponse({
        "device": str(said.device), "user": user, "code_key": code_public_key(), "now": request.at.isoformat(),
    })  # fmt: skip


@public("a command says itself who made it: it opens only under the key of its author's phone")
@csrf_exempt
@require_POST
def sync(request: Any) -> HttpResponse:
    """Takes in what this phone, or another through it, has kept; a receipt for each."""
    said = read_body(request, Parcels)
    if said is None:
        return unfit()
    try:
        lines = receive_with_others([one.parcel() for one in said.commands])
    except Exception as fault:
        if not is_out_of_order(fault):
            raise
        return JsonResponse({"code": "out-of-order"}, status=503, headers={"Retry-After": "30"})
    receipts = [
        {"id": str(row.id), "status": row.status, "reason": row.reason, "sentence": row.sentence}
        for row in lines
    ]
    return JsonResponse({"receipts": receipts, "now": request.at.isoformat()})


@signed_in_program
@require_POST
def pull(request: Any) -> HttpResponse:
    """My work and my rosters, or that nothing has changed."""
    said = read_body(request, Fetch)
    if said is None:
        return unfit()
    found = snapshot_for(request.scope, request.at, after=said.after, mark=said.mark)
    known = said.device is None or note_pulled(user=request.user, device_id=said.device, at=request.at)
    return JsonResponse(
        {**found, "known": known, "code_key": code_public_key(), "now": request.at.isoformat()}
    )


def read_body(request: Any, shape: Any) -> Any:
    """The body as `shape`, or None when it is not like that."""
    try:
        return shape.model_validate(json.loads(request.body))
    except (ValidationError, ValueError, RecursionError):
        return None


def unfit() -> HttpResponse:
    """What is said to a program that sends something else."""
    return JsonResponse({"code": "unfit"}, status=400)
