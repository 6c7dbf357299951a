"""How the tests run: a home of their own, SQLite in a file unless an address is given, nothing kept.

The environment is set here, before Django reads its settings: a test never sees the home or the database of
whoever runs it. `make test` runs everything on SQLite and what is marked `both` again on PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent
# The tests say themselves which settings they want; what the shell has set would make runs differ.
KEPT = {"SHOUWANG_DATABASE_URL", "SHOUWANG_TEST_PROFILE"}


def own_home() -> Path:
    """A new home for this process; each worker of xdist has its own."""
    home = Path(tempfile.mkdtemp(prefix="shouwang-tests-"))
    (home / "static").mkdir()  # the collected files, which whitenoise looks for
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


for name in [name for name in os.environ if name.startswith("SHOUWANG_") and name not in KEPT]:
    del os.environ[name]
os.environ["SHOUWANG_HOME"] = str(own_home())
os.environ["SHOUWANG_SECOND_FACTOR"] = "offered"  # a test that is about it asks for more
os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.site.settings"
# Playwright's own loop is alive while the live server's threads write; Django would take that for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
sys.path.insert(0, str(ROOT))

# Not left to pytest-django, which would load the settings before the lines above.
django.setup()
# A worker of xdist inherits this process's environment. With the module named in it, its settings would be loaded,
# with this process's home, before these lines give it one of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]

# The same hashing as in earnest, made cheap: tests sign in thousands of times.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 64
Argon2PasswordHasher.parallelism = 1


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("usual", max_examples=60, deadline=None, derandomize=True)
    settings.register_profile(
        "nightly", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile(os.environ.get("SHOUWANG_TEST_PROFILE", "usual"))


def on_postgres() -> bool:
    return os.environ.get("SHOUWANG_DATABASE_URL", "").startswith("postgres")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test for the other database is skipped with the reason, however it was chosen."""
    for item in items:
        if item.get_closest_marker("postgres") and not on_postgres():
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: python tools/postgres.py with pytest"))
        if item.get_closest_marker("sqlite") and on_postgres():
            item.add_marker(pytest.mark.skip(reason="is about SQLite"))


@pytest.fixture(autouse=True)
def no_head_of_another_test() -> None:
    """The audit's head is a file of the home, which outlives the rows of the test that wrote it."""
    (Path(os.environ["SHOUWANG_HOME"]) / "audit-head.json").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in earnest: in memory there is no WAL, and a browser's requests could not share it."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(os.environ["SHOUWANG_HOME"]) / "test.sqlite3")
