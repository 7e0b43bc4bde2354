"""What is declared of evaluations, lists and what two people decide: whose data it is, and how it is handed out."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Held
from inspire_lms.plugins.online_call.handing import told

BASIS = Message("Public task of the selecting partners, GDPR article 6(1)(e)")
AS_ANSWERS = Message("As long as the answers of the application")

HELD = (
    Held(
        "online_call_mark.points",
        Message(
            "Points, levels, reasons and remarks that evaluators gave about an application, so that the order can be explained. The "
            "applicant gets them once the final list is published, without the names of the evaluators"
        ),
        BASIS,
        Message("Reasons and remarks: as long as the answers of the application. Points: 5 years after the final payment of the project"),
        told=told.evaluations,
    ),
    Held(
        "online_call_publication.lines",
        Message("The lines of the lists that were published, by protocol number, so that the order can be found again"),
        BASIS,
        Message("5 years after the final payment of the project"),
        told=told.lines,
    ),
    Held(
        "online_call_override.reason",
        Message("Why a decision other than the rules of eligibility was proposed, so that it can be explained"),
        BASIS,
        AS_ANSWERS,
        told=told.overrides,
    ),
    Held(
        "online_call_correction.reason",
        Message("Why an application was to be opened again after the final list, so that it can be explained"),
        BASIS,
        AS_ANSWERS,
        told=told.corrections,
    ),
)
