"""The address at which a coordinator declares a conflict of interest."""

from typing import Any

from flask import g, url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging.forms import ConflictForm
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.recusing import actions
from inspire_lms.plugins.online_call.views import pages


@pages.route("/files/<int:application_id>/conflict", methods=["GET", "POST"])
@needs("online_call:select", of=applying.application)
def recuse(application: Application) -> Any:  # noqa: ANN401 (what a view returns)
    """Declare a conflict of interest about an application; nothing of what was applied with is shown."""
    application_id, form = application.id, ConflictForm()
    if form.accepted() and form.perform(lambda: actions.declare(application_id, form.values["note"], by=me())):
        told = Message("Your conflict of interest is declared: somebody else decides about this application.")
        return done(told, to=url_for("online_call.file", application_id=application_id, _anchor="conflicts"))
    g.where = application.call.cohort.country_name.text()
    person, why_not = people.person(application.person_id), actions.why_not_declare(application, me())
    return page("online_call/recuse.html", form=form, application=application, person=person, why_not=why_not)
