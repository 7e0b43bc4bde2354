"""From scores to the published ranking, and the first offers."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from sqlalchemy import select

from inspire_lms.contracts.admission import RankingPublished
from inspire_lms.kernel import audit, bus, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.appealing import queries as appeals
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.confirming.rules import why_not as why_not_as_seen
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import letters
from inspire_lms.plugins.online_call.offering.actions import call_up, offer_until
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.publishing import rules as stages
from inspire_lms.plugins.online_call.publishing import storing
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking import queries as ranking
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.rules import Phase, Standing, State


def provisional(call: Call, applications: Sequence[Judged]) -> tuple[Line, ...]:
    """Rank those that have a score so far."""
    return order.ranked(ranking.entries(call, applications), ranking.terms_of(call))


def publish(call_id: int, *, by: int, seen: Seen | None = None) -> int:
    """Fix the ranking finally, offer as many places as there are seats, and put the others on the reserve list; give its number.

    Raises Refused when anything is still open, while applicants may appeal, when it is published already, or when it is not
    what *by* has *seen*.
    """
    with transaction():
        call = hold_call(call_id)
        applications = judging.judged(call)
        if reason := why_unsettled(call, Unsettled.of(applications)) or why_not_finally(call):
            raise Refused(reason)
        lines, terms = provisional(call, applications), ranking.terms_of(call)
        if reason := why_not_as_seen(seen, seal_of(call, lines)):
            raise Refused(reason)
        fixed = Ranking(
            call_id=call.id,
            published_at=clock.now(),
            seats=terms.seats,
            held=0,
            digest=order.digest(lines, terms),
            terms=terms.stored(),
        )
        session.add(fixed)
        session.flush()
        storing.store(call, Kind.FINAL, lines, terms, by=by)
        _write_lines(fixed, lines, applications)
        offered = call_up(fixed.id)
        _tell_the_others(fixed.id)
        bus.announce(RankingPublished(cohort_id=call.cohort_id, ranking_id=fixed.id, offered=tuple(offered)))
        after = {"lines": len(lines), "offered": len(offered), "digest": fixed.digest}
        audit.record("online_call.published", ("ranking", fixed.id), by=by, after=after, cohort_id=call.cohort_id)
        return fixed.id


class Unsettled(NamedTuple):
    """What the evaluations leave open, counted."""

    eligible: int
    lacking: int
    """Of the first two evaluations of each, so many are not given."""
    third_due: int
    """So many times two are too far apart, and a third is not given."""

    @classmethod
    def of(cls, applications: Sequence[Judged]) -> Self:
        """Count it in all eligible applications of a call."""
        return cls(len(applications), sum(each.lacks for each in applications), sum(each.is_third_due for each in applications))


def seal_of(call: Call, lines: Sequence[Line]) -> Seen:
    """Say what publishing these lines is: who stands where, until when a place is offered, and whether other letters wait."""
    letterbox = posting.letterbox(call.id)
    is_closed = letterbox is not None and letterbox.is_closed
    return sealed(len(lines), order.digest(lines, ranking.terms_of(call)), offer_until(call, clock.now()), is_closed)


def why_not(call: Call, unsettled: Unsettled) -> Reason | None:
    """Say why the list that comes next, provisional or final, cannot be published now."""
    is_next_provisional = call.appeal_days and not publications.is_provisional(call.id)
    return why_unsettled(call, unsettled) or (None if is_next_provisional else why_not_finally(call))


def why_unsettled(call: Call, unsettled: Unsettled) -> Reason | None:
    """Say what is still open before any list can be published."""
    phase = call.window.phase(clock.now())
    return rules.why_not_publish(
        published=judging.is_published(call.id),
        phase=phase,
        unconfirmed=proposals.waiting(call.id) if phase is Phase.CLOSED else 0,
        undecided=judging.states(call.id).get(State.SUBMITTED, 0),
        open_reviews=unsettled.lacking,
        third_due=unsettled.third_due,
        eligible=unsettled.eligible,
    )


def why_not_finally(call: Call) -> Reason | None:
    """Say why offers cannot go out now: the provisional list, appeals, or the end of the reserve list."""
    at, zone, found = clock.now(), call.cohort.zone, publications.provisional(call.id)
    until, waiting = (found.appeal_until, appeals.waiting(call.id)) if found else (None, 0)
    reason = stages.why_not_final(appeal_days=call.appeal_days, until=until, zone=zone, appeals=waiting, at=at)
    return reason or rules.why_not_offer(call.reserve_until, zone, at=at)


def _write_lines(fixed: Ranking, lines: tuple[Line, ...], applications: list[Judged]) -> None:
    ids = {each.number: each.id for each in applications}
    session.add_all(
        Place(
            ranking_id=fixed.id,
            application_id=ids[line.entry.number],
            position=line.position,
            total=line.entry.total,
            points={code: f"{points:.2f}" for code, points in line.entry.points.items()},
            settled_by=line.settled_by,
            groups=list(line.entry.groups),
            moved_by=list(line.moved_by),
            standing=Standing.RESERVE if line.is_suitable else Standing.UNSUITABLE,
        )
        for line in lines
    )
    session.flush()


def _tell_the_others(ranking_id: int) -> None:
    for place, application in _with_applications(ranking_id):
        if place.standing == Standing.RESERVE:
            letters.reserve(place, application)
        elif place.standing == Standing.UNSUITABLE:
            letters.unsuitable(place, application)


def _with_applications(ranking_id: int) -> list[tuple[Place, Application]]:
    chosen = select(Place, Application).join(Application, Place.application_id == Application.id).where(Place.ranking_id == ranking_id)
    return [(row[0], row[1]) for row in session.execute(chosen.order_by(Place.position))]
