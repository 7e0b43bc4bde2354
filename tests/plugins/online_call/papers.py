"""Tables of applications on paper, as a coordinator fills them in."""

import csv
import io

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.importing import actions, examining
from inspire_lms.plugins.online_call.importing.models import Import
from tests.plugins.online_call.builders import CLOSED, committee

COLUMNS = (
    "e_mail", "given_name", "family_name", "received_at", "reading_language",
    "administration", "employed", "challenge", "authorisation", "adjustments", "declaration",
)  # fmt: skip
SOURCE = "On paper at the office of the region."


def a_row(number=1, **but):
    """A row with nothing wrong."""
    facts = {
        "e_mail": f"paper{number}@comune.example", "given_name": "Anna", "family_name": f"Rossi{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}",
        "received_at": "2026-11-20 10:30", "reading_language": "", "administration": "Comune di Prova", "employed": "yes",
        "challenge": "A challenge of our own.", "authorisation": "yes", "adjustments": "", "declaration": "yes",
    }  # fmt: skip
    return facts | but


def a_table(*rows, columns=COLUMNS):
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def handed_in(call, *rows, at=CLOSED, name="table.csv", by=None):
    """An import that waits, and the coordinator who handed it in."""
    coordinator = by or committee(call)[2].id
    call_id = call.id
    with clock.frozen(at):
        return actions.read(call_id, io.BytesIO(a_table(*rows)), name, by=coordinator), coordinator


def tried(import_id, *, at=CLOSED):
    """What the dry run says."""
    session.rollback()
    with clock.frozen(at):
        return examining.dry_run(session.get(Import, import_id))


def confirmed(import_id, by, *, answers=(), at=CLOSED):
    """Answer about the doubtful rows, and write the applications."""
    with clock.frozen(at):
        actions.answer(import_id, dict(answers))
        actions.confirm(import_id, SOURCE, by=by)
    return session.get(Import, import_id)
