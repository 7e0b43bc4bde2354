"""Whom a reminder would reach, shown before it is written."""

from flask import url_for

from inspire_lms.kernel.errors import Message, counted
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.online_call.confirming.paging import Row, one_page
from inspire_lms.plugins.online_call.confirming.previews import Preview
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import reminding

COLUMNS = (
    Column("name", Message("Evaluator")),
    Column("number", Message("Still to be given"), kind="num"),
    Column("what", Message("What happens")),
)


def reminder(call: Call) -> Preview:
    """Show which evaluators would be written to, and about how many evaluations."""
    found, until = reminding.due(call), reminding.until_when(call)
    names = people.names(found.numbers)

    def row(person_id: int) -> Row:
        href = url_for("online_call.evaluations_to_come", cohort_id=call.cohort_id, of=person_id)
        name = names[person_id].name if person_id in names else "–"
        return {"name": Cell(name, href=href), "number": found.numbers[person_id], "what": Message("Gets a mail")}

    rows, paged = one_page(sorted(found.numbers, key=lambda each: names[each].sort_key if each in names else ""), row)
    does = [Message("Each gets one mail, with the number of evaluations that are still to be given.")]
    if until:
        does.append(Message("As the end of the time for it stands there: {until}.", until=until.shown))
    if found.reminded:
        does.append(Message("Left out, because they were reminded today: {n}.", n=found.reminded))
    number = len(found.numbers)
    return Preview(
        heading=counted("{n} evaluator would be reminded", "{n} evaluators would be reminded", n=number),
        does=tuple(does),
        button=counted("Remind {n} evaluator", "Remind {n} evaluators", n=number),
        whom=Table(COLUMNS, rows, empty=Message("Nobody is to be reminded.")),
        paged=paged,
        seen=found.seal,
        back=url_for("online_call.evaluations_to_come", cohort_id=call.cohort_id),
        why_not=reminding.why_not(call, found),
    )
