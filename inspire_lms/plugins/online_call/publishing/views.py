"""The addresses of publications."""

from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.views import pages


@pages.post("/rooms/<int:cohort_id>/publish-provisionally")
@needs("online_call:select", of=judging.call)
def publish_provisionally(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Publish the provisional list: every applicant is told, and nothing is public."""
    cohort_id = call.cohort_id
    provisional.publish(call.id, by=me())
    told = Message("The provisional ranking is published, and every applicant gets a mail.")
    return done(told, to=url_for("online_call.committee_room", cohort_id=cohort_id))
