"""What a trainee writes in an appeal, and what is answered."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText
from inspire_lms.plugins.certificate.appealing.rules import MOST_GROUNDS
from inspire_lms.plugins.certificate.rules import AppealState


class AppealForm(Form):
    """Why somebody thinks that a decision is wrong."""

    grounds = LongText(
        Message("Why the decision is wrong"),
        hint=Message("Say what is not right, and what shows it. One appeal is possible; it cannot be changed afterwards."),
        most=MOST_GROUNDS,
        rows=8,
    )


class AnswerForm(Form):
    """How an appeal is answered, and in which words."""

    state = Choice(
        Message("Outcome of the appeal"),
        options={
            AppealState.UPHELD.value: Message("Upheld: the decision was wrong"),
            AppealState.DISMISSED.value: Message("Dismissed: the decision stands"),
        },
    )
    words = LongText(
        Message("Grounds of the answer"),
        hint=Message("The trainee reads these words. Say what you have looked at."),
        most=MOST_GROUNDS,
        rows=8,
    )
