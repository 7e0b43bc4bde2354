"""Reminding evaluators of what they have still to give: all of them together, each once a day at most."""

from collections.abc import Mapping
from typing import NamedTuple

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.confirming.rules import why_not as why_not_as_seen
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import letters, queries, rules
from inspire_lms.plugins.online_call.pending.lists import dates_of
from inspire_lms.plugins.online_call.pending.rules import Until, What
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing.phases import phases_of, why_not_mark


class Due(NamedTuple):
    """Who would be reminded now."""

    numbers: Mapping[int, int]
    """How many evaluations are still to be given, by evaluator."""
    reminded: int
    """Evaluators left out because they have been reminded today."""

    @property
    def seal(self) -> Seen:
        """What reminding them is: who gets a mail, about how many evaluations."""
        return sealed(len(self.numbers), sorted(self.numbers.items()))


def due(call: Call) -> Due:
    """Say who would be reminded now of how many evaluations."""
    to_give = queries.to_give(call)
    known = letters.reminded_today(call, to_give)
    return Due({person_id: number for person_id, number in to_give.items() if person_id not in known}, len(known))


def why_not(call: Call, found: Due) -> Reason | None:
    """Say why nobody can be reminded now."""
    if not judging.has_list(call.id):
        not_yet = why_not_mark(phases_of(call.phases), call.cohort.zone, ReviewState.ASKED, at=clock.now())
        if not_yet:
            return not_yet
    if found.numbers:
        return None
    return Reason("Everybody has been reminded today.") if found.reminded else Reason("No evaluation is still to be given.")


def remind(call_id: int, *, by: int, seen: Seen) -> int:
    """Write to everybody who has still to evaluate; say to how many. Raises Refused when it is not what *by* has *seen*."""
    with transaction():
        call = hold_call(call_id)
        found = due(call)
        if reason := why_not(call, found) or why_not_as_seen(seen, found.seal):
            raise Refused(reason)
        until = until_when(call)
        for person_id, number in found.numbers.items():
            letters.remind(call, person_id, number, until)
        after = {"people": len(found.numbers)}
        audit.record("online_call.evaluators-reminded", ("call", call.id), by=by, after=after, cohort_id=call.cohort_id)
        return len(found.numbers)


def until_when(call: Call) -> Until | None:
    """Say until when the evaluations are to be given; None when no date says so."""
    return rules.of_the_call(What.EVALUATE, dates_of(call), clock.now())
