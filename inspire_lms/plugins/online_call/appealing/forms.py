"""The forms of an appeal: what the applicant writes, and the answer."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText
from inspire_lms.plugins.online_call.appealing.rules import MOST_ANSWER, MOST_GROUNDS

UPHELD = "upheld"


class AppealForm(Form):
    """Appealing against the own result."""

    grounds = LongText(
        Message("What is wrong, and why"),
        hint=Message("In your own words. Write nothing about your health, and nothing about other applicants."),
        most=MOST_GROUNDS,
        rows=10,
    )


class AnswerForm(Form):
    """Upholding or dismissing an appeal."""

    decision = Choice(
        Message("Your answer"),
        options={
            UPHELD: Message("I uphold it: this application is looked at anew"),
            "dismissed": Message("I dismiss it: the result stays as it is"),
        },
    )
    answer = LongText(
        Message("Your reason"),
        hint=Message("The applicant reads it. If points are given anew, the evaluators read it too."),
        most=MOST_ANSWER,
        rows=6,
    )
