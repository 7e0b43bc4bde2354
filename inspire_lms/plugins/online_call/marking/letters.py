"""Mails to evaluators whose evaluations are to be given again."""

from collections.abc import Mapping

from inspire_lms.kernel import clock, mail
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Call


def to_be_given_again(call: Call, numbers: Mapping[int, int], why: Words) -> None:
    """Write to each evaluator how many evaluations are open again, and why."""
    for evaluator_id, number in numbers.items():
        post(
            evaluator_id,
            key=f"online_call.corrected:{call.id}:{evaluator_id}:{clock.now():%Y%m%d%H%M%S%f}",
            call=call,
            subject=counted("{n} evaluation is to be given again", "{n} evaluations are to be given again", n=number),
            lines=(
                Message("The criteria of the call were corrected after you had given your points."),
                Message("What still fits is kept in the form; nothing was scaled. Please give what is missing, and hand it in again."),
            ),
            facts=((Message("Why"), why), (Message("Call"), call.title), (Message("Country"), call.cohort.country_name)),
            button=(Message("Evaluate"), mail.link("online_call.reviews")),
        )
