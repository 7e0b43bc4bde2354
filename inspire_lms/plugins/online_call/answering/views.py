"""The addresses behind the link in the mail of an offer."""

from typing import Any

from flask import g, make_response, url_for
from werkzeug.wrappers import Response

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.web.forms import CONFLICT, page
from inspire_lms.kernel.web.guard import current_person, public
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.answering import links
from inspire_lms.plugins.online_call.applying.following import HEADINGS
from inspire_lms.plugins.online_call.authorising.views import PRIVATE
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import actions
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.offering.views import ACCEPTED, DECLINED, FULL
from inspire_lms.plugins.online_call.rules import Standing
from inspire_lms.plugins.online_call.views import pages

DEAD = Reason("This link belongs to no open offer. Perhaps a newer mail has replaced it, or a part of it was lost when it was copied.")


@pages.get("/offers/<token>")
@public
def offer(token: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Show an offer to whoever has the link from its mail, and ask for the answer. Opening the page changes nothing."""
    found = _found(token)
    if found is None:
        return _private(page("online_call/no_offer.html", reason=DEAD)[0], CONFLICT)
    place, application = found
    cohort = application.call.cohort
    g.zone, g.where = cohort.zone, cohort.country_name.text()
    standing = Standing(place.standing)
    why_not = rules.why_not_accept(standing, place.offer_until, cohort.zone, at=clock.now()) if standing is Standing.OFFERED else None
    heading, why_not = HEADINGS.get(standing), why_not or _somebody_else(application)
    shown, status = page("online_call/offer.html", token=token, offered=place, application=application, heading=heading, why_not=why_not)
    return _private(shown, status)


@pages.post("/offers/<token>/accept")
@public
def accept_offer(token: str) -> Any:  # noqa: ANN401
    """Accept the place that the link offers."""
    application = _own(token)
    application_id = application.id
    standing = actions.accept(application_id, by=application.person_id, by_mail=True)
    return done(ACCEPTED if standing is Standing.ACCEPTED else FULL, to=_page(token, application_id, standing))


@pages.post("/offers/<token>/decline")
@public
def decline_offer(token: str) -> Any:  # noqa: ANN401
    """Decline the place that the link offers."""
    application = _own(token)
    actions.decline(application.id, by=application.person_id, by_mail=True)
    return done(DECLINED, to=url_for("online_call.offer", token=token))


def _page(token: str, application_id: int, standing: Standing) -> str:
    """Say where to go on: a line that went back to the reserve list has no offer, and its link works no more."""
    if standing is Standing.RESERVE:
        return url_for("online_call.follow", application_id=application_id)
    return url_for("online_call.offer", token=token)


def _found(token: str) -> tuple[Place, Application] | None:
    found = links.offered_by(token)
    if found and not is_on_for_cohort("online_call", found[1].cohort_id):
        raise NotThere
    return found


def _own(token: str) -> Application:
    """Give the application that may be answered for with this link. Raises Refused."""
    found = _found(token)
    if found is None:
        raise Refused(DEAD)
    if reason := _somebody_else(found[1]):
        raise Refused(reason)
    return found[1]


def _somebody_else(application: Application) -> Reason | None:
    """Say why the reader, who is signed in as another person, cannot answer."""
    reader = current_person()
    if reader is None or reader.id == application.person_id:
        return None
    return Reason("You are signed in as somebody else. Sign out first, if this offer was made to you.")


def _private(shown: str, status: int) -> Response:
    answer: Response = make_response(shown, status)
    answer.headers.update(PRIVATE)
    return answer
