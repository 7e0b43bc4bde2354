"""Answering an offer: by pressing a button on one's own page. Opening a link changes nothing."""

from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import actions
from inspire_lms.plugins.online_call.rules import Standing
from inspire_lms.plugins.online_call.views import pages

ACCEPTED = Message("You have a place in the course.")
FULL = Message("While you answered, the last place was taken. You are on the reserve list, in the order of the ranking.")
DECLINED = Message("You have declined the place.")


@pages.post("/applications/<int:application_id>/accept")
@needs("online_call:apply", own=queries.own_application)
def accept(application: Application) -> Any:  # noqa: ANN401 (what a view returns)
    """Accept the offered place."""
    application_id = application.id
    standing = actions.accept(application_id, by=me())
    return done(ACCEPTED if standing is Standing.ACCEPTED else FULL, to=url_for("online_call.follow", application_id=application_id))


@pages.post("/applications/<int:application_id>/decline")
@needs("online_call:apply", own=queries.own_application)
def decline(application: Application) -> Any:  # noqa: ANN401
    """Decline the offered place."""
    application_id = application.id
    actions.decline(application_id, by=me())
    return done(DECLINED, to=url_for("online_call.follow", application_id=application_id))
