"""The pages of the bank: list, coverage, import, one question, file to take away."""

from typing import Any

from flask import Response, redirect, request, url_for

from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.i18n import Words, current, languages
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done, own_names
from inspire_lms.kernel.web.tables import paged
from inspire_lms.plugins.assessment.bank import actions, forms, gift_writing, queries, tables
from inspire_lms.plugins.assessment.bank.merging import Deed
from inspire_lms.plugins.assessment.bank.queries import Shelf, Shown
from inspire_lms.plugins.assessment.blueprint import pages
from inspire_lms.plugins.assessment.kinds.known import TITLES
from inspire_lms.plugins.assessment.kinds.shape import said


@pages.get("/bank")
@needs("assessment:use-bank")
def bank() -> Any:  # noqa: ANN401 (what a view returns)
    """Open the newest bank; there is one for each framework."""
    shelves = queries.shelves()
    if not shelves:
        return page("assessment/no_bank.html")
    return redirect(url_for("assessment.shelf", framework_id=shelves[0].framework_id), 303)


@pages.get("/bank/<int:framework_id>")
@needs("assessment:use-bank", of=queries.shelf)
def shelf(one: Shelf) -> Any:  # noqa: ANN401
    """List the questions, and show where the bank has holes."""
    chosen = {key: request.args.get(key, "") for key in ("competence", "kind")}
    competences = queries.competences(one.framework_id)
    found = paged(queries.listed(one.framework_id, **chosen))
    cover = queries.coverage(one.framework_id, languages())
    return page(
        "assessment/bank.html", shelf=one, shelves=queries.shelves(), listed=found, table=tables.listing(found.rows),
        coverage=tables.coverage(cover, languages()), gaps=[each for each in cover if each.total < each.needed],
        narrow=forms.filter_form(competences, chosen), own_names=own_names(),
    )  # fmt: skip


@pages.route("/bank/<int:framework_id>/import", methods=["GET", "POST"])
@needs("assessment:use-bank", of=queries.shelf)
def bring_in(one: Shelf) -> Any:  # noqa: ANN401
    """Import a file, all of it or nothing."""
    form = forms.import_form(own_names(), queries.competences(one.framework_id))
    reports: list[actions.Report] = []

    def deed() -> None:
        raw = form.values["file"].read()
        facts = {"language": form.values["language"], "spare": form.values["spare"] or "", "replace": form.values["replace"]}
        reports.append(actions.bring_in(one.framework_id, raw, by=me(), **facts))

    if form.accepted() and form.perform(deed):
        return page("assessment/imported.html", shelf=one, report=reports[0])
    return page("assessment/import.html", form=form, shelf=one)


@pages.get("/bank/<int:framework_id>/<language>.gift")
@needs("assessment:use-bank", of=queries.shelf)
def take_away(one: Shelf, language: str) -> Any:  # noqa: ANN401
    """Give all questions that speak a language as a GIFT file."""
    if language not in languages():
        raise NotThere
    text = gift_writing.write([each for each in queries.written(one.framework_id, language) if each.kind != "essay"], language)
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"questions.{language}.gift")
    return answer


@pages.route("/bank/question/<int:question_id>", methods=["GET", "POST"])
@needs("assessment:use-bank", of=queries.question)
def bank_question(shown: Shown) -> Any:  # noqa: ANN401
    """Show a question as trainees see it, with its key and its versions; change it in one language."""
    chosen = request.args.get("words", "")
    language = chosen if chosen in languages() else current()
    newest = shown.newest
    text = gift_writing.written(shown.title, newest.kind, newest.content, language) if language in newest.content["text"] else ""
    form = forms.question_form(f"$CATEGORY: {newest.code}\n\n{text}" if text else "")
    reports: list[actions.Report] = []
    if form.accepted() and form.perform(lambda: reports.append(_change(shown, form.values, language))):
        to = url_for("assessment.bank_question", question_id=shown.id, words=language)
        if set(reports[0].counts) == {Deed.SAME}:
            return done(Message("The question is the same as before: nothing has changed."), to=to)
        return done(Message("The question has been changed. Attempts that were started before keep the version they have."), to=to)
    return page(
        "assessment/bank_question.html", form=form, shown=shown, words=language, names=own_names(), key=tables.key(newest, language),
        kinds=TITLES, question=Words({language: said(newest.content["text"], language)}), history=tables.history(shown.versions),
        feedback=Words(newest.content.get("feedback", {})),
    )  # fmt: skip


def _change(shown: Shown, values: dict[str, Any], language: str) -> actions.Report:
    text = values["text"].replace("\r\n", "\n")
    return actions.bring_in_text(shown.framework_id, text, language=language, spare=shown.newest.code, replace=values["replace"], by=me())
