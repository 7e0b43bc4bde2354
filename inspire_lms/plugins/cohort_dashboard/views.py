"""Addresses of the dashboard."""

from typing import Any

from flask import Blueprint, g, redirect, url_for

from inspire_lms.contracts.pages import CohortTasks
from inspire_lms.kernel import bus, clock
from inspire_lms.kernel.access.queries import cohort_ids_where
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.plugins.cohort_dashboard import figures, queries, tables

pages = Blueprint("cohort_dashboard", __name__, url_prefix="/cohort_dashboard", template_folder="templates")


@pages.get("/")
@needs("cohort_dashboard:see")
def choose() -> Any:  # noqa: ANN401 (what a view returns)
    """Lead to the only cohort that a person may see, or let choose among several."""
    ids = cohort_ids_where(me(), "cohort_dashboard:see")
    found = programmes.cohorts_with([one for one in ids if is_on_for_cohort("cohort_dashboard", one)])
    if len(found) == 1:
        return redirect(url_for("cohort_dashboard.show", cohort_id=found[0].id), 303)
    stages = {cohort.id: figures.funnel(queries.all_figures(cohort.id)) for cohort in found}
    return page("cohort_dashboard/choose.html", cohorts=found, stages=stages)


@pages.get("/<int:cohort_id>")
@needs("cohort_dashboard:see", of=queries.cohort)
def show(cohort: Cohort) -> Any:  # noqa: ANN401
    """Show where a cohort stands."""
    g.zone = cohort.zone
    found = queries.all_figures(cohort.id)
    stages = figures.funnel(found)
    tasks = sorted(
        (one for answer in bus.gather(CohortTasks(cohort.id)) for one in answer),
        key=lambda one: (one.urgency, one.until or clock.now(), one.heading),
    )
    return page(
        "cohort_dashboard/show.html",
        cohort=cohort,
        now=clock.now(),
        tasks=tasks,
        stages={one.code: int(one.value or 0) for one in stages},
        chart=tables.funnel_chart(stages) if stages else None,
        funnel=tables.funnel_table(stages),
        indicators=tables.indicator_table(figures.indicators(found)),
        risks=tables.risk_table(figures.at_risk(queries.attendance(cohort.id)), cohort.id),
    )


@pages.get("/<int:cohort_id>/people")
@needs("cohort_dashboard:see", of=queries.cohort)
def people(cohort: Cohort) -> Any:  # noqa: ANN401
    """Show every trainee from attendance to certificate: the rows behind the figures."""
    g.zone = cohort.zone
    return page("cohort_dashboard/people.html", cohort=cohort, table=tables.people_table(queries.people(cohort.id), cohort.id))


@pages.get("/<int:cohort_id>/<any(figures, people):what>.<any(csv, xlsx):kind>")
@needs("cohort_dashboard:see", of=queries.cohort)
def file(cohort: Cohort, what: str, kind: str) -> Any:  # noqa: ANN401
    """Give the figures or the people as a file."""
    if what == "people":
        table = tables.people_table(queries.people(cohort.id), cohort.id)
    else:
        found = queries.all_figures(cohort.id)
        table = tables.figure_table([*figures.funnel(found), *figures.indicators(found)])
    name = f"{what}-{cohort.country.lower()}"
    return table.xlsx(name) if kind == "xlsx" else table.csv(name)
