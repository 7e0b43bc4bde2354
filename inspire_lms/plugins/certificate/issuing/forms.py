"""What a coordinator chooses and writes: the decision, and the reason of a change."""

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.web.forms import Choices, Form, LongText, Tick


class DecisionForm(Form):
    """Who gets which document, and the minutes of the decision."""

    competence = Choices(
        Message("Certificate of competence"),
        hint=Message(
            "They have met every criterion. Untick those whose decision is postponed. "
            "Whoever has not confirmed the name is not ticked, and can be."
        ),
        optional=True,
    )
    attendance = Choices(
        Message("Certificate of attendance"),
        hint=Message(
            "They attended enough and have not met the rest. It is a different document, and says nothing about competences. "
            "Whoever can no longer meet the rest is told so, and until when to appeal."
        ),
        optional=True,
    )
    refused = Choices(
        Message("Not certified"),
        hint=Message("They can no longer meet what is missing. Each is told why, criterion by criterion, and until when to appeal."),
        optional=True,
    )
    minutes = LongText(
        Message("Minutes"),
        hint=Message("Kept with the decision and never printed. Add what matters; what stands here is a proposal."),
        most=4000,
        rows=10,
    )
    independent = Tick(
        Message("I have neither taught these people nor graded their work, and I have looked at the evidence."),
        must=Reason("Confirm this, or let somebody else decide."),
    )


class ReasonForm(Form):
    """Why a certificate is revoked or replaced."""

    reason = LongText(
        Message("Reason"),
        hint=Message("Whoever checks the certificate reads it. Write nothing about the person beyond what they need to know."),
        most=300,
        rows=3,
    )
