"""The addresses about appeals: the trainee's own, and those of whoever answers."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.certificate import queries as certificates
from inspire_lms.plugins.certificate.appealing import actions, queries, tables
from inspire_lms.plugins.certificate.appealing.forms import AnswerForm, AppealForm
from inspire_lms.plugins.certificate.appealing.queries import Against
from inspire_lms.plugins.certificate.appealing.rules import why_not_appeal
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.earning.rules import Line, standing
from inspire_lms.plugins.certificate.issuing import records
from inspire_lms.plugins.certificate.queries import CohortPlace
from inspire_lms.plugins.certificate.rules import AppealState
from inspire_lms.plugins.certificate.views import pages


@pages.route("/appeal/decision/<int:refusal_id>", methods=["GET", "POST"])
@needs("certificate:appeal", own=queries.own_refusal)
def appeal_refusal(against: Against) -> Any:  # noqa: ANN401 (what a view returns)
    """Show a trainee why the whole was not given, and take an appeal."""
    number = against.refusal.id if against.refusal else 0
    return _appeal(
        against,
        lambda form: actions.appeal_against_refusal(number, grounds=form.values["grounds"], by=me()),
        to=url_for("certificate.appeal_refusal", refusal_id=number),
    )


@pages.route("/appeal/revocation/<int:revocation_id>", methods=["GET", "POST"])
@needs("certificate:appeal", own=queries.own_revocation)
def appeal_revocation(against: Against) -> Any:  # noqa: ANN401
    """Show a holder why a certificate was revoked, and take an appeal."""
    number = against.revocation.id if against.revocation else 0
    return _appeal(
        against,
        lambda form: actions.appeal_against_revocation(number, grounds=form.values["grounds"], by=me()),
        to=url_for("certificate.appeal_revocation", revocation_id=number),
    )


def _appeal(against: Against, deed: Callable[[AppealForm], object], *, to: str) -> Any:  # noqa: ANN401
    form = AppealForm()
    if form.accepted() and form.perform(lambda: deed(form)):
        return done(Message("Your appeal has been handed in."), to=to)
    refusal = why_not_appeal(against.until, against.cohort.zone, has_appealed=against.appeal is not None, at=clock.now())
    return page("certificate/appeal.html", form=form, against=against, lines=_lines(against), refusal=refusal)


def _lines(against: Against) -> tuple[Line, ...]:
    """Give what was on record on the day of the decision, in the reader's language."""
    return standing(evidence.read(against.refusal.evidence)).lines if against.refusal else ()


@pages.get("/cohort/<int:cohort_id>/appeals")
@needs("certificate:answer-appeals", of=certificates.cohort_place)
def appeals(place: CohortPlace) -> Any:  # noqa: ANN401
    """List the appeals of a cohort."""
    return page("certificate/appeals.html", cohort=place.cohort, table=tables.appeals(place.cohort))


@pages.route("/appeal/<int:appeal_id>", methods=["GET", "POST"])
@needs("certificate:answer-appeals", of=queries.of_appeal)
def answer(against: Against) -> Any:  # noqa: ANN401
    """Show an appeal with what was and what is on record, and take the answer."""
    held, form, cohort_id = against.appeal, AnswerForm(), against.cohort_id
    appeal_id = held.id if held else 0
    if form.accepted() and form.perform(
        lambda: actions.answer(appeal_id, is_upheld=form.values["state"] == AppealState.UPHELD, words=form.values["words"], by=me())
    ):
        return done(Message("The appeal is answered."), to=url_for("certificate.answer", appeal_id=appeal_id))
    scheme = evidence.scheme_of(against.cohort)
    now = evidence.of_cohort(against.cohort, scheme).of(against.person_id) if scheme else None
    return page(
        "certificate/answer.html", form=form, against=against, held=held, lines=_lines(against), now=now.standing.lines if now else (),
        person=records.person_of(against.person_id), refusal=actions.why_not_answer(against, held, me()) if held else None,
        answered_by=records.person_of(held.answered_by_id).name if held and held.answered_by_id else "",
        look=tables.STATE_LOOKS[held.state] if held else None, cohort_id=cohort_id,
    )  # fmt: skip
