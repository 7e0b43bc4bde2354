"""What must hold of every published list: it can be found again from what is kept, and no group holds more places than its limit."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import queries
from inspire_lms.plugins.online_call.ranking.terms import code_of
from inspire_lms.plugins.online_call.rules import HOLDING


def reproducible() -> Iterator[str]:
    """Say which lists are not what their scores, groups and terms give."""
    for ranking in session.scalars(select(Ranking).order_by(Ranking.id)).all():
        if queries.found_again(ranking) != ranking.digest:
            yield f"ranking {ranking.id} is not what its scores, groups and terms give"


def within_limits() -> Iterator[str]:
    """Say which groups hold more places than the limit of their quota."""
    rows = session.execute(select(Ranking, Place.groups).join(Place).where(Place.standing.in_(HOLDING)).order_by(Ranking.id))
    held = Counter((ranking, group) for ranking, groups in rows for group in groups)
    for (ranking, group), count in held.items():
        most = {each.code: each.most for each in queries.published_terms(ranking).quotas}[code_of(group)]
        if most is not None and count > most:
            yield f"ranking {ranking.id} holds {count} places for {group}, whose limit is {most}"
