"""What waits, as a table: what, who is to do it, until when, and the way there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, When, counted
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import queries, rules
from inspire_lms.plugins.online_call.pending.rules import Dates, Open, Until, What
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing.phases import phases_of, why_not_mark

IN_THE_ROOM = 8
"""How many lines the committee room shows; the others have a page."""
MANY = 3
"""More people than these are not named one by one."""

COORDINATORS = Message("The coordinators of the country")
ADMINISTRATION = Message("The administration of the platform")
CLOCK = Message("Nobody: it comes by the clock")
APPLICANTS = Message("The applicants")


def dates_of(call: Call) -> Dates:
    """Give what the call says about time, and how far the selection has come."""
    provisional = publications.provisional(call.id)
    return Dates(
        window=call.window,
        checked_by=call.checked_by,
        ranked_by=call.ranked_by,
        reserve_until=call.reserve_until,
        phases=phases_of(call.phases),
        has_appeals=bool(call.appeal_days),
        is_provisional=provisional is not None,
        appeal_until=provisional.appeal_until if provisional else None,
        is_final=judging.is_published(call.id),
    )


def of_call(call: Call) -> list[Open]:
    """Say what waits in a call now."""
    at = clock.now()
    return rules.waiting(queries.found(call, at), dates_of(call), at=at)


def in_the_room(call: Call, reader: int) -> dict[str, Any]:
    """Give the first lines for the committee room, and how many there are."""
    found = of_call(call)
    letters = sum(each.number for each in found if each.what is What.RELEASE)
    first = found[:IN_THE_ROOM]
    return {"table": table(call, first, reader), "number": len(found), "shown": len(first), "letters": letters}


def table(call: Call, opens: Sequence[Open], reader: int) -> Table:
    """Lay out what waits."""
    who, at = _Who(call, opens), clock.now()
    return Table(
        columns=(
            Column("what", Message("What waits")),
            Column("who", Message("Who is to do it")),
            Column("until", Message("Until when")),
        ),
        rows=[
            {
                "what": Cell(sentence(each, call), href=_address(each, call, reader), about=who.named(each)),
                "who": who.does(each),
                "until": time_of(each, at),
            }
            for each in opens
        ],
        empty=Message("Nothing waits."),
    )


def time_of(one: Open, at: datetime) -> Cell:
    """Say until when, in words also when it is over; with the last of several."""
    if one.until is None:
        return Cell("–")
    note = Message("the last of them: {moment}", moment=one.last.shown) if one.last else None
    if one.is_overdue(at):
        return Cell(_overdue(one.until), status="warn", note=note)
    return Cell(one.until.shown, note=note)


def _overdue(until: Until) -> Message:
    if isinstance(until.shown, When):
        return Message("Overdue since {moment}", moment=until.shown)
    last: date = until.shown
    return Message("Overdue: the last day was {day}", day=last)


SENTENCES: Mapping[What, Callable[[int], Message]] = {
    What.DECIDE: lambda n: counted(
        "{n} application waits for the decision on its eligibility", "{n} applications wait for the decision on their eligibility", n=n
    ),
    What.DECIDE_ANEW: lambda n: counted(
        "{n} application that was opened again waits for a decision", "{n} applications that were opened again wait for a decision", n=n
    ),
    What.SECOND: lambda n: counted(
        "{n} decision other than the rules waits for a second person", "{n} decisions other than the rules wait for a second person", n=n
    ),
    What.SUPERIOR: lambda n: counted("{n} superior has not answered yet", "{n} superiors have not answered yet", n=n),
    What.MEND: lambda n: counted("{n} application is being mended", "{n} applications are being mended", n=n),
    What.LACKS: lambda n: counted("{n} evaluator is still to be asked", "{n} evaluators are still to be asked", n=n),
    What.THIRD: lambda n: counted("{n} application needs a third evaluator", "{n} applications need a third evaluator", n=n),
    What.EVALUATE: lambda n: counted("{n} evaluation is still to be given", "{n} evaluations are still to be given", n=n),
    What.APPEAL: lambda n: counted("{n} appeal waits for an answer", "{n} appeals wait for an answer", n=n),
    What.REOPEN: lambda n: counted(
        "{n} proposal to open an application again waits for a second person",
        "{n} proposals to open an application again wait for a second person",
        n=n,
    ),
    What.PROVISIONAL: lambda _n: Message("The provisional ranking can be published"),
    What.FINAL: lambda _n: Message("The ranking can be published and the places offered"),
    What.CORRECTED: lambda _n: Message("The corrected list can be published"),
    What.OFFER: lambda n: counted("{n} offer is open", "{n} offers are open", n=n),
    What.RELEASE: lambda n: counted("{n} letter waits to be released", "{n} letters wait to be released", n=n),
    What.FAILED: lambda n: counted("{n} letter could not be sent", "{n} letters could not be sent", n=n),
    What.IMPORT: lambda n: counted(
        "{n} table of applications on paper waits to be confirmed", "{n} tables of applications on paper wait to be confirmed", n=n
    ),
    What.OPENS: lambda _n: Message("The call opens"),
    What.CLOSES: lambda n: counted(
        "The call closes; {n} draft is not submitted yet", "The call closes; {n} drafts are not submitted yet", n=n
    ),
    What.APPEALS_END: lambda _n: Message("The time to appeal ends"),
    What.RESERVE_ENDS: lambda n: counted(
        "The reserve list ends; {n} person waits on it", "The reserve list ends; {n} people wait on it", n=n
    ),
}
"""What waits, in words."""


def sentence(one: Open, call: Call) -> Message:
    """Say what waits."""
    if one.what is not What.PHASE:
        return SENTENCES[one.what](one.number)
    title = Words(phases_of(call.phases)[one.some_id or 0].title)
    return Message("The phase “{phase}” begins", phase=title)


class _Who:
    """Who is to do what waits; the names of all are read at once."""

    def __init__(self, call: Call, opens: Sequence[Open]) -> None:
        self.call = call
        by_two = [each for each in opens if each.what in {What.SECOND, What.REOPEN}]
        self.coordinators = access.people_with_role("coordinator", call.cohort.context_id) if by_two else []
        wanted = {each.person_id for each in opens if each.person_id is not None} | set(self.coordinators)
        self.names = people.names(wanted) if wanted else {}

    def does(self, one: Open) -> Cell | Message:
        """Say who is to do it: by name who evaluates and who may confirm, everybody else by what they are."""
        if one.what is What.EVALUATE:
            return self._evaluator(one)
        if one.what in {What.SECOND, What.REOPEN}:
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
        others = [each for each in self.coordinators if each != one.person_id]
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
    What.OFFER: Message("Those who got the offer"),
    What.CLOSES: APPLICANTS,
    What.APPEALS_END: APPLICANTS,
    What.OPENS: CLOCK,
    What.PHASE: CLOCK,
    What.RESERVE_ENDS: CLOCK,
}
"""Who is to do it; the coordinators of the country where nothing else stands here or in _Who."""

ONE_OF: Mapping[What, tuple[str, str]] = {
    What.DECIDE: ("file", "application_id"),
    What.DECIDE_ANEW: ("file", "application_id"),
    What.SUPERIOR: ("file", "application_id"),
    What.THIRD: ("file", "application_id"),
    What.SECOND: ("answer_override", "override_id"),
    What.APPEAL: ("answer_appeal", "appeal_id"),
    What.REOPEN: ("answer_correction", "correction_id"),
    What.IMPORT: ("dry_run", "import_id"),
}
"""Where a single one is done."""
ALL_OF: Mapping[What, tuple[str, Mapping[str, str]]] = {
    What.DECIDE: ("applications", {"state": "submitted"}),
    What.DECIDE_ANEW: ("applications", {"state": "submitted"}),
    What.SECOND: ("overrides", {}),
    What.SUPERIOR: ("applications", {"state": "submitted"}),
    What.MEND: ("mendings", {}),
    What.LACKS: ("evaluators_lacking", {}),
    What.THIRD: ("evaluators_lacking", {}),
    What.APPEAL: ("appeals", {}),
    What.REOPEN: ("correction", {}),
    What.PROVISIONAL: ("publish_provisionally", {}),
    What.FINAL: ("publish", {}),
    What.CORRECTED: ("correction", {}),
    What.RELEASE: ("release", {}),
    What.FAILED: ("letters", {"state": "failed"}),
    What.IMPORT: ("paper", {}),
    What.CLOSES: ("applications", {}),
    What.APPEALS_END: ("appeals", {}),
    What.PHASE: ("committee_room", {"_anchor": "phases"}),
    What.OFFER: ("committee_room", {"_anchor": "ranking"}),
    What.RESERVE_ENDS: ("committee_room", {"_anchor": "ranking"}),
}
"""Where it is done, or seen."""


def _address(one: Open, call: Call, reader: int) -> str:
    if one.what is What.EVALUATE:
        listed = url_for("online_call.evaluations_to_come", cohort_id=call.cohort_id, of=one.person_id)
        return url_for("online_call.reviews") if one.person_id == reader else listed
    if one.number == 1 and one.some_id is not None and one.what in ONE_OF:
        endpoint, argument = ONE_OF[one.what]
        where: dict[str, Any] = {argument: one.some_id}
        return url_for(f"online_call.{endpoint}", _anchor="evaluators" if one.what is What.THIRD else None, **where)
    endpoint, more = ALL_OF.get(one.what, ("committee_room", {}))
    told: dict[str, Any] = {"cohort_id": call.cohort_id, **more}
    return url_for(f"online_call.{endpoint}", **told)


def lacking(rows: Sequence[Any]) -> Table:
    """List applications that lack an evaluator, as queries.listed_lacking gives them."""
    third, one = Message("Two scores are too far apart; a third evaluator is to be asked"), Message("An evaluator is missing")
    return Table(
        columns=(*_APPLICANT, Column("lacks", Message("What is lacking"))),
        rows=[_applicant(each, each.id) | {"lacks": Cell(third if each.is_third else one, status="warn")} for each in rows],
        empty=Message("No application lacks an evaluator."),
    )


def to_give(rows: Sequence[Any]) -> Table:
    """List evaluations that are not given, as queries.listed_to_give gives them."""
    names = people.names({each.evaluator_id for each in rows})
    return Table(
        columns=(*_APPLICANT, Column("evaluator", Message("Evaluator")), Column("asked", Message("Asked"))),
        rows=[
            _applicant(each, each.application_id)
            | {"evaluator": names[each.evaluator_id].name if each.evaluator_id in names else "–", "asked": each.asked_at}
            for each in rows
        ],
        empty=Message("No evaluation is still to be given."),
    )


_APPLICANT = (
    Column("name", Message("Applicant")),
    Column("number", Message("Protocol number")),
    Column("administration", Message("Administration")),
)


def _applicant(row: Any, application_id: int) -> dict[str, Any]:  # noqa: ANN401 (a row)
    name = f"{row.family_name}, {row.given_name}" if row.given_name else row.family_name
    href = url_for("online_call.file", application_id=application_id, _anchor="evaluators")
    return {"name": Cell(name, href=href), "number": row.protocol_number, "administration": row.administration}
