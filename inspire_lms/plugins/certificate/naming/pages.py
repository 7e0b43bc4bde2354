"""The address at which a trainee says whether the name is right."""

from typing import Any

from flask import request, url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.certificate.naming import actions, queries
from inspire_lms.plugins.certificate.naming.forms import NameForm
from inspire_lms.plugins.certificate.naming.queries import OwnName
from inspire_lms.plugins.certificate.naming.rules import Printed, why_not_confirm, why_not_printable
from inspire_lms.plugins.certificate.views import pages

FIELDS = ("given_name", "family_name", "latin_given_name", "latin_family_name")


@pages.route("/name/<int:cohort_id>", methods=["GET", "POST"])
@needs("certificate:confirm-name", own=queries.own)
def name(own: OwnName) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the name in both forms as it will be printed, and take a correction."""
    form, cohort_id = NameForm(initial={field: getattr(own.person, field) for field in FIELDS}), own.cohort_id
    if form.accepted() and form.perform(lambda: actions.correct(cohort_id, me(), **form.values)):
        return done(Message("Your name is corrected and confirmed."), to=url_for("certificate.name", cohort_id=cohort_id))
    return page(
        "certificate/name.html", form=form, own=own, unprintable=why_not_printable(queries.lacking_letters(own.printed)),
        refusal=why_not_confirm(own.printed, own.printed, is_decided=own.is_decided),
    )  # fmt: skip


@pages.post("/name/<int:cohort_id>/right")
@needs("certificate:confirm-name", own=queries.own)
def name_is_right(own: OwnName) -> Any:  # noqa: ANN401
    """Take the answer that the name is right: the very forms that were shown."""
    cohort_id = own.cohort_id
    actions.confirm(cohort_id, me(), Printed(request.form.get("name", ""), request.form.get("latin_name", "")))
    return done(Message("Your name is confirmed."), to=url_for("certificate.name", cohort_id=cohort_id))
