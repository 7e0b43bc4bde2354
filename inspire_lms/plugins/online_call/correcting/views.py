"""The addresses of corrections: opening an application again, the second person, what would move, the corrected list."""

from typing import Any

from flask import g, url_for

from inspire_lms.kernel.errors import Message, NotThere, Reason
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.forms import CONFLICT, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.confirming.views import refused, seen
from inspire_lms.plugins.online_call.correcting import actions, lists, publishing, queries
from inspire_lms.plugins.online_call.correcting.forms import CorrectForm
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.moves import corrected
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.room import hidden_from
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.seconding import shown
from inspire_lms.plugins.online_call.seconding.forms import AnswerForm
from inspire_lms.plugins.online_call.views import pages

MEANINGS = {"confirm": Message("I confirm it: the application is open again"), "send_back": Message("I send it back: nothing is opened")}
"""What either answer of the second person means."""


@pages.get("/rooms/<int:cohort_id>/correction")
@needs("online_call:select", of=judging.call)
def correction(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the corrections of a country, and what a corrected list would move; nothing is written."""
    published = judging.ranking_of(call.id)
    if published is None:
        raise NotThere
    return _correction_page(call, published)


@pages.post("/rooms/<int:cohort_id>/correction/publish")
@needs("online_call:select", of=judging.call)
def publish_corrected(call: Call) -> Any:  # noqa: ANN401
    """Publish the corrected list in place of the one before, if it is what was shown."""
    cohort_id = call.cohort_id
    refused_for = refused(lambda: publishing.publish(call.id, by=me(), seen=seen()))
    if refused_for is None:
        told = Message("The corrected list is published. Whoever it concerns gets a mail.")
        return done(told, to=url_for("online_call.committee_room", cohort_id=cohort_id))
    published = judging.ranking_of(call.id)
    if published is None:
        raise NotThere
    return _correction_page(call, published, refused_for)


def _correction_page(call: Call, published: Ranking, refused_for: Reason | None = None) -> Any:  # noqa: ANN401
    g.where = call.cohort.country_name.text()
    found = corrected(call, published)
    path = url_for("online_call.correction", cohort_id=call.cohort_id)
    # What others have given anew is not shown to who has still to do so, as everywhere.
    waits = bool(hidden_from(call, me()))
    table, paged = lists.moves(found, path) if found.corrections and not waits else (None, None)
    told: dict[str, Any] = {"table": lists.corrections(queries.of_call(call.id)), "moves": table, "paged": paged, "waits": waits}
    told |= {"refused_for": refused_for, "seen": publishing.seal_of(call, published, found)}
    told["wronged"] = [each.number for each in found.moves if each.is_wronged]
    told["free"] = publishing.places_free(call, published) if found.called_next else 0
    answer, status = page("online_call/correction.html", call=call, why_not=publishing.why_not(call, found), **told)
    return answer, CONFLICT if refused_for else status


@pages.route("/files/<int:application_id>/correct", methods=["GET", "POST"])
@needs("online_call:select", of=applying.application)
def correct(application: Application) -> Any:  # noqa: ANN401
    """Propose to open an application again."""
    application_id, cohort_id, form = application.id, application.cohort_id, CorrectForm()
    if form.accepted() and form.perform(lambda: actions.propose(application_id, form.values["reason"], by=me())):
        told = Message("Your proposal is kept. It waits for a second person; until then nothing is open.")
        return done(told, to=url_for("online_call.correction", cohort_id=cohort_id))
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    person = people.person(application.person_id)
    why_not = actions.why_not_propose(application, me())
    return page("online_call/correct.html", form=form, application=application, person=person, why_not=why_not)


@pages.route("/corrections/<int:correction_id>", methods=["GET", "POST"])
@needs("online_call:select", of=queries.correction)
def answer_correction(correction: Correction) -> Any:  # noqa: ANN401
    """Show a correction, and take the answer of the second person."""
    correction_id, cohort_id, form = correction.id, correction.cohort_id, AnswerForm.saying(**MEANINGS)
    if form.accepted() and form.answer_with(actions.confirm, actions.send_back, correction_id, by=me()):
        told = Message("The application is open again.") if form.is_confirmed else Message("The proposal is sent back.")
        return done(told, to=url_for("online_call.correction", cohort_id=cohort_id))
    application = correction.application
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    told_too = {**shown.of(correction, me()), "status": lists.STATES[correction.state]}
    return page("online_call/answer_correction.html", form=form, correction=correction, application=application, **told_too)


@pages.post("/corrections/<int:correction_id>/take-back")
@needs("online_call:select", of=queries.correction)
def take_back_correction(correction: Correction) -> Any:  # noqa: ANN401
    """Take one's own proposal back."""
    cohort_id = correction.cohort_id
    actions.take_back(correction.id, by=me())
    return done(Message("Your proposal is taken back."), to=url_for("online_call.correction", cohort_id=cohort_id))
