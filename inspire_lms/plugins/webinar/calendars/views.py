"""The page of one's own calendar, the calendar itself, and single webinars to take away."""

from typing import Any

from flask import Response, request, url_for

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs, public
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.calendars import feeds, keys

KIND = "text/calendar; charset=utf-8"


@pages.get("/calendar")
@needs("webinar:follow")
def calendar() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the address of one's own calendar and how to subscribe to it."""
    key = keys.key_of(me())
    address = mail.link("webinar.calendar_feed", token=key.token) if key else ""
    return page(
        "webinar/calendar.html",
        key=key,
        address=address,
        web_address=address.replace("https://", "webcal://").replace("http://", "webcal://"),
    )


@pages.post("/calendar/renew")
@needs("webinar:follow")
def renew_calendar() -> Any:  # noqa: ANN401
    """Make an address, or a new one in place of the old."""
    keys.renew(me())
    return done(Message("Your calendar has a new address. An earlier one does not work any more."), to=url_for("webinar.calendar"))


@pages.post("/calendar/revoke")
@needs("webinar:follow")
def revoke_calendar() -> Any:  # noqa: ANN401
    """Close one's own calendar."""
    keys.revoke(me())
    return done(Message("The address of your calendar does not work any more."), to=url_for("webinar.calendar"))


@pages.get("/calendar/<token>.ics")
@public
def calendar_feed(token: str) -> Response:
    """Give a calendar to whoever has its address; 304 when nothing has changed since it was last fetched."""
    found = feeds.subscription(token)
    if found is None:
        raise NotThere
    answer = Response(content_type=KIND)
    answer.set_etag(found.version)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = "inline; filename=inspire.ics"
    if found.version in request.if_none_match:
        answer.status_code = 304
        return answer
    answer.set_data(found.content())
    return answer


@pages.get("/<int:webinar_id>.ics")
@needs("webinar:attend", of=queries.webinar)
def calendar_entry(held: Any) -> Response:  # noqa: ANN401
    """Give one webinar for a calendar."""
    one = next((each for each in queries.announced(queries.select_mine(me(), [held.cohort_id])) if each.id == held.id), None)
    if one is None:
        raise NotThere
    answer = Response(feeds.single(one), content_type=KIND)
    answer.headers.set("Content-Disposition", "attachment", filename=f"webinar-{held.number}.ics")
    return answer
