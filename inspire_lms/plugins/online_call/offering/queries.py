"""Reads for offers and for the published list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, or_, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import queries as ranked
from inspire_lms.plugins.online_call.ranking import seating
from inspire_lms.plugins.online_call.rules import HOLDING, Standing

PLUGIN = "online_call"


def hold_a_seat(cohort_id: int) -> bool:
    """Say whether the cohort has a free seat, and hold it so until the transaction ends."""
    free = select(Cohort.id).where(Cohort.id == cohort_id, Cohort.taken < Cohort.seats)
    return session.scalar(free.with_for_update(key_share=True)) is not None


def accepted_in(cohort_id: int, person_id: int) -> int | None:
    """Give the application with which a person holds an accepted place of a cohort."""
    return session.scalar(
        select(Application.id)
        .join(Call, Application.call_id == Call.id)
        .join(Place, Place.application_id == Application.id)
        .where(Call.cohort_id == cohort_id, Application.person_id == person_id, Place.standing == Standing.ACCEPTED)
    )


def takes_part(cohort_id: int, person_id: int) -> bool:
    """Say whether a person has a seat in the cohort."""
    return programmes.is_member(cohort_id, person_id)


def next_in(ranking_id: int) -> list[Place]:
    """Give the lines that are to be called up now, in order, and hold the ranking until the transaction ends.

    Without quotas these are the first of the reserve list; with quotas who has a seat counts for the own groups, and keeps it.
    """
    held = select(Ranking).where(Ranking.id == ranking_id).with_for_update(key_share=True)
    ranking = session.scalars(held.execution_options(populate_existing=True)).one()
    quotas, free = ranked.published_terms(ranking).quotas, ranking.seats - ranking.held
    lines = select(Place.id, Place.groups).where(Place.ranking_id == ranking_id).order_by(Place.position)
    waiting = session.execute(lines.where(Place.standing == Standing.RESERVE).limit(None if quotas else free)).all()
    seated = session.execute(lines.where(Place.standing.in_(HOLDING))).all() if quotas else []
    found = seating.seated(
        [tuple(row.groups) for row in waiting], quotas, seats=free + len(seated), held=[tuple(row.groups) for row in seated]
    )
    chosen = select(Place).where(Place.id.in_([waiting[place].id for place in found.given])).order_by(Place.position)
    return list(session.scalars(chosen.execution_options(populate_existing=True)))


def reserve_number(place: Place) -> int:
    """Say where a line stands in the reserve list now, from 1; those above who left are not counted."""
    above = (Place.ranking_id == place.ranking_id, Place.standing == Standing.RESERVE, Place.position < place.position)
    return (session.scalar(select(func.count()).select_from(Place).where(*above)) or 0) + 1


def cut_off(ranking_id: int) -> Any:  # noqa: ANN401 (a total, or None)
    """Give the lowest total for which a place was offered so far; None before the first offer."""
    offered = select(Place.total).where(Place.ranking_id == ranking_id, Place.offered_at.is_not(None))
    return session.scalar(offered.order_by(Place.position.desc()).limit(1))


class Placed(NamedTuple):
    """One line of a published ranking and what became of it."""

    application_id: int
    position: int
    """From 1."""
    total: Decimal
    settled_by: str | None
    """The step that separated it from the line above with the same total."""
    moved_by: Sequence[str]
    """The groups of quotas that brought it in, or kept it out, at first."""
    standing: str
    offer_until: datetime | None
    answered_at: datetime | None


def places_of(call_id: int) -> dict[int, Placed]:
    """Give the lines of the published ranking in their order, by application; none before it is published."""
    return {row.application_id: Placed(*row) for row in session.execute(_lines(call_id))}


def some_places(call_id: int, first: int, number: int) -> list[Placed]:
    """Give so many lines of the published ranking in their order, from the one at *first*, which counts from 0."""
    return [Placed(*row) for row in session.execute(_lines(call_id).offset(first).limit(number))] if number else []


def leading(ranking: Ranking) -> list[Placed]:
    """Give the lines of a published list that stand within the seats, and those that quotas moved."""
    moved = cast(Place.moved_by, String) != "[]"
    rows = session.execute(_lines(ranking.call_id).where(or_(Place.position <= ranking.seats, moved)))
    return [Placed(*row) for row in rows]


def _lines(call_id: int) -> Select[Any]:
    of_line: tuple[Any, ...] = (Place.application_id, Place.position, Place.total, Place.settled_by, Place.moved_by)
    columns = (*of_line, Place.standing, Place.offer_until, Place.answered_at)
    return select(*columns).join(Ranking).where(Ranking.call_id == call_id).order_by(Place.position)


def standings(call_id: int) -> Counter[str]:
    """Count the lines of the published ranking by what became of them."""
    counted: tuple[Any, ...] = (Place.standing, func.count())
    rows = session.execute(select(*counted).join(Ranking).where(Ranking.call_id == call_id).group_by(Place.standing))
    return Counter({row[0]: row[1] for row in rows})


def totals(call_id: int) -> dict[Decimal, int]:
    """Count how many lines of the published ranking have each total."""
    counted: tuple[Any, ...] = (Place.total, func.count())
    rows = session.execute(select(*counted).join(Ranking).where(Ranking.call_id == call_id).group_by(Place.total))
    return {row[0]: row[1] for row in rows}


def chosen_at_first(lines: Iterable[Placed], ranking: Ranking) -> list[Placed]:
    """Give the lines of a published list that got an offer at first: those within the seats, but for whom quotas moved out or in."""
    terms = ranked.published_terms(ranking)
    suitable = (each for each in lines if each.total >= terms.suitable_from)
    return [each for each in suitable if (each.position <= terms.seats) is not bool(each.moved_by)]


class Selected(NamedTuple):
    """What the public learns about somebody who was selected."""

    position: int
    number: str
    standing: str


class Due(NamedTuple):
    """An offer that nobody has answered in time."""

    place_id: int
    until: datetime


class Offer(NamedTuple):
    """An open offer."""

    place_id: int
    until: datetime
    remind_hours: int


def latest_result(country: str) -> Call | None:
    """Give the call of a country, by its code in small letters, whose ranking was published last."""
    if country != country.lower():
        return None
    chosen = _published().where(Cohort.country == country.upper()).order_by(Ranking.published_at.desc(), Call.id.desc())
    return next((call for call in session.scalars(chosen) if is_on_for_cohort(PLUGIN, call.cohort_id)), None)


def result_of(cohort_id: int) -> Call | None:
    """Give the call of a cohort once its ranking is published."""
    found = session.scalar(_published().where(Call.cohort_id == cohort_id))
    return found if found is not None and is_on_for_cohort(PLUGIN, cohort_id) else None


def _published() -> Select[Call]:
    return select(Call).join(Cohort, Call.cohort_id == Cohort.id).join(Ranking, Ranking.call_id == Call.id)


def selected(call_id: int) -> list[Selected]:
    """List code and position of those who hold a place: all that is ever shown to the public."""
    rows = session.execute(
        select(Place.position, Application.protocol_number, Place.standing)
        .join(Application, Place.application_id == Application.id)
        .join(Ranking, Place.ranking_id == Ranking.id)
        .where(Ranking.call_id == call_id, Place.standing.in_(HOLDING))
        .order_by(Place.position)
    )
    return [Selected(row[0], row[1] or "", row[2]) for row in rows]


def lapsing(at: datetime) -> list[Due]:
    """List the offers whose deadline is over at *at*, in the order of the deadlines; of calls that are switched on."""
    due = (
        select(Place.id, Place.offer_until, Call.cohort_id)
        .join(Ranking, Place.ranking_id == Ranking.id)
        .join(Call, Ranking.call_id == Call.id)
        .where(Place.standing == Standing.OFFERED, Place.offer_until <= at)
        .order_by(Place.offer_until, Place.position)
    )
    return [Due(row[0], row[1] or at) for row in session.execute(due) if is_on_for_cohort(PLUGIN, row.cohort_id)]


def open_offers(at: datetime) -> list[Offer]:
    """List the offers that are open at *at*, of calls that are switched on."""
    rows = session.execute(
        select(Place.id, Place.offer_until, Call.remind_hours, Call.cohort_id)
        .join(Ranking, Place.ranking_id == Ranking.id)
        .join(Call, Ranking.call_id == Call.id)
        .where(Place.standing == Standing.OFFERED, Place.offer_until > at)
        .order_by(Place.offer_until, Place.position)
    )
    return [Offer(row[0], row[1] or at, row[2]) for row in rows if is_on_for_cohort(PLUGIN, row.cohort_id)]
