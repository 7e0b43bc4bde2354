"""The table [webinars] of an edition file: when the webinars of each country take place."""

from collections.abc import Mapping
from dataclasses import dataclass

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.models import Plan
from inspire_lms.plugins.webinar.planning import LEAST_MINUTES, MOST_MINUTES, WEEKDAYS, Pattern, why_not_link


@dataclass(frozen=True)
class Content:
    """What the file says for one country."""

    pattern: Pattern
    threshold: int
    """Per cent of all scheduled minutes."""


def read(common: Table | None, countries: Mapping[str, Table]) -> dict[str, Content]:
    """Read the table of each country, over the common one; mistakes are noted in them."""
    return {code: _read_one(table.over(common) if common else table) for code, table in countries.items()}


def _read_one(table: Table) -> Content:
    first, weekday = table.day("first"), table.text("weekday")
    if table.has("weekday") and weekday not in WEEKDAYS:
        table.problem("weekday", Reason("“{weekday}” is no day of the week; write it in English, for example thursday.", weekday=weekday))
    elif table.has("first") and WEEKDAYS[first.weekday()] != weekday:
        table.problem("first", Reason("{day} is a {weekday}.", day=first.isoformat(), weekday=WEEKDAYS[first.weekday()]))
    pattern = Pattern(
        first_day=first,
        at=table.clock_time("starts"),
        minutes=table.whole("minutes", least=LEAST_MINUTES, most=MOST_MINUTES),
        skipped=tuple(table.days("skip", default=[])),
        trainers=tuple(table.texts("trainers", default=[])),
        link=_link(table, "link"),
        host_link=_link(table, "host_link"),
    )
    return Content(pattern, table.whole("attendance_percent", least=0, most=100))


def _link(table: Table, key: str) -> str:
    if not table.has(key):
        return ""
    link = table.text(key, most=400)
    if reason := why_not_link(link):
        table.problem(key, reason)
    return link


def load(edition_id: int, contents: Mapping[str, Content], by: int | None) -> None:
    """Keep the pattern of each cohort. Webinars that are in the plan already stay as they are."""
    with transaction():
        for cohort in programmes.cohorts(edition_id):
            if cohort.country in contents:
                _keep(cohort.id, contents[cohort.country], by)


def _keep(cohort_id: int, content: Content, by: int | None) -> None:
    pattern = content.pattern
    plan = queries.plan(cohort_id)
    if plan is None:
        plan = Plan(cohort_id=cohort_id)
        session.add(plan)
    before = plan.threshold
    plan.first_day, plan.at, plan.minutes = pattern.first_day, f"{pattern.at:%H:%M}", pattern.minutes
    plan.skipped, plan.trainers = [each.isoformat() for each in pattern.skipped], list(pattern.trainers)
    plan.link, plan.host_link, plan.threshold = pattern.link, pattern.host_link, content.threshold
    session.flush()
    if before != content.threshold:
        audit.record(
            "webinar.threshold_set",
            ("webinar_plan", plan.id),
            by=by,
            before={"percent": before},
            after={"percent": content.threshold},
            cohort_id=cohort_id,
        )
