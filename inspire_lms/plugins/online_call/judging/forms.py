"""The committee's forms."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText


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
