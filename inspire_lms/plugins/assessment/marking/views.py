"""The pages of those who mark and of those who look after a cohort."""

from typing import Any

from flask import request, url_for

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.i18n import Words, current
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.assessment.attempt import queries as attempts
from inspire_lms.plugins.assessment.attempt import results as own_results
from inspire_lms.plugins.assessment.attempt.queries import Head
from inspire_lms.plugins.assessment.bank.kept import contents
from inspire_lms.plugins.assessment.blueprint import pages
from inspire_lms.plugins.assessment.kinds.known import KINDS, TITLES
from inspire_lms.plugins.assessment.marking import actions, forms, progress, queries, tables
from inspire_lms.plugins.assessment.marking.progress import Granted
from inspire_lms.plugins.assessment.marking.queries import Answered, Work
from inspire_lms.plugins.assessment.rules import State


@pages.get("/")
@needs("assessment:see")
def overview() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the own tests, and to staff what waits and where the results are."""
    marking = queries.cohorts_where(me(), "assessment:mark")
    watched = programmes.cohorts_with(queries.cohorts_where(me(), "assessment:see-results"))
    own, waiting = tables.in_order(attempts.own_stands(me())), queries.count_waiting(marking)
    return page("assessment/overview.html", own=own, waiting=waiting, watched=watched, now=clock.now())


@pages.get("/marking")
@needs("assessment:mark")
def queue() -> Any:  # noqa: ANN401
    """List the essays that wait, under signs instead of names."""
    return page("assessment/queue.html", table=tables.queue(queries.waiting(queries.cohorts_where(me(), "assessment:mark"))))


@pages.route("/marking/<int:response_id>", methods=["GET", "POST"])
@needs("assessment:mark", of=queries.work)
def mark(work: Work) -> Any:  # noqa: ANN401
    """Read an essay beside its rubric and choose the levels."""
    form = forms.mark_form(work.content)
    if work.points is None and form.accepted() and form.perform(lambda: _mark(work, form)):
        return done(Message("The mark of essay {sign} has been saved.", sign=work.sign), to=url_for("assessment.queue"))
    return page("assessment/mark.html", form=form, work=work, task=Words(work.content["text"]))


def _mark(work: Work, form: Form) -> None:
    actions.mark(work.id, levels=forms.levels_of(form), comment=form.values["comment"] or "", by=me())


@pages.get("/cohort/<int:cohort_id>")
@needs("assessment:see-results", of=programmes.cohort)
def results(cohort: Cohort) -> Any:  # noqa: ANN401
    """Show the results of a cohort by person."""
    rows = progress.progress(cohort.id)
    sittings = progress.sittings(cohort.id)
    table = tables.results(programmes.members(cohort.id), sittings, rows, may_review=_may_review(cohort))
    waiting = queries.count_waiting([cohort.id])
    sat, passed = tables.outcome(rows)
    return page("assessment/cohort.html", cohort=cohort, table=table, waiting=waiting, facts=tables.facts(rows), sat=sat, passed=passed)


def _may_review(cohort: Cohort) -> bool:
    return cohort.id in queries.cohorts_where(me(), "assessment:correct")


@pages.get("/cohort/<int:cohort_id>/results.<kind>")
@needs("assessment:see-results", of=programmes.cohort)
def results_file(cohort: Cohort, kind: str) -> Any:  # noqa: ANN401
    """Give the results as a CSV or XLSX file."""
    if kind not in ("csv", "xlsx"):
        raise NotThere
    members, sittings, rows = programmes.members(cohort.id), progress.sittings(cohort.id), progress.progress(cohort.id)
    table = tables.results(members, sittings, rows, is_file=True)
    name = f"results-{cohort.country}"
    return table.csv(name) if kind == "csv" else table.xlsx(name)


@pages.route("/cohort/<int:cohort_id>/extend", methods=["GET", "POST"])
@needs("assessment:extend", of=programmes.cohort)
def extend(cohort: Cohort) -> Any:  # noqa: ANN401
    """Give one person more time or another attempt."""
    members = {str(each.person_id): each.name for each in programmes.members(cohort.id)}
    tests = {str(each.window_id): each.title for each in progress.sittings(cohort.id)}
    granted = progress.extensions(cohort.id)
    form = forms.extend_form(members, tests, cohort.zone, _to_change(granted))
    if form.accepted() and form.perform(lambda: _extend(form.values)):
        name = members[form.values["person"]]
        message = Message("{name} has been granted more; a running attempt has its new end already.", name=name)
        return done(message, to=url_for("assessment.extend", cohort_id=cohort.id))
    return page("assessment/extend.html", form=form, cohort=cohort, table=tables.granted(cohort.id, granted, members))


def _to_change(granted: list[Granted]) -> dict[str, Any]:
    """Give what the chosen person was granted in the chosen test, as the address says; nothing when none is chosen."""
    chosen = {key: request.args.get(key, "") for key in ("person", "test")}
    for each in granted:
        if (str(each.person_id), str(each.window_id)) == (chosen["person"], chosen["test"]):
            return chosen | {"minutes": each.minutes, "attempts": each.attempts, "until": each.until}
    return {}


def _extend(values: dict[str, Any]) -> None:
    facts = {key: values[key] for key in ("minutes", "attempts", "until", "reason")}
    actions.extend(int(values["test"]), int(values["person"]), by=me(), **facts)


@pages.get("/review/<int:attempt_id>")
@needs("assessment:correct", of=attempts.attempt)
def review(head: Head) -> Any:  # noqa: ANN401
    """Show a person's attempt with answers and marks; the look is written down."""
    if head.state == State.OPEN:
        raise NotThere
    with transaction():
        audit.record("assessment.looked", ("people_person", head.person_id), by=me(), cohort_id=head.cohort_id, after={"attempt": head.id})
    asked = attempts.asked(head.id)
    marks = queries.marks([each.id for each in asked])
    names = people.names([head.person_id, *(mark.marked_by for given in marks.values() for mark in given)])
    rows = [(each, own_results.in_words(KINDS, each), marks.get(each.id, [])) for each in asked]
    return page("assessment/review.html", head=head, rows=rows, names=names, kinds=TITLES)


