"""The addresses of mending: asking for something again, and answering it."""

from typing import Any

from flask import g, redirect, url_for
from werkzeug.datastructures import FileStorage

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.drafting import unasked
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.looking.models import What
from inspire_lms.plugins.online_call.mending import actions, asking, forms, queries, shown
from inspire_lms.plugins.online_call.mending.models import Earlier
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.seeing import apart
from inspire_lms.plugins.online_call.views import pages


@pages.get("/rooms/<int:cohort_id>/mendings")
@needs("online_call:select", of=judging.call)
def mendings(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """List the applications of a country that are being mended, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen = tables.paged(queries.of_call(call.id))
    return page("online_call/mendings.html", call=call, paged=chosen, table=shown.mendings(chosen.rows, clock.now()))


@pages.route("/files/<int:application_id>/mend", methods=["GET", "POST"])
@needs("online_call:select", of=applying.application)
def ask_to_mend(application: Application) -> Any:  # noqa: ANN401
    """Ask an applicant for what is missing or cannot be read."""
    application_id, form = application.id, forms.ask_form(queries.mendable(application))
    if form.accepted() and form.perform(lambda: asking.ask(application_id, form.values["questions"], form.values["sentence"], by=me())):
        told = Message("The applicant is asked, and has got a mail.")
        return done(told, to=url_for("online_call.file", application_id=application_id, _anchor="mending"))
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    told_too: dict[str, Any] = {"why_not": asking.why_not(application, me()), "until": asking.deadline(application.call)}
    told_too["unasked"] = unasked.rules(application)
    person, outcomes = people.person(application.person_id), applying.outcomes(application_id)
    return page("online_call/ask_to_mend.html", form=form, application=application, person=person, outcomes=outcomes, **told_too)


@pages.get("/files/<int:application_id>/before/<question>")
@needs("online_call:select", of=applying.application)
def earlier_file(application: Application, question: str) -> Any:  # noqa: ANN401
    """Give the coordinator a file that was there before the application was mended."""
    if question in apart.not_for(me(), application.call):
        raise NotThere
    earlier = _earlier(application, question)
    looking.looked(application, by=me(), at_what=What.DOCUMENT)
    return _sent(earlier)


@pages.get("/applications/<int:application_id>/before/<question>")
@needs("online_call:apply", own=applying.own_application)
def own_earlier_file(application: Application, question: str) -> Any:  # noqa: ANN401
    """Give back one's own file that was there before the application was mended."""
    return _sent(_earlier(application, question))


def _earlier(application: Application, question: str) -> Earlier:
    mending = queries.mending_of(application.id)
    earlier = queries.earlier(mending.id).get(question) if mending else None
    if earlier is None:
        raise NotThere
    return earlier


def _sent(earlier: Earlier) -> Any:  # noqa: ANN401
    kept, content = files.fetch(earlier.file_id)
    return files.download(content, earlier.name, kept.kind)


@pages.route("/applications/<int:application_id>/mend", methods=["GET", "POST"])
@needs("online_call:apply", own=applying.own_application)
def mend(application: Application) -> Any:  # noqa: ANN401
    """Show the applicant what is asked for, nothing else, and take it once."""
    application_id, mending = application.id, queries.mending_of(application.id)
    if mending is None:
        raise NotThere
    follow = url_for("online_call.follow", application_id=application_id)
    form = forms.mend_form(queries.asked_for(mending, application.call), application.answers)
    if form.accepted() and form.perform(lambda: _mend(application_id, form)):
        return done(Message("Your application is mended."), to=follow)
    if mending.mended_at is not None and not form.is_refused:
        return redirect(follow, 303)
    g.where = application.call.cohort.country_name.text()
    why_not = actions.why_not(mending, application)
    attached = applying.attachments(application_id)
    return page("online_call/mend.html", form=form, application=application, mending=mending, why_not=why_not, attached=attached)


def _mend(application_id: int, form: Form) -> None:
    uploads = {name: (value.stream, value.filename or name) for name, value in form.values.items() if isinstance(value, FileStorage)}
    answers = {name: value for name, value in form.values.items() if form[name].kind != "upload"}
    actions.mend(application_id, answers, uploads, by=me())
