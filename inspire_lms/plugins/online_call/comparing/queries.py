"""Reads for the comparison: one row for each country, however many applied."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from sqlalchemy import func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.rules import Standing, State

STATES = (State.ELIGIBLE, State.NOT_ELIGIBLE, State.SUBMITTED, State.WITHDRAWN)
"""The parts of all submitted applications."""
RESERVE, OTHERS = Standing.RESERVE, "others"
PLACES = (Standing.ACCEPTED, Standing.OFFERED, RESERVE, OTHERS)
"""The parts of all lines of a published ranking; the others declined, let an offer lapse, withdrew or were not suitable."""


@dataclass(frozen=True)
class Country:
    """The figures of one call."""

    call: Call
    states: dict[str, int]
    places: dict[str, int]
    totals: tuple[Decimal, ...]
    """The totals of the published ranking, the highest first; none before it."""

    @property
    def middle(self) -> Decimal | None:
        """The median of the totals; None before the ranking."""
        return Decimal(median(self.totals)) if self.totals else None


def countries(edition_id: int) -> list[Country]:
    """Give the figures of every country of an edition in which the call is switched on; four statements for any number."""
    calls = session.scalars(select(Call).join(Cohort, Call.cohort_id == Cohort.id).where(Cohort.edition_id == edition_id).order_by(Call.id))
    found = [call for call in calls if is_on_for_cohort("online_call", call.cohort_id)]
    ids = [call.id for call in found]
    states: Counter[tuple[int, str]] = Counter()
    counted = select(Application.call_id, Application.state, func.count()).group_by(Application.call_id, Application.state)
    for call_id, state, number in session.execute(counted.where(Application.call_id.in_(ids), Application.state != State.DRAFT)):
        states[call_id, state] = number
    lines = select(Ranking.call_id, Place.standing, Place.total).join(Place, Place.ranking_id == Ranking.id)
    rows = session.execute(lines.where(Ranking.call_id.in_(ids)).order_by(Ranking.call_id, Place.total.desc())).all()
    return [_country(call, states, [(row.standing, row.total) for row in rows if row.call_id == call.id]) for call in found]


def _country(call: Call, states: Counter[tuple[int, str]], lines: list[tuple[str, Decimal]]) -> Country:
    placed = Counter(standing if standing in PLACES else OTHERS for standing, _total in lines)
    return Country(
        call=call,
        states={state: states[call.id, state] for state in STATES},
        places={part: placed[part] for part in PLACES} if lines else {},
        totals=tuple(total for _standing, total in lines),
    )
