"""The door for a server of production: gunicorn wsgi:app."""

from inspire_lms.app import create_app
from inspire_lms.settings import Settings

app = create_app(Settings.from_env())
