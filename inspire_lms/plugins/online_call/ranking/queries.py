"""What a ranking is made of: the terms of the call, the groups of the applications; and what is kept of a published one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking.order import Entry
from inspire_lms.plugins.online_call.ranking.terms import Terms, groups_of, quotas_of
from inspire_lms.plugins.online_call.rules import State


def terms_of(call: Call) -> Terms:
    """Give what the call of now is ranked by; the seats are those that nobody has."""
    seats = call.cohort.seats - call.cohort.taken
    return Terms(tuple(call.chain), call.seed, call.suitable_from, seats, quotas_of(call.quotas))


def groups(call: Call) -> dict[int, tuple[str, ...]]:
    """Give the groups of every eligible application of a call; only the answers that make them are read, none without quotas."""
    quotas = quotas_of(call.quotas)
    if not quotas:
        return {}
    asked = list(dict.fromkeys(each.question for each in quotas))
    columns: tuple[Any, ...] = (Application.id, *(Application.answers[code].as_string() for code in asked))
    rows = session.execute(select(*columns).where(Application.call_id == call.id, Application.state == State.ELIGIBLE))
    return {row[0]: groups_of(dict(zip(asked, row[1:], strict=True)), quotas) for row in rows}


def entries(call: Call, judged: Sequence[Judged]) -> list[Entry]:
    """Make what is ranked of those that have a score."""
    found = groups(call)
    return [
        Entry(each.number, each.score.total, each.score.points, each.submitted_at, found.get(each.id, ()))
        for each in judged
        if each.score is not None
    ]


def published_terms(ranking: Ranking) -> Terms:
    """Give what a published list was ranked by."""
    return Terms.restored(ranking.terms)


def found_again(ranking: Ranking) -> str:
    """Rank once more what is kept of a published list, and give the fingerprint: the same as its own, or something was changed."""
    columns: tuple[Any, ...] = (Application.protocol_number, Place.total, Place.points, Application.submitted_at, Place.groups)
    rows = session.execute(
        select(*columns).join(Application, Place.application_id == Application.id).where(Place.ranking_id == ranking.id).order_by(Place.id)
    )
    kept = [
        Entry(number, total, {code: Decimal(text) for code, text in points.items()}, at, tuple(those))
        for number, total, points, at, those in rows
    ]
    terms = published_terms(ranking)
    return order.digest(order.ranked(kept, terms), terms)
