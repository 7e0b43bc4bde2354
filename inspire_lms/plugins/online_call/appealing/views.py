"""The addresses of appeals: the applicant's form, the committee's list, the answer."""

from typing import Any

from flask import g, url_for

from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.appealing import answering, filing, lists, queries
from inspire_lms.plugins.online_call.appealing.forms import UPHELD, AnswerForm, AppealForm
from inspire_lms.plugins.online_call.appealing.letters import what_follows
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.publishing import shown
from inspire_lms.plugins.online_call.views import pages

FILED = Message("Your appeal has arrived. The receipt is on its way to you by mail.")


@pages.route("/applications/<int:application_id>/appeal", methods=["GET", "POST"])
@needs("online_call:apply", own=applying.own_application)
def appeal(application: Application) -> Any:  # noqa: ANN401 (what a view returns)
    """Let an applicant appeal against the own result."""
    application_id, form, publication = application.id, AppealForm(), filing.against(application)
    if publication is None:
        raise NotThere
    if form.accepted() and form.perform(lambda: filing.file(application_id, form.values["grounds"], by=me())):
        return done(FILED, to=url_for("online_call.follow", application_id=application_id, _anchor="appeal"))
    g.where = application.call.cohort.country_name.text()
    told: dict[str, Any] = {"result": shown.own_result(application), "why_not": filing.why_not(application)}
    return page("online_call/appeal.html", form=form, application=application, publication=publication, **told)


@pages.post("/applications/<int:application_id>/appeal/withdraw")
@needs("online_call:apply", own=applying.own_application)
def withdraw_appeal(application: Application) -> Any:  # noqa: ANN401
    """Withdraw one's own appeal."""
    application_id, found = application.id, queries.of_application(application.id)
    if found is None:
        raise NotThere
    filing.withdraw(found.id, by=me())
    told = Message("Your appeal is withdrawn.")
    return done(told, to=url_for("online_call.follow", application_id=application_id, _anchor="appeal"))


@pages.get("/rooms/<int:cohort_id>/appeals")
@needs("online_call:select", of=judging.call)
def appeals(call: Call) -> Any:  # noqa: ANN401
    """List the appeals of a country, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen = tables.paged(queries.of_call(call.id))
    return page("online_call/appeals.html", call=call, paged=chosen, table=lists.appeals(chosen.rows))


@pages.route("/appeals/<int:appeal_id>", methods=["GET", "POST"])
@needs("online_call:select", of=queries.appeal)
def answer_appeal(appeal: Appeal) -> Any:  # noqa: ANN401
    """Show an appeal, and take the answer of somebody who had no part."""
    appeal_id, cohort_id, form = appeal.id, appeal.cohort_id, AnswerForm()
    if form.accepted() and form.perform(lambda: _answer(appeal_id, form)):
        told = Message("The appeal is answered, and the applicant has got a mail.")
        return done(told, to=url_for("online_call.appeals", cohort_id=cohort_id))
    application = appeal.application
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    told_too: dict[str, Any] = {
        "person": people.person(application.person_id),
        "names": people.names([appeal.answered_by_id] if appeal.answered_by_id else []),
        "result": shown.line_in(appeal.publication, application),
        "outcomes": applying.outcomes(application.id),
        "why_not": answering.why_not(appeal, me()),
        "status": lists.STATES[appeal.state],
        "about": lists.ABOUT[appeal.about],
        "follows": what_follows(appeal),
    }
    return page("online_call/answer_appeal.html", form=form, appeal=appeal, application=application, **told_too)


def _answer(appeal_id: int, form: Form) -> None:
    answering.answer(appeal_id, is_upheld=form.values["decision"] == UPHELD, words=form.values["answer"], by=me())
