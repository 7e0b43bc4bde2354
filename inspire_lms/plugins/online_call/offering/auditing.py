"""What must hold of the places of every call, in whatever order people answered, left and were called up.

That nobody has two places of a cohort is not asked: the tables refuse it.
"""

from collections.abc import Iterator

from sqlalchemy import func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.rules import HOLDING, Standing


def seats() -> Iterator[str]:
    """Say of which rankings the places held are miscounted, or more than the seats."""
    held = func.count(Place.id).filter(Place.standing.in_(HOLDING))
    rows = session.execute(select(Ranking.id, Ranking.held, Ranking.seats, held).outerjoin(Place).group_by(Ranking.id).order_by(Ranking.id))
    for ranking_id, counted, most, found in rows:
        if not counted == found <= most:
            yield f"ranking {ranking_id} counts {counted} places of {most}, and {found} lines hold one"


def accepted_take_part() -> Iterator[str]:
    """Say who accepted a place and is no trainee; between somebody's leaving and the work that follows it this is true for a moment."""
    rows = session.execute(
        select(Call.cohort_id, Application.person_id)
        .join(Application, Application.call_id == Call.id)
        .join(Place, Place.application_id == Application.id)
        .where(Place.standing == Standing.ACCEPTED)
        .order_by(Call.cohort_id, Place.position)
    )
    members: dict[int, frozenset[int]] = {}
    for cohort_id, person_id in rows:
        if cohort_id not in members:
            members[cohort_id] = frozenset(member.person_id for member in programmes.members(cohort_id))
        if person_id not in members[cohort_id]:
            yield f"person {person_id} has accepted a place of cohort {cohort_id} and takes no part in it"
