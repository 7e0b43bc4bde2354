"""The page of badges."""

from flask import Blueprint, url_for
from sqlalchemy import select

from badge_outside.models import Badge
from inspire_lms.contracts.pages import MenuEntries, MenuEntry
from inspire_lms.kernel.db import session
from inspire_lms.kernel.i18n import _
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import allowed, me, needs

pages = Blueprint("badge_outside", __name__, url_prefix="/badge_outside", template_folder="templates")


@pages.get("/")
@needs("badge_outside:see")
def badges() -> str:
    """Show the reader's badges."""
    return page("badge_outside/badges.html", titles=session.scalars(select(Badge.title).where(Badge.person_id == me())).all())


def menu(_enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
    """Lead to the page those who may open it."""
    return (MenuEntry(50, _("My badges"), url_for("badge_outside.badges")),) if allowed("badge_outside:see") else ()
