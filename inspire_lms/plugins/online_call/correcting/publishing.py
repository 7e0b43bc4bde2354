"""The corrected final list: no place that is offered or accepted is taken back, and whoever waits is called up by the corrected order."""

from collections.abc import Sequence

from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.confirming.rules import why_not as why_not_as_seen
from inspire_lms.plugins.online_call.correcting import letters, queries, rules
from inspire_lms.plugins.online_call.correcting.moves import Corrected, Move, corrected
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.actions import call_up
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.publishing import storing
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.publishing.rules import Kind
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.rules import Standing

ASIDE = 1_000_000
"""Added to the positions while they change, so that no two lines ever stand at the same."""


def publish(call_id: int, *, by: int, seen: Seen | None = None) -> Publication:
    """Publish the corrected list in place of the one before.

    Raises NotThere, Refused while anything is open, or when it is not what *by* has *seen*.
    """
    with transaction():
        call = hold_call(call_id)
        held = select(Ranking).where(Ranking.call_id == call.id).with_for_update(key_share=True).execution_options(populate_existing=True)
        published = session.scalar(held)
        if published is None:
            raise NotThere
        found = corrected(call, published)
        if reason := why_not(call, found) or why_not_as_seen(seen, seal_of(call, published, found)):
            raise Refused(reason)
        lines, why = [each.after for each in found.moves], "\n".join(dict.fromkeys(each.reason for each in found.corrections))
        publication = storing.store(call, Kind.CORRECTED, lines, found.terms, by=by, reason=why)
        _write(published, found.moves)
        published.digest = order.digest(lines, found.terms)
        for each in found.corrections:
            each.state = CorrectionState.PUBLISHED
        session.flush()
        called = call_up(published.id) if clock.now() <= call.reserve_until else []
        _tell(found, publication)
        after = {"corrections": [each.id for each in found.corrections], "offered": len(called), "digest": published.digest}
        audit.record("online_call.corrected", ("ranking", published.id), by=by, after=after, cohort_id=call.cohort_id)
        return publication


def why_not(call: Call, found: Corrected) -> Reason | None:
    """Say why no corrected list can be published now."""
    proposed = queries.counts(call.id)[CorrectionState.PROPOSED]
    return rules.why_not_publish(
        reopened=len(found.corrections), proposed=proposed, undecided=found.undecided, lacking=found.lacking
    )


def seal_of(call: Call, published: Ranking, found: Corrected) -> Seen:
    """Say what publishing it is: which line stands where, who is told, how many places go on at once, and whether letters wait."""
    moved = [(each.number, each.after.position, each.after.entry.total, str(each.stands)) for each in found.moves]
    letterbox = posting.letterbox(call.id)
    waits = letterbox is not None and letterbox.is_closed
    return sealed(len(found.told), moved, [each.number for each in found.told], places_free(call, published), waits)


def places_free(call: Call, published: Ranking) -> int:
    """Say how many places are free for who comes next in the corrected order; none when the reserve list has ended."""
    return published.seats - published.held if clock.now() <= call.reserve_until else 0


def _write(published: Ranking, moves: Sequence[Move]) -> None:
    session.execute(update(Place).where(Place.ranking_id == published.id).values(position=Place.position + ASIDE))
    session.expire_all()
    known = {each.application_id: each for each in session.scalars(select(Place).where(Place.ranking_id == published.id))}
    for move in moves:
        line, entry = move.after, move.after.entry
        place = known.get(move.application_id) or Place(ranking_id=published.id, application_id=move.application_id)
        place.position, place.total, place.standing = line.position, entry.total, move.stands
        place.points = {code: f"{points:.2f}" for code, points in entry.points.items()}
        place.settled_by, place.groups, place.moved_by = line.settled_by, list(entry.groups), list(line.moved_by)
        session.add(place)
    session.flush()


def _tell(found: Corrected, publication: Publication) -> None:
    """Write to those who were opened again, and to those who wait at another position; who holds a place keeps it and is left in peace."""
    changed = {each.application_id: each for each in found.changed}
    chosen = select(Place, Application).join(Application, Place.application_id == Application.id).where(Application.id.in_(changed))
    for place, application in session.execute(chosen.order_by(Place.position)):
        move = changed[application.id]
        # As it stands by now: who was called up at once has got the letter with the offer.
        if move.is_corrected or place.standing in {Standing.RESERVE, Standing.UNSUITABLE}:
            letters.corrected(place, application, move, publication)
