"""Who is to do what waits."""

from collections.abc import Mapping, Sequence

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.tables import Cell
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.pending import queries
from inspire_lms.plugins.online_call.pending.rules import Open, What
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seconding.models import ByTwo
from inspire_lms.plugins.online_call.seeing.phases import phases_of, why_not_mark

MANY = 3
"""More people than these are not named one by one."""

COORDINATORS = Message("The coordinators of the country")
ADMINISTRATION = Message("The administration of the platform")
CLOCK = Message("Nobody: it comes by the clock")
APPLICANTS = Message("The applicants")

PROPOSALS: Mapping[What, type[ByTwo]] = {What.SECOND: Override, What.REOPEN: Correction}
"""What one person has proposed and another confirms."""


class Who:
    """Who is to do what waits; the names of all are read at once."""

    def __init__(self, call: Call, opens: Sequence[Open]) -> None:
        """Read what is needed to say it of all that waits."""
        self.call = call
        by_two = [each for each in opens if each.what in PROPOSALS]
        kinds = {each.what: PROPOSALS[each.what] for each in by_two}
        self.proposed = {what: queries.proposed(kind, call.id) for what, kind in kinds.items()}
        self.coordinators = access.people_with_role("coordinator", call.cohort.context_id) if by_two else []
        applied = [one for found in self.proposed.values() for ones in found.values() for one in ones]
        self.near = recusing.kept_out(applied, self.coordinators)
        wanted = {each.person_id for each in opens if each.person_id is not None} | set(self.coordinators)
        self.names = people.names(wanted) if wanted else {}

    def does(self, one: Open) -> Cell | Message:
        """Say who is to do it: by name who evaluates and who may confirm, everybody else by what they are."""
        if one.what is What.EVALUATE:
            return self._evaluator(one)
        if one.what in PROPOSALS:
            return self._second(one)
        if one.what is What.APPEAL:
            else_ = Message("where there is none, the administration of the platform")
            return Cell(Message("A coordinator who had no part in it"), note=else_)
        return WHO.get(one.what, COORDINATORS)

    def named(self, one: Open) -> str | None:
        """Tell lines with the same words apart, for those who hear their links alone."""
        return self._name(one.person_id) if one.what is What.EVALUATE else None

    def _evaluator(self, one: Open) -> Cell:
        why_not = why_not_mark(phases_of(self.call.phases), self.call.cohort.zone, ReviewState.ASKED, at=clock.now())
        is_anew = judging.has_list(self.call.id)
        return Cell(self._name(one.person_id), note=None if is_anew else why_not)

    def _second(self, one: Open) -> Cell | Message:
        # Of several proposals of one person somebody is named who can confirm one of them.
        near = [self.near[each.id] for each in self.proposed[one.what].get(one.person_id or 0, ())]
        nobody = set.intersection(*near) if near else set[int]()
        others = [each for each in self.coordinators if each != one.person_id and each not in nobody]
        if not others:
            return ADMINISTRATION
        note = Message("not {name}, whose proposal it is", name=self._name(one.person_id))
        if len(others) > MANY:
            return Cell(Message("Another coordinator of the country"), note=note)
        if len(others) > 1:
            return Cell(Message("One of these: {names}", names=", ".join(self._name(each) for each in others)), note=note)
        return Cell(self._name(others[0]), note=note)

    def _name(self, person_id: int | None) -> str:
        return self.names[person_id].name if person_id in self.names else "–"


WHO: Mapping[What, Message] = {
    What.SUPERIOR: Message("The superiors whom the applicants have named"),
    What.MEND: APPLICANTS,
    What.UNTOLD: Message("They themselves, in their profile"),
    What.OFFER: Message("Those who got the offer"),
    What.CLOSES: APPLICANTS,
    What.APPEALS_END: APPLICANTS,
    What.OPENS: CLOCK,
    What.PHASE: CLOCK,
    What.RESERVE_ENDS: CLOCK,
}
"""Who is to do it; the coordinators of the country where nothing else stands here or in the class."""
