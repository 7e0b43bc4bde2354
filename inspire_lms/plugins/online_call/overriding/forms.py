"""The form of the second person."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText

CONFIRM = "confirm"


class AnswerForm(Form):
    """Confirming a decision, or sending it back."""

    decision = Choice(
        Message("Your answer"),
        options={CONFIRM: Message("I confirm it: it is in force"), "send-back": Message("I send it back: nothing is decided")},
    )
    answer = LongText(
        Message("To who proposed it"),
        hint=Message("Needed when you send it back. The applicant does not read it."),
        most=1000,
        rows=3,
        optional=True,
    )
