"""The addresses of this plugin begin here; the views of its rooms hang theirs up."""

from flask import Blueprint

pages = Blueprint("assessment", __name__, url_prefix="/assessment", template_folder="templates", static_folder="static")
