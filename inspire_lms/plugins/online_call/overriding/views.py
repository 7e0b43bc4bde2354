"""The addresses of decisions by two people."""

from typing import Any

from flask import g, url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.drafting import unasked
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.overriding import answering, lists, queries
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.seconding import shown
from inspire_lms.plugins.online_call.seconding.forms import AnswerForm
from inspire_lms.plugins.online_call.views import pages

MEANINGS = {"confirm": Message("I confirm it: it is in force"), "send_back": Message("I send it back: nothing is decided")}
"""What either answer of the second person means."""


@pages.get("/rooms/<int:cohort_id>/overrides")
@needs("online_call:select", of=judging.call)
def overrides(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """List the decisions of a country that two people make, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen = tables.paged(queries.of_call(call.id))
    return page("online_call/overrides.html", call=call, paged=chosen, table=lists.overrides(chosen.rows))


@pages.route("/overrides/<int:override_id>", methods=["GET", "POST"])
@needs("online_call:select", of=queries.override)
def answer_override(override: Override) -> Any:  # noqa: ANN401
    """Show a proposal to decide other than the rules, and take the answer of the second person."""
    override_id, application_id, form = override.id, override.application_id, AnswerForm.saying(**MEANINGS)
    if form.accepted() and form.answer_with(answering.confirm, answering.send_back, override_id, by=me()):
        told = Message("The decision is in force.") if form.is_confirmed else Message("The proposal is sent back.")
        return done(told, to=url_for("online_call.file", application_id=application_id, _anchor="decision"))
    return _page(override, form)


@pages.post("/overrides/<int:override_id>/take-back")
@needs("online_call:select", of=queries.override)
def take_back_override(override: Override) -> Any:  # noqa: ANN401
    """Take one's own proposal back."""
    application_id = override.application_id
    answering.take_back(override.id, by=me())
    return done(Message("Your proposal is taken back."), to=url_for("online_call.file", application_id=application_id, _anchor="decision"))


def _page(override: Override, form: Form) -> Any:  # noqa: ANN401
    application = override.application
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    told: dict[str, Any] = {
        **shown.of(override, me()),
        "outcomes": applying.outcomes(application.id),
        "unasked": unasked.rules(application),
        "status": lists.STATES[override.state],
        "decision": lists.DECISIONS[override.is_eligible],
        "finding": lists.FINDINGS[override.found],
    }
    return page("online_call/override.html", form=form, override=override, application=application, **told)
