"""Mails to evaluators."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.rules import ReviewState
from inspire_lms.plugins.online_call.seeing import told

STILL_FRESH = timedelta(hours=1)
"""Whoever was asked so short a time ago, and has not given all of it, is not written to again."""


def asked(call: Call, numbers: Mapping[int, int], *, since: datetime) -> None:
    """Write one letter to each evaluator who was asked since *since*: how many applications, by person."""
    if not numbers:
        return
    knowing = set(
        session.scalars(
            select(Review.evaluator_id)
            .join(Application, Review.application_id == Application.id)
            .where(Application.call_id == call.id, Review.state == ReviewState.ASKED)
            .where(Review.asked_at < since, Review.asked_at > since - STILL_FRESH)
        )
    )
    for evaluator_id, number in numbers.items():
        if evaluator_id not in knowing:
            _ask(call, evaluator_id, number, since)


def _asked_for(call: Call) -> tuple[Message, ...]:
    if call.phases:
        return Message("You are asked to evaluate applications by the criteria of the call."), *told.sentences(call)
    return (
        Message("You are asked to evaluate applications by the criteria of the call. What other evaluators give is not shown to you."),
    )


def _ask(call: Call, evaluator_id: int, number: int, since: datetime) -> None:
    post(
        evaluator_id,
        key=f"online_call.asked:{call.id}:{evaluator_id}:{since:%Y%m%d%H%M%S%f}",
        call=call,
        subject=counted("{n} application waits for your evaluation", "{n} applications wait for your evaluation", n=number),
        lines=(
            *_asked_for(call),
            Message("If you know an applicant closely or have a stake in the outcome, step back on the page; somebody else is asked then."),
        ),
        facts=((Message("Call"), call.title), (Message("Country"), call.cohort.country_name)),
        button=(Message("Evaluate"), mail.link("online_call.reviews")),
    )
