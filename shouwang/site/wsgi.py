"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.site.settings")
application = get_wsgi_application()

# SQLite clears its log away with the last connection and needs room to begin a new one. This one stays open, so
# that a full disk stops the writing and never the reading.
if connection.vendor == "sqlite":
    connection.ensure_connection()
