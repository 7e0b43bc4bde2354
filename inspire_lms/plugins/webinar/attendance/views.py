"""One webinar: joining and leaving, for those who take part; who is there, for those who lead it."""

from typing import Any

from flask import redirect, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import allowed, me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance import joining, register
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.models import Webinar
from inspire_lms.plugins.webinar.opening import opens
from inspire_lms.plugins.webinar.rules import State

STAFF = "webinar:take-attendance"


@pages.get("/<int:webinar_id>")
@needs("webinar:attend", of=queries.webinar)
def show(held: Webinar) -> Any:  # noqa: ANN401 (what a view returns)
    """Show one webinar: when, with whom, how to join, and what is recorded of one's own presence."""
    is_staff = allowed(STAFF, held)
    if held.state == State.PLANNED and not is_staff:
        raise NotThere
    now, own = clock.now(), register.connections(held, me())
    leads = queries.is_leader(held.id, me())
    why_not = rules.why_not_join(
        held.state, held.starts_at, held.ends_at, held.zone, held.link or (held.host_link if leads else ""), opens=opens(), at=now
    )
    return page(
        "webinar/show.html",
        held=held,
        phase=rules.phase(held.state, held.starts_at, held.ends_at, opens=opens(), at=now),
        leaders=queries.names_of_leaders([held.id]).get(held.id, ()),
        why_not_join=why_not,
        own=own,
        is_here=any(each.goes_on for each in own),
        minutes=register.minutes_of(held, me()),
        is_staff=is_staff,
        leads=leads,
        present=register.register(held) if is_staff and held.state == State.PUBLISHED else None,
        why_not_close=rules.why_not_close(held.state, held.ends_at, held.closed_at, held.zone, at=now),
    )


@pages.post("/<int:webinar_id>/join")
@needs("webinar:attend", of=queries.webinar)
def join(held: Webinar) -> Any:  # noqa: ANN401
    """Record that the reader joins, and go on to the meeting."""
    joining.join(held.id, me())
    return redirect(url_for("webinar.door", webinar_id=held.id), 303)


@pages.get("/<int:webinar_id>/door")
@needs("webinar:attend", of=queries.webinar)
def door(held: Webinar) -> Any:  # noqa: ANN401
    """Lead somebody who has joined to the meeting. The browser is sent on by a header: a form may not lead to another site."""
    if not any(each.goes_on for each in register.connections(held, me())):
        return redirect(url_for("webinar.show", webinar_id=held.id), 303)
    link = held.host_link if held.host_link and queries.is_leader(held.id, me()) else held.link
    answer, status = page("webinar/door.html", held=held, link=link)
    return answer, status, {"Refresh": f"0; url={link}", "Referrer-Policy": "no-referrer"}


@pages.post("/<int:webinar_id>/here")
@needs("webinar:attend", of=queries.webinar)
def here(held: Webinar) -> Any:  # noqa: ANN401
    """Take a sign of life from the page of somebody who joined."""
    return {"here": joining.here(held.id, me())}


@pages.post("/<int:webinar_id>/leave")
@needs("webinar:attend", of=queries.webinar)
def leave(held: Webinar) -> Any:  # noqa: ANN401
    """Record that the reader leaves."""
    webinar_id = held.id
    joining.leave(webinar_id, me())
    return done(
        Message("Your leaving is recorded. You can join again until the webinar ends."), to=url_for("webinar.show", webinar_id=webinar_id)
    )


@pages.get("/<int:webinar_id>/present")
@needs("webinar:take-attendance", of=queries.webinar)
def present(held: Webinar) -> Any:  # noqa: ANN401
    """Give the list of who is there, for the page that shows it."""
    return page("webinar/present.html", present=register.register(held), held=held)
