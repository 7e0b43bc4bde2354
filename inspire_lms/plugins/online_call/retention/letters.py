"""The mail that tells coordinators what will be deleted."""

from datetime import datetime

from inspire_lms.kernel import mail
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.retention import queries


def announce(call: Call) -> None:
    """Tell the coordinators of a country, once, what is deleted soon and from when on; inside a transaction."""
    counted, moment = queries.counted(call.id), queries.deleted_from(call)
    if not counted.applications and not counted.drafts:
        return
    zone = call.cohort.zone
    for person_id in access.people_with_role("coordinator", call.cohort.context_id):
        post(
            person_id,
            key=f"online_call.retention:{call.id}:{moment:%Y%m%d}:{person_id}",
            call=call,
            subject=Message("Answers and files of applicants are deleted from {moment} on", moment=When(moment, zone)),
            lines=(
                Message(
                    "The time for which they were to be kept ends on {moment}. What those who got no place told is then deleted by itself.",
                    moment=When(moment, zone),
                ),
                Message("Protocol numbers, points, places and all counts stay. The list shows what will go."),
            ),
            facts=(
                (Message("Call"), call.title),
                (Message("Country"), call.cohort.country_name),
                (Message("Applications emptied"), counted.applications),
                (Message("Drafts deleted"), counted.drafts),
                (Message("Files deleted"), counted.files),
            ),
            button=(Message("See the list"), mail.link("online_call.retention", cohort_id=call.cohort_id)),
        )


def announce_private(call: Call, number: int, moment: datetime) -> None:
    """Tell the coordinators, once, that private answers of *number* participants are deleted at *moment*; inside a transaction."""
    if not number:
        return
    zone = call.cohort.zone
    for person_id in access.people_with_role("coordinator", call.cohort.context_id):
        post(
            person_id,
            key=f"online_call.retention:{call.id}:{moment:%Y%m%d}:private:{person_id}",
            call=call,
            subject=Message("Private answers of participants are deleted from {moment} on", moment=When(moment, zone)),
            lines=(
                Message("What participants wrote to you alone is not needed after the course. It is deleted by itself."),
                Message("The rest of their applications stays as proof of their participation."),
            ),
            facts=(
                (Message("Call"), call.title),
                (Message("Country"), call.cohort.country_name),
                (Message("Applications with private answers"), number),
            ),
            button=(Message("See the list"), mail.link("online_call.retention", cohort_id=call.cohort_id)),
        )
