"""What waits, as a table: what, who is to do it, until when, and the way there."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, When, counted
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import queries, rules, untold
from inspire_lms.plugins.online_call.pending.rules import Dates, Open, Until, What
from inspire_lms.plugins.online_call.pending.who import Who
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.seeing.phases import phases_of

IN_THE_ROOM = 8
"""How many lines the committee room shows; the others have a page."""

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
    at, dates = clock.now(), dates_of(call)
    return rules.waiting(untold.counted(call, queries.found(call, at), dates, at), dates, at=at)


def in_the_room(call: Call, reader: int) -> dict[str, Any]:
    """Give the first lines for the committee room, and how many there are."""
    found = of_call(call)
    letters = sum(each.number for each in found if each.what is What.RELEASE)
    first = found[:IN_THE_ROOM]
    return {"table": table(call, first, reader), "number": len(found), "shown": len(first), "letters": letters}


def table(call: Call, opens: Sequence[Open], reader: int) -> Table:
    """Lay out what waits."""
    who, at = Who(call, opens), clock.now()
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
    What.UNTOLD: lambda n: counted(
        "{n} member of the committee has not said for which administration they work, so that colleagues cannot be found",
        "{n} members of the committee have not said for which administration they work, so that colleagues cannot be found",
        n=n,
    ),
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
    What.UNTOLD: ("untold_administrations", {}),
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
