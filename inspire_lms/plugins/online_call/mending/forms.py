"""The forms of mending: what the coordinator asks for, and what the applicant answers."""

from collections.abc import Sequence

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choices, Form, LongText
from inspire_lms.plugins.online_call.applying.forms import field_of
from inspire_lms.plugins.online_call.questions import Answers, Question


class AskForm(Form):
    """Asking for something again."""

    questions = Choices(Message("What is to be mended"))
    sentence = LongText(
        Message("What is missing or cannot be read"),
        hint=Message("The applicant reads this in a mail and above the questions."),
        most=1000,
        rows=4,
    )


def ask_form(mendable: Sequence[Question]) -> AskForm:
    """Offer what the call lets be mended."""
    return AskForm(options={"questions": {each.code: Message("{words}", words=Words(each.label)) for each in mendable}})


def mend_form(asked: Sequence[Question], answers: Answers) -> Form:
    """Make the form of what was asked for, filled with what is there; files are chosen anew."""
    return Form.built({each.code: field_of(each, None) for each in asked}, initial={each.code: answers.get(each.code) for each in asked})
