"""The addresses of what waits: all of it, and the two long lists behind it."""

from typing import Any

from flask import g, request, url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.plugins.online_call.confirming.views import asked, seen
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import lists, queries, reminding, shown, untold
from inspire_lms.plugins.online_call.views import pages


@pages.get("/rooms/<int:cohort_id>/waiting")
@needs("online_call:select", of=judging.call)
def waiting(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Show all that waits in the selection of a country."""
    g.where = call.cohort.country_name.text()
    found = lists.of_call(call)
    return page("online_call/waiting.html", call=call, table=lists.table(call, found, me()), number=len(found))


@pages.get("/rooms/<int:cohort_id>/waiting/evaluations")
@needs("online_call:select", of=judging.call)
def evaluations_to_come(call: Call) -> Any:  # noqa: ANN401
    """List the evaluations that are still to be given, of all or of one evaluator, 50 a page."""
    g.where = call.cohort.country_name.text()
    wanted = asked_number(request.args, "of") or None
    chosen = tables.paged(queries.listed_to_give(call, wanted))
    name = people.names([wanted]).get(wanted) if wanted and chosen.total else None
    table = lists.to_give(chosen.rows)
    return page("online_call/evaluations_to_come.html", call=call, paged=chosen, table=table, name=name.name if name else "")


@pages.route("/rooms/<int:cohort_id>/waiting/remind", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def remind_evaluators(call: Call) -> Any:  # noqa: ANN401
    """Remind everybody who has still to evaluate."""
    told, to = Message("Evaluators reminded: {n}.", n=seen().number), url_for("online_call.committee_room", cohort_id=call.cohort_id)
    return asked(call, lambda: reminding.remind(call.id, by=me(), seen=seen()), lambda: shown.reminder(call), told, to)


@pages.get("/rooms/<int:cohort_id>/waiting/evaluators")
@needs("online_call:select", of=judging.call)
def evaluators_lacking(call: Call) -> Any:  # noqa: ANN401
    """List the applications for which somebody has still to be asked, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen = tables.paged(queries.listed_lacking(call))
    return page("online_call/evaluators_lacking.html", call=call, paged=chosen, table=lists.lacking(chosen.rows))


@pages.get("/rooms/<int:cohort_id>/waiting/administrations")
@needs("online_call:select", of=judging.call)
def untold_administrations(call: Call) -> Any:  # noqa: ANN401
    """Name who of the committee has not said for which administration the person works."""
    g.where = call.cohort.country_name.text()
    return page("online_call/untold.html", call=call, table=untold.listed(call))
