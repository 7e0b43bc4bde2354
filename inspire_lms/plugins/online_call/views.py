"""The public addresses: the call of a country, and the list of those selected."""

from typing import Any

from flask import Blueprint, g, make_response, request, session
from werkzeug.wrappers import Response

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import current_person, public
from inspire_lms.plugins.online_call.announcing import shown as announced
from inspire_lms.plugins.online_call.applying import notice, queries
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.publishing import ending

GONE = 410
"""What a list that is no longer published answers."""

pages = Blueprint("online_call", __name__, url_prefix="/online_call", template_folder="templates")


@pages.get("/<country>")
@public
def call(country: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the call of a country; to a visitor who has it already, nothing anew."""
    found, now = _call(country), clock.now()
    tag = notice.tag(found, now)
    person = current_person()
    # What is said only once, to this reader, may not be kept with the page.
    may_be_kept = person is None and "done" not in session
    if may_be_kept and tag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    ranking, is_shown = judging.ranking_of(found.id), ending.is_shown(found, judging.ranking_of(found.id), at=now)
    own = queries.own_in(found.id, person.id) if person else None
    versions, shown_notice = announced.versions(found.id), notice.of(found, now)
    told: dict[str, Any] = {"versions": versions, "ranking": ranking, "is_shown": is_shown, "own": own, "now": now}
    shown = page("online_call/call.html", call=found, notice=shown_notice, **told)
    return _tagged(shown, tag) if may_be_kept else shown


@pages.get("/<country>/result")
@public
def result(country: str) -> Any:  # noqa: ANN401
    """Show the latest result of a country."""
    return _result(offering.latest_result(country))


@pages.get("/results/<int:cohort_id>")
@public
def result_of(cohort_id: int) -> Any:  # noqa: ANN401
    """Show the result of one edition in one country: this address stays when there is another call."""
    return _result(offering.result_of(cohort_id))


def _result(found: Call | None) -> Any:  # noqa: ANN401
    """Show the codes of those selected, and nothing else, until the stated last day; search engines are asked to stay away."""
    ranking = judging.ranking_of(found.id) if found else None
    if found is None or ranking is None:
        raise NotThere
    _enter(found)
    shown: dict[str, Any] = {"call": found, "ranking": ranking, "last_day": ending.last_day(found, ranking)}
    if ending.is_shown(found, ranking, at=clock.now()):
        answer = make_response(page("online_call/result.html", selected=offering.selected(found.id), **shown))
    else:
        answer = make_response(page("online_call/no_longer.html", **shown))
        answer.status_code = GONE
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _call(country: str) -> Call:
    found = queries.call_of(country, clock.now())
    if found is None:
        raise NotThere
    _enter(found)
    return found


def _enter(found: Call) -> None:
    g.zone, g.where = found.cohort.zone, found.cohort.country_name.text()


def _tagged(shown: Any, tag: str) -> Response:  # noqa: ANN401
    answer: Response = make_response(shown)
    answer.headers["ETag"] = f'"{tag}"'
    return answer


