"""What an applicant reads of who looked: the office, with a name only where it tells nothing about who evaluates."""

from collections.abc import Mapping
from typing import Any

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, show
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.queries import PersonName
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.online_call.looking import queries
from inspire_lms.plugins.online_call.looking.models import Look, Office, What

ANONYMOUS = {
    Office.COORDINATOR: Message("Coordinator"),
    Office.ADMINISTRATOR: Message("Administration of the platform"),
    Office.EVALUATOR: Message("An evaluator"),
}
WHATS = {
    What.ANSWERS: Message("the answers"),
    What.DOCUMENT: Message("a document"),
    What.EXPORT: Message("the file with all applications"),
}


def looks(application_id: int) -> Table:
    """Show who looked at an application, in two statements."""
    found = queries.looks_at(application_id)
    names = people.names(each.by_id for each in found if each.office != Office.EVALUATOR) if found else {}
    return Table(
        columns=(Column("day", Message("Day")), Column("who", Message("Who")), Column("what", Message("What"))),
        rows=[{"day": each.day, "who": _who(each, names), "what": _what(each)} for each in found],
        empty=Message("Nobody has looked at your application so far."),
    )


def _who(look: Look, names: Mapping[int, PersonName]) -> Any:  # noqa: ANN401 (whatever a cell shows)
    known = names.get(look.by_id) if look.office != Office.EVALUATOR else None
    match look.office:
        case Office.COORDINATOR if known and known.name:
            return _("Coordinator: {name}", name=known.name)
        case Office.ADMINISTRATOR if known and known.name:
            return _("Administration of the platform: {name}", name=known.name)
    return ANONYMOUS[Office(look.office)]


def _what(look: Look) -> str:
    return ", ".join(show(text) for what, text in WHATS.items() if getattr(look, what))
