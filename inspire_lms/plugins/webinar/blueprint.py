"""The addresses of webinars begin here; the modules called views fill it."""

from flask import Blueprint

pages = Blueprint("webinar", __name__, url_prefix="/webinar", template_folder="templates", static_folder="static")
