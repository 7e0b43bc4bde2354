"""The form of the second person."""

from collections.abc import Callable
from typing import Self

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, Form, LongText
from inspire_lms.plugins.online_call.seconding.rules import MOST_ANSWER

CONFIRM, SEND_BACK = "confirm", "send-back"


class AnswerForm(Form):
    """Confirming what somebody else has proposed, or sending it back."""

    decision = Choice(Message("Your answer"))
    answer = LongText(
        Message("To who proposed it"),
        hint=Message("Needed when you send it back. The applicant does not read it."),
        most=MOST_ANSWER,
        rows=3,
        optional=True,
    )

    @classmethod
    def saying(cls, *, confirm: Message, send_back: Message) -> Self:
        """Make the form with what either answer means."""
        return cls(options={"decision": {CONFIRM: confirm, SEND_BACK: send_back}})

    @property
    def is_confirmed(self) -> bool:
        """Whether the second person confirms it."""
        return bool(self.values["decision"] == CONFIRM)

    def answer_with(self, confirm: Callable[..., None], send_back: Callable[..., None], number: int, *, by: int) -> bool:
        """Confirm the proposal of this *number* or send it back, with what was written; say whether it was done."""
        deed, written = (confirm if self.is_confirmed else send_back), self.values["answer"] or ""
        return self.perform(lambda: deed(number, answer=written, by=by))
