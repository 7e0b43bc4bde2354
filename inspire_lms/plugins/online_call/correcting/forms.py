"""The form of a correction."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Form, LongText
from inspire_lms.plugins.online_call.correcting.rules import MOST_REASON


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
