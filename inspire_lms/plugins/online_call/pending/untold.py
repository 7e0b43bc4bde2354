"""Who of a committee has not said for which administration the person works, so that colleagues cannot be found."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.judging import committee
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.pending import rules
from inspire_lms.plugins.online_call.pending.rules import Dates, Found


def of_call(call: Call) -> list[int]:
    """List the evaluators and coordinators of the country who have not said it."""
    return among(committee.others(call))


def among(person_ids: Collection[int]) -> list[int]:
    """List who of some people has not said it."""
    told = committee.employers(list(person_ids)) if person_ids else {}
    return [each for each in person_ids if not told.get(each)]


def counted(call: Call, found: Found, dates: Dates, at: datetime) -> Found:
    """Add how many they are, while somebody is still to decide or to evaluate."""
    return replace(found, untold=len(of_call(call))) if rules.is_judging(found, dates, at=at) else found


def listed(call: Call) -> Table:
    """Name them, with what they do in the committee."""
    found, evaluators = of_call(call), set(committee.evaluators(call))
    names = people.names(found)
    return Table(
        columns=(Column("name", Message("Name")), Column("part", Message("Part"))),
        rows=[
            {"name": names[each].name, "part": Message("Evaluator") if each in evaluators else Message("Coordinator")}
            for each in sorted(names, key=lambda each: names[each].sort_key)
        ],
        empty=Message("Everybody has said it."),
    )