@pages.route("/review/answer/<int:response_id>/correct", methods=["GET", "POST"])
@needs("assessment:correct", of=queries.answered)
def correct(answered: Answered) -> Any:  # noqa: ANN401
    """Change a mark, with the reason."""
    kind, content = contents([answered.digest])[answered.digest]
    form = forms.correct_form(content, kind, answered.most, answered.points)
    if form.accepted() and form.perform(lambda: _correct(answered, form, kind)):
        return done(Message("The mark has been corrected."), to=_back(answered))
    return _correcting(answered, form, is_late=False)


def _correct(answered: Answered, form: Form, kind: str) -> None:
    levels = forms.levels_of(form) if kind == "essay" else None
    actions.correct(answered.id, points=form.values.get("points"), levels=levels, reason=form.values["reason"], by=me())


@pages.route("/review/answer/<int:response_id>/accept", methods=["GET", "POST"])
@needs("assessment:correct", of=queries.answered)
def accept_late(answered: Answered) -> Any:  # noqa: ANN401
    """Let a late answer count, with the reason."""
    form = forms.late_form()
    if form.accepted() and form.perform(lambda: actions.accept_late(answered.id, reason=form.values["reason"], by=me())):
        return done(Message("The late answer counts now."), to=_back(answered))
    return _correcting(answered, form, is_late=True)


def _back(answered: Answered) -> str:
    return url_for("assessment.review", attempt_id=answered.attempt_id)


def _correcting(answered: Answered, form: Form, *, is_late: bool) -> Any:  # noqa: ANN401
    kind, content = contents([answered.digest])[answered.digest]
    text = KINDS[kind].describe(content, answered.late_answer if is_late else answered.answer, current())
    return page(
        "assessment/correct.html", form=form, answered=answered, question=Words(content["text"]), text=text, back=_back(answered),
        is_late=is_late,
    )  # fmt: skip
