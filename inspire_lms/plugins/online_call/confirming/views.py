"""The addresses of deeds about many: each shows first what it would do to whom, and does exactly that when it is confirmed."""

from collections.abc import Callable
from typing import Any

from flask import g, request, url_for

from inspire_lms.kernel.errors import Message, Reason, Refused
from inspire_lms.kernel.web.forms import CONFLICT, asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.confirming import previews
from inspire_lms.plugins.online_call.confirming.previews import Preview
from inspire_lms.plugins.online_call.confirming.rules import Seen
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.views import pages


def seen() -> Seen:
    """Read what stood on the page that was confirmed."""
    return Seen(asked_number(request.form, "number"), request.form.get("seal", ""))


def refused(deed: Callable[[], object]) -> Reason | None:
    """Do what was confirmed; say why it was not done, so that the page can show what is true now and ask again."""
    try:
        deed()
    except Refused as no:
        return no.reason
    return None


@pages.route("/rooms/<int:cohort_id>/confirm", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def confirm_clear(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Let all those take part for whom every rule was met."""
    told, to = Message("Applications confirmed: {n}.", n=seen().number), url_for("online_call.applications", cohort_id=call.cohort_id)
    return asked(call, lambda: deciding.confirm_clear(call.id, by=me(), seen=seen()), lambda: previews.clear(call, me()), told, to)


@pages.route("/rooms/<int:cohort_id>/publish", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def publish(call: Call) -> Any:  # noqa: ANN401
    """Publish the ranking and send the offers."""
    told, to = Message("The ranking is published and the offers are on their way."), _room(call)
    return asked(call, lambda: publishing.publish(call.id, by=me(), seen=seen()), lambda: previews.final(call, me()), told, to)


@pages.route("/rooms/<int:cohort_id>/publish-provisionally", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def publish_provisionally(call: Call) -> Any:  # noqa: ANN401
    """Publish the provisional list: every applicant is told, and nothing is public."""
    told, to = Message("The provisional ranking is published, and every applicant gets a mail."), _room(call)
    return asked(call, lambda: provisional.publish(call.id, by=me(), seen=seen()), lambda: previews.first(call, me()), told, to)


def _room(call: Call) -> str:
    return url_for("online_call.committee_room", cohort_id=call.cohort_id)


def asked(call: Call, deed: Callable[[], object], shown: Callable[[], Preview], told: Message, to: str) -> Any:  # noqa: ANN401
    """Show what a deed would do, or do it when it was confirmed; when that is refused say why, and ask again."""
    why_not = None
    if request.method == "POST":
        why_not = refused(deed)
        if why_not is None:
            return done(told, to=to)
    g.where = call.cohort.country_name.text()
    answer, status = page("online_call/sure.html", call=call, preview=shown(), why_not=why_not)
    return answer, CONFLICT if why_not else status
