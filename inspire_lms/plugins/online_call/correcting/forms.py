"""The forms of a correction."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText
from inspire_lms.plugins.online_call.correcting.rules import MOST_REASON

CONFIRM = "confirm"


class CorrectForm(Form):
    """Proposing to open an application again."""

    reason = LongText(
        Message("Why the application is opened again"),
        hint=Message(
            "A late appeal, the decision of a court, a mistake of our own. It stands in the minutes of the corrected list; name nobody."
        ),
        most=MOST_REASON,
        rows=5,
    )


class AnswerForm(Form):
    """Confirming a correction, or sending it back."""

    decision = Choice(
        Message("Your answer"),
        options={
            CONFIRM: Message("I confirm it: the application is open again"),
            "send-back": Message("I send it back: nothing is opened"),
        },
    )
    answer = LongText(
        Message("To who proposed it"),
        hint=Message("Needed when you send it back. The applicant does not read it."),
        most=MOST_REASON,
        rows=3,
        optional=True,
    )
