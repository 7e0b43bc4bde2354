"""Addresses of the survey: answer it, see what it says."""

from typing import Any

from flask import Blueprint, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.survey import actions, forms, queries, results, rules
from inspire_lms.plugins.survey.models import Survey

pages = Blueprint("survey", __name__, url_prefix="/survey", template_folder="templates")


@pages.route("/<int:survey_id>", methods=["GET", "POST"])
@needs("survey:answer", own=queries.own_survey)
def answer(survey: Survey) -> Any:  # noqa: ANN401 (what a view returns)
    """Answer a survey."""
    cohort = programmes.cohort(survey.cohort_id)
    zone = cohort.zone if cohort else "UTC"
    answered = queries.has_answered(survey.id, me())
    reason = rules.why_not_answer(survey.opens_at, survey.closes_at, takes_part=True, has_answered=answered, zone=zone, at=clock.now())
    form = forms.form_of(survey, _titles(cohort))
    number = survey.id
    if form.accepted() and form.perform(lambda: actions.answer(number, by=me(), answers=forms.answers_of(survey, form.values))):
        return done(Message("Thank you. Your answers are stored without your name."), to=url_for("survey.answer", survey_id=number))
    if form.general and reason is None:
        reason = form.general[0]
    return page("survey/answer.html", form=form, survey=survey, reason=reason, answered=answered)


@pages.get("/<int:survey_id>/results")
@needs("survey:see-results", of=queries.survey)
def show(survey: Survey) -> Any:  # noqa: ANN401
    """Show what a closed survey says."""
    cohort = programmes.cohort(survey.cohort_id)
    reason = _why_hidden(survey, cohort)
    sheets = [] if reason else queries.sheets((survey.id,))
    titles = _titles(cohort)
    sections = [] if reason else [(section, results.of_section(section, sheets, titles)) for section in survey.sections]
    answered, members = queries.participation(survey)
    return page("survey/results.html", survey=survey, cohort=cohort, reason=reason, answered=answered, members=members, sections=sections)


@pages.get("/<int:survey_id>/results.<kind>")
@needs("survey:see-results", of=queries.survey)
def file(survey: Survey, kind: str) -> Any:  # noqa: ANN401
    """Give the counts as a CSV or XLSX file."""
    cohort = programmes.cohort(survey.cohort_id)
    reason = _why_hidden(survey, cohort)
    if reason:
        raise Refused(reason)
    table = results.table(survey, queries.sheets((survey.id,)), _titles(cohort))
    return table.xlsx(f"survey-{survey.code}") if kind == "xlsx" else table.csv(f"survey-{survey.code}")


def _why_hidden(survey: Survey, cohort: Cohort | None) -> Reason | None:
    return rules.why_not_show(len(queries.who_answered(survey.id)), survey.closes_at, zone=cohort.zone if cohort else "UTC", at=clock.now())


def _titles(cohort: Cohort | None) -> dict[str, Words]:
    return {one.code: one.title for one in curriculum.competences(cohort.edition.framework_id)} if cohort else {}
