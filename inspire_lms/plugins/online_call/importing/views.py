"""The coordinator's pages for applications on paper: template, table, dry run, confirmation."""

from typing import Any

from flask import g, redirect, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere, counted
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Cell, Column, Paged, Table, paged
from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.confirming.paging import one_page
from inspire_lms.plugins.online_call.confirming.views import seen
from inspire_lms.plugins.online_call.importing import actions, columns, examining, forms, queries, rules
from inspire_lms.plugins.online_call.importing.examining import DryRun
from inspire_lms.plugins.online_call.importing.models import Import
from inspire_lms.plugins.online_call.importing.rules import Target
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.views import pages

WRITTEN, WAITS = Cell(Message("Confirmed and written"), status="ok"), Cell(Message("Waits for confirmation"), status="wait")


@pages.route("/rooms/<int:cohort_id>/paper", methods=["GET", "POST"])
@needs("online_call:select", of=queries.call)
def paper(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Take a table of applications, and list the imports there were."""
    call_id, form, made = call.id, forms.TableForm(), []
    if form.accepted() and form.perform(lambda: made.append(_read(call_id, form))):
        return redirect(url_for("online_call.dry_run", import_id=made[0]), 303)
    g.where = call.cohort.country_name.text()
    why_not = rules.why_not_import(call.window, published=judging.has_list(call_id), at=clock.now())
    chosen = paged(queries.imports(call_id))
    shown = {"why_not": why_not, "table": _imports(chosen), "paged": chosen, "days": rules.KEEP_UNCONFIRMED.days}
    return page("online_call/paper.html", form=form, call=call, **shown)


def _read(call_id: int, form: Form) -> int:
    sent = form.values[actions.FILE]
    return actions.read(call_id, sent.stream, sent.filename or "", by=me())


@pages.get("/rooms/<int:cohort_id>/paper/template.<any(csv, xlsx):kind>")
@needs("online_call:select", of=queries.call)
def paper_template(call: Call, kind: str) -> Any:  # noqa: ANN401
    """Give the template of the call's form."""
    table = columns.template(questions.all_questions(questions.form_of(call.form)), call.cohort.language)
    name = f"applications-{call.cohort.country.lower()}"
    return table.xlsx(name) if kind == "xlsx" else table.csv(name)


@pages.route("/imports/<int:import_id>", methods=["GET", "POST"])
@needs("online_call:select", of=queries.one)
def dry_run(held: Import) -> Any:  # noqa: ANN401
    """Show what a table would do, and ask about doubtful rows; of a confirmed one, what it did."""
    g.where, import_id = held.call.cohort.country_name.text(), held.id
    if held.confirmed_at is not None:
        return page("online_call/imported.html", held=held, names=people.names([held.read_by, held.confirmed_by or 0]))
    found = examining.dry_run(held)
    form = forms.doubts_form(found.unanswered)
    if found.unanswered and form.accepted() and form.perform(lambda: actions.answer(import_id, forms.answered(form, found.unanswered))):
        return redirect(url_for("online_call.dry_run", import_id=import_id), 303)
    return _dry_run_page(held, found, form if found.unanswered else forms.ConfirmForm())


@pages.post("/imports/<int:import_id>/confirm")
@needs("online_call:select", of=queries.one)
def confirm_import(held: Import) -> Any:  # noqa: ANN401
    """Write all applications of a table."""
    if held.confirmed_at is not None:
        return redirect(url_for("online_call.dry_run", import_id=held.id), 303)
    import_id, form, written = held.id, forms.ConfirmForm(), []
    if form.accepted() and form.perform(lambda: written.append(_confirm(import_id, form).written)):
        told = counted("{n} application is entered.", "{n} applications are entered.", n=written[0])
        return done(told, to=url_for("online_call.dry_run", import_id=import_id))
    again = queries.one(import_id)
    if again is None or again.file_id is None:
        raise NotThere
    return _dry_run_page(again, examining.dry_run(again), form)


def _confirm(import_id: int, form: Form) -> Import:
    return actions.confirm(import_id, form.values["source"], by=me(), seen=seen())


@pages.post("/imports/<int:import_id>/ask-again")
@needs("online_call:select", of=queries.one)
def ask_again(held: Import) -> Any:  # noqa: ANN401
    """Take back the answers about doubtful rows."""
    import_id = held.id
    actions.ask_again(import_id)
    return redirect(url_for("online_call.dry_run", import_id=import_id), 303)


@pages.post("/imports/<int:import_id>/drop")
@needs("online_call:select", of=queries.one)
def drop_import(held: Import) -> Any:  # noqa: ANN401
    """Delete a table that was not confirmed."""
    cohort_id = held.cohort_id
    actions.drop(held.id, by=me())
    return done(Message("The table is deleted; nothing of it was written."), to=url_for("online_call.paper", cohort_id=cohort_id))


def _dry_run_page(held: Import, found: DryRun, form: Form) -> Any:  # noqa: ANN401
    if isinstance(form, forms.ConfirmForm):
        form.action = url_for("online_call.confirm_import", import_id=held.id)
    until = held.read_at + rules.KEEP_UNCONFIRMED
    g.where = held.call.cohort.country_name.text()
    whom, chosen = _whom(held, found)
    return page("online_call/dry_run.html", form=form, held=held, dry=found, table=_mistakes(found), until=until, whom=whom, paged=chosen)


def _whom(held: Import, found: DryRun) -> tuple[Table, Paged]:
    """Show for whom an application would be written, and whose account would be prepared, 50 a page."""
    new, known = Message("An account is prepared"), Message("For the account that there is")
    path = url_for("online_call.dry_run", import_id=held.id)

    def row(each: Target) -> dict[str, Any]:
        name = Cell(found.names.get(each.row, ""), note=each.email)
        return {"name": name, "row": each.row, "received": each.received_at, "account": new if each.person_id is None else known}

    rows, chosen = one_page(found.targets, row, path=path)
    columns = (
        Column("name", Message("Applicant")),
        Column("row", Message("Row"), kind="num"),
        Column("received", Message("Received")),
        Column("account", Message("What happens")),
    )
    return Table(columns, rows), chosen


def _mistakes(found: DryRun) -> Table:
    return Table(
        columns=(Column("row", Message("Row")), Column("column", Message("Column")), Column("reason", Message("What to write"))),
        rows=[{"row": Message("Row {row}", row=each.row), "column": each.column, "reason": each.reason} for each in found.wrong],
        caption=Message("What is to be mended"),
    )


def _imports(chosen: Paged) -> Table:
    names = people.names({row.confirmed_by or row.read_by for row in chosen.rows})
    return Table(
        columns=(
            Column("table", Message("Table")),
            Column("when", Message("When")),
            Column("who", Message("Who")),
            Column("written", Message("Applications entered"), "num"),
            Column("left_out", Message("Rows left out"), "num"),
            Column("state", Message("State")),
        ),
        rows=[
            {
                "table": Cell(row.name, href=url_for("online_call.dry_run", import_id=row.id), note=row.digest[:16]),
                "when": row.confirmed_at or row.read_at,
                "who": names[row.confirmed_by or row.read_by].name if (row.confirmed_by or row.read_by) in names else "–",
                "written": row.written,
                "left_out": row.left_out,
                "state": WRITTEN if row.confirmed_at else WAITS,
            }
            for row in chosen.rows
        ],
        empty=Message("No application on paper has been entered."),
    )
