"""The webinars of a person, the attendance of a cohort, and the rule by which minutes are counted."""

from typing import Any

from flask import Response, g

from inspire_lms.kernel import clock, i18n
from inspire_lms.kernel.access.queries import cohort_ids_where
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import cohort_zones, me, needs, public
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.attendance import shares, tables
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.opening import opens
from inspire_lms.plugins.webinar.plan.queries import cohort as find_cohort
from inspire_lms.plugins.webinar.shown import path


@pages.get("/")
@needs("webinar:attend")
def mine() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the webinars of the reader: taken part in, led, and the cohorts to look after."""
    own = queries.announced(queries.mine(me()))
    taken = tuple(each for each in queries.mine(me()) if each.is_trainee)
    newest = max((each.cohort_id for each in taken), default=None)
    looked_after = cohort_ids_where(me(), "webinar:see-attendance")
    g.zone = cohort_zones().get(newest or (own[0].cohort_id if own else 0))
    return page(
        "webinar/mine.html",
        shows=path.path(tuple(each for each in taken if each.cohort_id == newest)) if taken else None,
        led=path.line(tuple(each for each in own if each.leads)),
        cohorts=programmes.cohorts_with(looked_after) if looked_after else [],
        now=clock.now(),
    )


@pages.get("/attendance/<int:cohort_id>")
@needs("webinar:see-attendance", of=find_cohort)
def attendance(cohort: Cohort) -> Any:  # noqa: ANN401
    """Show the attendance of a cohort: who is at risk, each webinar, each person."""
    g.zone = cohort.zone
    grid = shares.grid(cohort.id)
    return page(
        "webinar/attendance.html",
        cohort=cohort,
        grid=grid,
        risk=tables.risk_table(grid),
        table=tables.grid_table(grid),
        chart=tables.chart_by_webinar(grid),
        threshold=next((each.share.threshold for each in grid.people), None),
    )


@pages.get("/attendance/<int:cohort_id>.csv")
@needs("webinar:see-attendance", of=find_cohort)
def attendance_csv(cohort: Cohort) -> Response:
    """Give the attendance of a cohort as CSV."""
    return tables.grid_file(shares.grid(cohort.id)).csv(f"attendance-{cohort.country.lower()}")


@pages.get("/attendance/<int:cohort_id>.xlsx")
@needs("webinar:see-attendance", of=find_cohort)
def attendance_xlsx(cohort: Cohort) -> Response:
    """Give the attendance of a cohort as a workbook."""
    return tables.grid_file(shares.grid(cohort.id)).xlsx(f"attendance-{cohort.country.lower()}")


@pages.get("/rule")
@public
def rule() -> Any:  # noqa: ANN401
    """Say how minutes of attendance are counted."""
    return page("webinar/rule.html", opens=i18n.duration(int(opens().total_seconds()) // 60))
