"""The committee's forms."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, DecimalField, Field, Form, LongText
from inspire_lms.plugins.online_call.models import Criterion

COMMENT = "_comment"
"""The field of the comment; no criterion can be called so."""


class DecisionForm(Form):
    """Whether an application takes part, and why."""

    decision = Choice(
        Message("Decision"),
        options={"eligible": Message("It meets the conditions and takes part"), "rejected": Message("It does not meet a condition")},
    )
    note = LongText(
        Message("Your reason"),
        hint=Message("The applicant reads this. It is needed when you decide other than the rules did, or when they could not tell."),
        most=1000,
        rows=4,
        optional=True,
    )


class ConflictForm(Form):
    """Stepping back from an application."""

    id = "conflict"
    note = LongText(
        Message("What the conflict is"), hint=Message("In a few words, for the minutes. The applicant does not read it."), most=500, rows=3
    )


class AskForm(Form):
    """Asking somebody for an evaluation."""

    id = "ask"
    evaluator = Choice(Message("Who is asked"), as_select=True)


class TakeBackForm(Form):
    """Taking back a request that nobody has answered."""

    id = "take-back"
    request = Choice(Message("Whose request is taken back"), as_select=True)
    why = LongText(
        Message("Your reason"), hint=Message("In a few words, for the record. Neither evaluator nor applicant reads it."), most=300, rows=2
    )


def marks_form(criteria: Sequence[Criterion], marks: Mapping[str, Decimal], comment: str) -> Form:
    """Make the form of an evaluation: points for each criterion, and a comment."""
    fields: dict[str, Field] = {
        each.code: DecimalField(
            Message("{criterion}, from 0 to {most} points", criterion=each.title, most=each.weight),
            hint=Message("{words}", words=each.about),
            least=0,
            most=each.weight,
            places=1,
        )
        for each in criteria
    }
    fields[COMMENT] = LongText(Message("Comment for the committee"), most=2000, rows=4, optional=True)
    return Form.built(fields, initial={**marks, COMMENT: comment})
