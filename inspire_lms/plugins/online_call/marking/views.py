"""An evaluator's addresses: what is asked for, an evaluation, stepping back from one."""

from typing import Any

from flask import g, request, url_for

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.appealing import queries as appealing
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.judging import queries, reviewing
from inspire_lms.plugins.online_call.judging.forms import ConflictForm
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.marking import forms, lists, shown
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.rules import STEPPED_BACK, ReviewState, State
from inspire_lms.plugins.online_call.seeing import told
from inspire_lms.plugins.online_call.seeing.phases import Others
from inspire_lms.plugins.online_call.seeing.veil import veil, veils
from inspire_lms.plugins.online_call.views import pages


@pages.get("/reviews")
@needs("online_call:score")
def reviews() -> Any:  # noqa: ANN401 (what a view returns)
    """List the applications that the reader was asked to evaluate."""
    chosen = tables.paged(queries.own_reviews(me()))
    counted = queries.own_states(me())
    covered = veils(row.call_id for row in chosen.rows)
    phased = [each.call for each in covered.values() if each.call.phases]
    listed = {call.id for call in phased if queries.has_list(call.id)}
    phases = [(call, told.sentences(call, is_listed=call.id in listed)) for call in phased]
    table = lists.own_reviews(chosen.rows, covered, listed)
    has_told = bool(people.work_of(me()).organisation)
    return page("online_call/reviews.html", paged=chosen, table=table, counted=counted, phases=phases, has_told=has_told)


@pages.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@needs("online_call:score", own=queries.own_review)
def review(review: Review) -> Any:  # noqa: ANN401
    """Evaluate an application; what others gave is shown only where the phase says so."""
    review_id = review.id
    if review.application.state != State.ELIGIBLE:
        raise NotThere
    form = _marks_form(review)
    if form.accepted() and form.perform(lambda: _give(review_id, form)):
        return done(Message("Your evaluation is kept."), to=url_for("online_call.reviews"))
    return _review_page(review_id, form, ConflictForm(), forms.AbstainForm())


def _marks_form(review: Review) -> Form:
    call = review.application.call
    given = marking.marked([review.id]).get(review.id, {})
    return forms.marks_form(call, applying.criteria(call.id), given, "" if review.state in STEPPED_BACK else review.comment)


def _give(review_id: int, form: Form) -> None:
    typed = forms.typed(form)
    seen = request.form.get("_criteria", "")
    reviewing.give(review_id, typed.marks, typed.comment, by=me(), reasons=typed.reasons, seen=seen)


@pages.post("/reviews/<int:review_id>/conflict")
@needs("online_call:score", own=queries.own_review)
def declare_conflict(review: Review) -> Any:  # noqa: ANN401
    """Step back from an application."""
    review_id, form = review.id, ConflictForm()
    if form.accepted() and form.perform(lambda: reviewing.declare_conflict(review_id, form.values["note"], by=me())):
        return done(Message("You have stepped back. The coordinator sees it."), to=url_for("online_call.reviews"))
    return _review_page(review_id, _marks_form(review), form, forms.AbstainForm())


@pages.post("/reviews/<int:review_id>/abstain")
@needs("online_call:score", own=queries.own_review)
def abstain(review: Review) -> Any:  # noqa: ANN401
    """Decline to judge an application, without a conflict of interest."""
    review_id, form = review.id, forms.AbstainForm()
    if form.accepted() and form.perform(lambda: reviewing.abstain(review_id, form.values["why"], by=me())):
        return done(Message("You have abstained. The coordinator sees it."), to=url_for("online_call.reviews"))
    return _review_page(review_id, _marks_form(review), ConflictForm(), form)


def _review_page(review_id: int, form: Form, conflict: Form, abstaining: Form) -> Any:  # noqa: ANN401
    review = session.get_one(Review, review_id)
    application, covered, state = review.application, veil(review.application.call), ReviewState(review.state)
    if state not in STEPPED_BACK:
        looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    conflict.action = url_for("online_call.declare_conflict", review_id=review.id)
    abstaining.action = url_for("online_call.abstain", review_id=review.id)
    person = people.person(application.person_id)
    # Whoever gives points anew after a list gives them unseen, whatever the phase shows.
    is_anew = state is ReviewState.ASKED and queries.has_list(application.call_id)
    others = shown.evaluations(application, without=[me()]) if covered.sight.shows_others(state) and not is_anew else ()
    drawn, _status = page(
        "online_call/review.html",
        form=form,
        conflict=conflict,
        abstaining=abstaining,
        review=review,
        veil=covered,
        name="" if covered.hides_names or person is None else person.name,
        copied=() if state in STEPPED_BACK else covered.copy(application),
        others=others,
        why_not=marking.why_not(review),
        criteria=marking.digest_of(applying.criteria(application.call_id), explains_extremes=application.call.explains_extremes),
        upheld=appealing.upheld(application.id),
        correction=corrections.open_one(application.id),
        why_not_now=reviewing.why_not_now(review),
        lede=told.OTHERS[Others.NEVER if is_anew else covered.sight.others],
    )
    return drawn, max(form.status, conflict.status, abstaining.status)
