"""The page on how a ranking is found: the formula, what would change if, and the published list found once more."""

from typing import Any

from flask import g, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.ranking import forms, queries, what_if
from inspire_lms.plugins.online_call.ranking.what_if import Changed, Outcome
from inspire_lms.plugins.online_call.views import pages


@pages.route("/rooms/<int:cohort_id>/ranking", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def how_ranked(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Show how the ranking is found. Before it is published: who would come in and go out by other terms; nothing is written."""
    g.where = call.cohort.country_name.text()
    shown: dict[str, Any] = {"call": call, "notice": notice.of(call, clock.now()), "published": judging.ranking_of(call.id)}
    if shown["published"]:
        return page("online_call/ranking.html", **shown, found_again=queries.found_again(shown["published"]))
    form, found = forms.what_if_form(queries.terms_of(call), call.gap), []
    if form.accepted():
        form.perform(lambda: found.append(_outcome(call, form)))
    return page("online_call/ranking.html", **shown, form=form, outcome=found[0] if found else None, table=_table(found))


def _outcome(call: Call, form: Form) -> Outcome:
    terms, gap = what_if.asked(call, form.values)
    return what_if.outcome(call, me(), terms, gap)


def _table(found: list[Outcome]) -> Table | None:
    if not found:
        return None
    columns = (
        Column("name", Message("Applicant")),
        Column("change", Message("What changes")),
        Column("now", Message("Position now"), kind="num"),
        Column("then", Message("Position then"), kind="num"),
        Column("total", Message("Total then"), kind="num"),
    )
    empty = Message("Nobody would come in, and nobody would go out.")
    return Table(columns=columns, rows=[_row(each) for each in found[0].changed], empty=empty)


def _row(changed: Changed) -> dict[str, Any]:
    came, went = Cell(Message("Would come in"), status="ok"), Cell(Message("Would go out"), status="bad")
    return {
        "name": Cell(changed.name, href=url_for("online_call.file", application_id=changed.application_id)),
        "change": came if changed.comes_in else went,
        "now": changed.now.position,
        "then": changed.then.position,
        "total": number(changed.then.entry.total, 2),
    }
