"""The forms of an import."""

from collections.abc import Sequence

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.files import CSV, LARGEST, XLSX
from inspire_lms.kernel.web.forms import Choice, Form, LongText, Tick, Upload
from inspire_lms.plugins.online_call.importing.rules import LONGEST_SOURCE, Doubt

ASKED_AT_ONCE = 25
"""Doubtful rows on one page."""


class TableForm(Form):
    """Handing in a table."""

    file = Upload(
        Message("Table of applications"),
        allow=(XLSX, CSV),
        most_bytes=LARGEST,
        hint=Message("The filled-in template, as XLSX, or as CSV in UTF-8. At most 5,000 applications and 5 MB."),
    )


class ConfirmForm(Form):
    """The coordinator's statement about where the applications come from."""

    id = "confirm"
    source = LongText(
        Message("Where these applications come from, and why they are entered here"),
        hint=Message("For example: on paper at the office of the region, while the site could not be reached. It is kept with the import."),
        most=LONGEST_SOURCE,
        rows=3,
    )
    declared = Tick(
        Message("I state that each of these applications was received at the moment given in the table, and that the papers are kept."),
        must=Reason("Without this statement nothing is imported."),
    )


def doubts_form(open_: Sequence[Doubt]) -> Form:
    """Ask of each doubtful row who it is, so many as fit on a page; nothing is chosen beforehand."""
    return Form.built(
        {
            field_name(each): Choice(
                Message("Row {row}: {name}, {email}", row=each.row, name=each.name, email=each.email),
                options=each.options,
                hint=_one_after_the_other(each.why),
            )
            for each in open_[:ASKED_AT_ONCE]
        }
    )


def answered(form: Form, open_: Sequence[Doubt]) -> dict[int, str]:
    """Give the answers by row."""
    return {each.row: form.values[field_name(each)] for each in open_[:ASKED_AT_ONCE]}


def field_name(doubt: Doubt) -> str:
    """Name the field of a row."""
    return f"row_{doubt.row}"


def _one_after_the_other(said: Sequence[Message]) -> Message:
    places = {f"part{place}": each for place, each in enumerate(said)}
    in_a_row = " ".join(f"{{{name}}}" for name in places)
    return Message(in_a_row, **places)
