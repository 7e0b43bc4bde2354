"""The door for a server of production: gunicorn wsgi:app, with inspire-lms work beside it."""

from inspire_lms.serving import app_of_environment, queue_of, settle

app = app_of_environment()
# What a page stores in the outbox is told to the worker at once; without this it would wait for the next full minute.
queue_of(app)
settle()
