"""Settings: the environment and nothing else. docs/settings.md lists every variable."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

BASE_DIR = Path(__file__).resolve().parent.parent
SHOUWANG_HOME = Path(os.environ.get("SHOUWANG_HOME", "var")).resolve()
SHOUWANG_DEMO = os.environ.get("SHOUWANG_DEMO", "") == "1"
SHOUWANG_SECOND_FACTOR = "off" if SHOUWANG_DEMO else os.environ.get("SHOUWANG_SECOND_FACTOR", "required")
SHOUWANG_CHANNELS = [url for url in os.environ.get("SHOUWANG_CHANNELS", "").split() if url]
SHOUWANG_HTTPS = os.environ.get("SHOUWANG_HTTPS", "") == "1"
SHOUWANG_BASE_URL = os.environ.get("SHOUWANG_BASE_URL", "http://localhost:8000").rstrip("/")
DEBUG = os.environ.get("SHOUWANG_DEBUG", "") == "1"


def _secret() -> str:
    path = SHOUWANG_HOME / "keys" / "django"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    """A Django database from sqlite:///path or postgres://user:password@host:port/name."""
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
            },
            "TEST": {"NAME": os.environ.get("SHOUWANG_TEST_DATABASE") or None},
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 12}},
        }
    raise SystemExit(f"SHOUWANG_DATABASE_URL: {parts.scheme or 'nothing'} is not sqlite or postgres")


SECRET_KEY = _secret()
DATABASES = {
    "default": _database(
        os.environ.get("SHOUWANG_DATABASE_URL") or f"sqlite:///{SHOUWANG_HOME / 'shouwang.sqlite3'}"
    )
}
LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = LOOPBACK if SHOUWANG_DEMO else [*LOOPBACK, *os.environ.get("SHOUWANG_HOSTS", "").split()]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in os.environ.get("SHOUWANG_HOSTS", "").split()]

INSTALLED_APPS = [
    "shouwang.site",
    "shouwang.portal",
    "shouwang.field",
    "shouwang.desk",
    "shouwang.ledgers",
    "shouwang.rounds",
    "shouwang.help",
    "shouwang.goods",
    "shouwang.volunteers",
    "shouwang.notices",
    "shouwang.incidents",
    "shouwang.people",
    "shouwang.places",
    "shouwang.accounts",
    "shouwang.ui",
    "shouwang.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "treebeard",
    "axes",
    "django_htmx",
    "template_partials",
    "lucide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouwang.ui.middleware.reading_mode",
    "shouwang.core.middleware.RequestMiddleware",
    "shouwang.accounts.middleware.own_session",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouwang.site.context.page_frame",
            ],
        },
    },
]

ROOT_URLCONF = "shouwang.site.urls"
WSGI_APPLICATION = "shouwang.site.wsgi.application"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# OWASP ASVS 5.0 6.3.1: at most 10 tries an account in 15 minutes; the pair of account and address is
# locked, so that a stranger's tries don't lock the owner out of another address.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = "shouwang.accounts.services.known.lockout_parameters"
AXES_LOCKOUT_CALLABLE = "shouwang.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "shouwang.core.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS: list[str] = ["username", "ip_address"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = SHOUWANG_HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_NAME = "shouwang"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SHOUWANG_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SHOUWANG_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SHOUWANG_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shouwang.site.views.csrf_failed"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHOUWANG_LOG", "WARNING")},
    "loggers": {"shouwang": {"level": os.environ.get("SHOUWANG_LOG", "INFO")}},
}
