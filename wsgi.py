"""The door for a server of production: gunicorn wsgi:app, with inspire-lms work beside it."""

from inspire_lms.app import create_app
from inspire_lms.serving import queue_of, settle
from inspire_lms.settings import Settings

app = create_app(Settings.from_env())
# What a page stores in the outbox is told to the worker at once; without this it would wait for the next full minute.
queue_of(app)
settle()
