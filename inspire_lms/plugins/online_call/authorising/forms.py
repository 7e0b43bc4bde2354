"""The forms of the authorisation: whom to ask, and the answer."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Email, Form, LongText, Text
from inspire_lms.plugins.online_call.authorising.rules import LONGEST_NAME

GIVE, REFUSE = "give", "refuse"


class AskForm(Form):
    """Who is asked."""

    name = Text(Message("Name of your superior"), hint=Message("Who can authorise you to take part in working hours."), most=LONGEST_NAME)
    email = Email(
        Message("Office e-mail address"), hint=Message("The personal one at the office. One mail goes there, and at most one reminder.")
    )
    language = Choice(Message("Language of the mail"))


class AnswerForm(Form):
    """What a superior answers."""

    answer = Choice(
        Message("Your answer"), options={GIVE: Message("I give the authorisation"), REFUSE: Message("I refuse the authorisation")}
    )
    note = LongText(
        Message("Reason"), hint=Message("The applicant and the coordinator of the call read it."), most=600, rows=3, optional=True
    )
