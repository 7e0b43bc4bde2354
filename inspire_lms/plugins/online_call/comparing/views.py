"""The address of the comparison."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import allowed, needs
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.comparing import queries, rules
from inspire_lms.plugins.online_call.comparing.queries import OTHERS, RESERVE, Country
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.rules import Standing, State
from inspire_lms.plugins.online_call.views import pages

NOT_SHOWN = Message("not shown")
COUNTRY = Column("country", Message("Country"))
APPLICATIONS = (
    COUNTRY,
    Column("all", Message("Submitted"), "num"),
    Column(State.ELIGIBLE, Message("Eligible"), "num"),
    Column(State.NOT_ELIGIBLE, Message("Not eligible"), "num"),
    Column(State.SUBMITTED, Message("Not decided"), "num"),
    Column(State.WITHDRAWN, Message("Withdrawn"), "num"),
)
RESULTS = (
    COUNTRY,
    Column("seats", Message("Places"), "num"),
    Column(Standing.ACCEPTED, Message("Accepted"), "num"),
    Column(Standing.OFFERED, Message("Offer open"), "num"),
    Column(RESERVE, Message("Reserve list"), "num"),
    Column(OTHERS, Message("Others"), "num"),
    Column("median", Message("Median of the totals"), "num"),
)


@pages.get("/rooms/<int:cohort_id>/countries")
@needs("online_call:select", of=judging.call)
def countries(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the countries of an edition beside each other; of those that are not the reader's own only what five people or more make up."""
    g.where = call.cohort.country_name.text()
    found = queries.countries(call.cohort.edition_id)
    applications = Table(APPLICATIONS, [_applications(each, is_own=_is_own(each)) for each in found], heading="country")
    results = Table(RESULTS, [_results(each, is_own=_is_own(each)) for each in found], heading="country")
    return page("online_call/countries.html", call=call, applications=applications, results=results, smallest=rules.SMALLEST)


def _is_own(country: Country) -> bool:
    return allowed("online_call:select", country.call)


def _applications(country: Country, *, is_own: bool) -> dict[str, Any]:
    return _named(country) | _parts(country.states, is_own=is_own, total="all")


def _results(country: Country, *, is_own: bool) -> dict[str, Any]:
    row = _named(country) | {"seats": country.call.cohort.seats}
    if not country.places:
        return row | dict.fromkeys((*(column.name for column in RESULTS[2:]),), Message("not published"))
    middle = number(country.middle, 2) if country.middle is not None and (is_own or _is_many(country.totals)) else NOT_SHOWN
    return row | _parts(country.places, is_own=is_own) | {"median": middle}


def _is_many(totals: Sequence[Any]) -> bool:
    return len(totals) >= rules.SMALLEST


def _named(country: Country) -> dict[str, Any]:
    return {"country": country.call.cohort.country_name}


def _parts(parts: Mapping[str, int], *, is_own: bool, total: str = "") -> dict[str, Any]:
    """Show the parts of a whole, and their sum under the name *total*."""
    seen: Mapping[str, int | None] = parts if is_own else rules.shown(parts)
    shown: dict[str, Any] = {name: NOT_SHOWN if each is None else each for name, each in seen.items()}
    if total:
        shown[total] = sum(parts.values()) if is_own or rules.may_show_sum(parts) else NOT_SHOWN
    return shown
