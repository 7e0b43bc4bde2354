"""What this plugin does when others announce something, and the work that it does later."""

from sqlalchemy import func, select, update

from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.assessment.attempt import queries
from inspire_lms.plugins.assessment.models import Attempt, Extension, Mark, Response


def confirm(attempt_id: int) -> None:
    """Send the receipt of what was handed in."""
    head = queries.attempt(attempt_id)
    if head is None or head.submitted_at is None:
        return
    opening = (
        Message("The time was over: what had been saved was handed in for you.")
        if head.by_itself
        else Message("Your answers were received. Keep this message as your receipt.")
    )
    mail.queue(
        mail.letter_to(
            head.person_id,
            key=f"assessment:receipt:{attempt_id}",
            subject=Message("Receipt: {title}", title=head.title),
            lines=(opening,),
            facts=(
                (Message("Handed in"), When(head.submitted_at, head.zone)),
                (Message("Attempt"), str(head.number)),
                (Message("Receipt of the answers (SHA-256)"), head.receipt or ""),
            ),
            button=(Message("See the receipt"), mail.link("assessment.receipt", attempt_id=attempt_id)),
            zone=head.zone,
        )
    )


def forget(told: PersonErased) -> None:
    """Remove what an erased person wrote; the results stay, as evidence of the certificate that was issued."""
    with transaction():
        own = select(Response.id).join(Attempt, Attempt.id == Response.attempt_id).where(Attempt.person_id == told.person_id)
        ids = list(session.scalars(own))
        session.execute(update(Response).where(Response.id.in_(ids)).values(answer=None, late_answer=None, late_at=None))
        session.execute(update(Mark).where(Mark.response_id.in_(ids)).values(comment=""))
        session.execute(update(Extension).where(Extension.person_id == told.person_id).values(reason="–"))


def merge(told: PeopleMerged) -> None:
    """Give the attempts and extensions of one account to the other; attempts are counted on."""
    with transaction():
        for attempt in session.scalars(select(Attempt).where(Attempt.person_id == told.from_id).order_by(Attempt.number)):
            there = select(func.coalesce(func.max(Attempt.number), 0))
            last = session.execute(there.where(Attempt.window_id == attempt.window_id, Attempt.person_id == told.to_id)).scalar_one()
            attempt.person_id, attempt.number = told.to_id, last + 1
            session.flush()
        for extension in session.scalars(select(Extension).where(Extension.person_id == told.from_id)):
            has_one = select(Extension.id).where(Extension.window_id == extension.window_id, Extension.person_id == told.to_id)
            if session.scalar(has_one) is None:
                extension.person_id = told.to_id
            else:
                session.delete(extension)
        session.execute(update(Mark).where(Mark.marked_by == told.from_id).values(marked_by=told.to_id))
