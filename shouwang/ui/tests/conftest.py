from __future__ import annotations

import copy
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import trans_real

LOCALE = Path(__file__).resolve().parents[1] / "locale" / "zh_Hans" / "LC_MESSAGES"


@pytest.fixture(scope="session")
def compiled_words() -> Iterator[None]:
    """This room's Chinese, compiled: .mo files are not kept in the repository."""
    made = LOCALE / "django.mo"
    was_there = made.exists()
    subprocess.run(["msgfmt", "-o", str(made), str(LOCALE / "django.po")], check=True)
    trans_real._translations = {}  # type: ignore[attr-defined]
    yield
    if not was_there:
        made.unlink()


@pytest.fixture
def bare_site(settings: Any) -> None:
    """This room by itself: templates without the frame that upper rooms fill, and its own addresses."""
    frame = copy.deepcopy(settings.TEMPLATES)
    options = frame[0]["OPTIONS"]
    options["context_processors"] = [p for p in options["context_processors"] if p.startswith("django.")]
    settings.TEMPLATES = frame
    settings.ROOT_URLCONF = "shouwang.ui.tests.urls"
    wanted = "shouwang.ui.middleware.reading_mode"
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if m != wanted] + [wanted]
