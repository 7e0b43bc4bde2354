"""The coordinator's addresses about one certificate: look, download, revoke, replace."""

from typing import Any

from flask import Response, redirect, url_for

from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.i18n import current
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.checking.pages import SHOWN
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.issuing.forms import ReasonForm
from inspire_lms.plugins.certificate.issuing.tables import STATE_LOOKS
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.validity.rules import seen_as, why_not_replace
from inspire_lms.plugins.certificate.views import pages, stored_file


@pages.get("/one/<int:certificate_id>")
@needs("certificate:decide", of=queries.certificate)
def one(held: Certificate) -> Any:  # noqa: ANN401 (what a view returns)
    """Show everything that a certificate says and what became of it."""
    today, cohort = queries.today_for(held.cohort_id), programmes.cohort(held.cohort_id)
    return page(
        "certificate/one.html", held=held, look=STATE_LOOKS[seen_as(held.state, held.expires_on, today)],
        facts=words.facts(printed.read(held.record), current(), SHOWN),
        newer=queries.replaced_by(held.id), older=queries.certificate(held.replaces_id) if held.replaces_id else None,
        refusal=changing.why_not_revoke(held, cohort, me()) if cohort else None, stays=why_not_replace(held.state, held.expires_on, today),
    )  # fmt: skip


@pages.get("/one/<int:certificate_id>.pdf")
@needs("certificate:decide", of=queries.certificate)
def one_file(held: Certificate) -> Response:
    """Give the stored file."""
    if held.file_id is None:
        raise NotThere
    return stored_file(held)


@pages.route("/one/<int:certificate_id>/revoke", methods=["GET", "POST"])
@needs("certificate:decide", of=queries.certificate)
def revoke(held: Certificate) -> Any:  # noqa: ANN401
    """Revoke a certificate, with a reason that everybody can read."""
    form, certificate_id, number = ReasonForm(), held.id, held.number
    if form.accepted() and form.perform(lambda: changing.revoke(certificate_id, reason=form.values["reason"], by=me())):
        return done(
            Message("The certificate {number} is revoked, and its holder is told.", number=number),
            to=url_for("certificate.one", certificate_id=certificate_id),
        )
    return page("certificate/revoke.html", form=form, held=held)


@pages.route("/one/<int:certificate_id>/replace", methods=["GET", "POST"])
@needs("certificate:decide", of=queries.certificate)
def replace(held: Certificate) -> Any:  # noqa: ANN401
    """Issue a certificate anew with the corrected name."""
    form, certificate_id = ReasonForm(), held.id
    new: list[Certificate] = []
    if form.accepted() and form.perform(lambda: new.append(changing.replace(certificate_id, reason=form.values["reason"], by=me()))):
        return redirect(url_for("certificate.batch", batch_id=new[0].batch_id), 303)
    return page("certificate/replace.html", form=form, held=held)
