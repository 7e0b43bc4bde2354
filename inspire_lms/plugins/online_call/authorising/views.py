"""The addresses of the authorisation: the applicant asks, whoever has the link answers."""

from typing import Any

from flask import g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.web.forms import CONFLICT, Form, page
from inspire_lms.kernel.web.guard import current_person, me, needs, public
from inspire_lms.kernel.web.site import done, own_names
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import actions, forms, queries, showing
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.views import pages

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
"""Headers of a page whose address lets in: it is kept nowhere and passed on to nobody."""


@pages.route("/applications/<int:application_id>/authorisation/<question>", methods=["GET", "POST"])
@needs("online_call:apply", own=applying.own_application)
def ask_superior(application: Application, question: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Ask a superior for the authorisation, or ask anew; and see where the request stands."""
    application_id, before = application.id, _shown(application, question).asked
    known = {"name": before.name, "email": before.email, "language": before.language} if before else {}
    form = forms.AskForm(initial={"language": application.call.cohort.language} | known, options={"language": own_names()})
    if form.accepted() and form.perform(lambda: actions.ask(application_id, question, **form.values, by=me())):
        told = Message("Your superior gets a mail with a link. You see here when it is answered.")
        return done(told, to=url_for("online_call.ask_superior", application_id=application_id, question=question))
    application = applying.own_application(application_id, me()) or application
    g.where = application.call.cohort.country_name.text()
    shown = _shown(application, question)
    return page("online_call/ask_superior.html", form=form, application=application, shown=shown)


def _shown(application: Application, question: str) -> showing.Shown:
    attached = applying.attachments(application.id)
    found = next((each for each in showing.of(application, attached, clock.now()) if each.question == question), None)
    if found is None:
        raise NotThere
    return found


@pages.route("/authorise/<token>", methods=["GET", "POST"])
@public
def authorise(token: str) -> Any:  # noqa: ANN401
    """Show a superior what is asked, and take the answer. Opening the page changes nothing."""
    asked = queries.by_token(token)
    if asked is None:
        return _private(page("online_call/dead_link.html", reason=actions.DEAD)[0], CONFLICT)
    cohort = asked.application.call.cohort
    if not is_on_for_cohort("online_call", cohort.id):
        raise NotThere
    g.zone = cohort.zone
    form, reader = forms.AnswerForm(), current_person()
    by = reader.id if reader else None
    if form.accepted() and form.perform(lambda: _answer(token, form, by)):
        return redirect(request.path, 303)
    return _answer_page(token, form)


def _answer(token: str, form: Form, by: int | None) -> None:
    actions.answer(token, is_given=form.values["answer"] == forms.GIVE, note=form.values["note"] or "", by=by)


def _answer_page(token: str, form: Form) -> Response:
    now, asked = clock.now(), queries.by_token(token)
    if asked is None:
        return _private(page("online_call/dead_link.html", reason=actions.DEAD)[0], CONFLICT)
    shown = {"asked": asked, "put": showing.put(asked, now), "states": showing.STATES, "state": asked.asked.at(now)}
    return _private(*page("online_call/authorise.html", form=form, **shown))


def _private(shown: str, status: int) -> Response:
    answer: Response = make_response(shown, status)
    answer.headers.update(PRIVATE)
    return answer
