"""What the applicant does: appeal once against a list, within the time, and withdraw the appeal."""

from sqlalchemy import delete, select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.plugins.online_call.appealing import letters, queries, rules
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import AppealState
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.judging.queries import is_published
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.rules import State


def file(application_id: int, grounds: str, *, by: int) -> Appeal:
    """Appeal against the own result; the receipt with number and time goes by mail.

    Raises NotThere when it is not the person's own, Invalid without a word or with too many, Refused outside the time or twice.
    """
    with transaction():
        application = hold(application_id)
        if application.person_id != by:
            raise NotThere
        publication = against(application)
        reason = why_not(application)
        about = rules.about(State(application.state))
        if reason or publication is None or about is None:
            raise Refused(reason or Reason("There is no provisional list against which one could appeal."))
        if not grounds.strip():
            raise Invalid({"grounds": Reason("Say what is wrong, and why.")})
        if len(grounds) > rules.MOST_GROUNDS:
            raise Invalid({"grounds": Reason("At most {n} characters.", n=rules.MOST_GROUNDS)})
        appeal = Appeal(
            publication_id=publication.id, application_id=application.id, number=queries.number(publication.id), about=about,
            grounds=grounds.strip(), filed_at=clock.now(), state=AppealState.OPEN, answer="",
        )  # fmt: skip
        session.add(appeal)
        session.flush()
        letters.received(appeal)
        record("filed", appeal, by=by)
        return appeal


def against(application: Application) -> Publication | None:
    """Give the list against which somebody may appeal: the provisional one, until the final one has followed."""
    return None if is_published(application.call_id) else publications.provisional(application.call_id)


def why_not(application: Application) -> Reason | None:
    """Say why the applicant cannot appeal now."""
    publication, zone = against(application), application.call.cohort.zone
    until = publication.appeal_until if publication else None
    has_appealed = publication is not None and queries.against(publication.id, application.id) is not None
    return rules.why_not_file(State(application.state), until, zone, has_appealed=has_appealed, at=clock.arrived())


def withdraw(appeal_id: int, *, by: int) -> None:
    """Withdraw one's own appeal. Raises NotThere when it is not one's own, Refused when it was settled."""
    with transaction():
        appeal = held(appeal_id)
        if appeal.application.person_id != by:
            raise NotThere
        if reason := rules.why_not_withdraw(AppealState(appeal.state)):
            raise Refused(reason)
        appeal.state, appeal.withdrawn_at = AppealState.WITHDRAWN, clock.now()
        session.flush()
        letters.withdrawn(appeal)
        record("withdrawn", appeal, by=by)


def held(appeal_id: int) -> Appeal:
    """Load an appeal with its application held, so that nobody settles it meanwhile. Raises NotThere."""
    application_id = session.scalar(select(Appeal.application_id).where(Appeal.id == appeal_id))
    if application_id is None:
        raise NotThere
    hold(application_id)
    return session.get_one(Appeal, appeal_id, populate_existing=True)


def drop(application: Application) -> None:
    """Let the open appeal about an application that is withdrawn come to nothing. Inside a transaction."""
    waits = (Appeal.application_id == application.id, Appeal.state == AppealState.OPEN)
    session.execute(update(Appeal).where(*waits).values(state=AppealState.WITHDRAWN, withdrawn_at=clock.now()))


def go_over(from_id: int, to_id: int) -> None:
    """Let what somebody with two accounts answered belong to the one that stays. Inside a transaction."""
    session.execute(update(Appeal).where(Appeal.answered_by_id == from_id).values(answered_by_id=to_id))


def forget(applications: object) -> None:
    """Remove the appeals about *applications*, a choice of their numbers; that there was one stays in the minutes, by code."""
    session.execute(delete(Appeal).where(Appeal.application_id.in_(applications)))  # type: ignore[arg-type]


def record(deed: str, appeal: Appeal, *, by: int) -> None:
    """Add a line about an appeal to the history of the application."""
    application = appeal.application
    audit.record(
        f"online_call.appeal-{deed}",
        ("application", application.id),
        by=by,
        after={"appeal": appeal.id, "about": appeal.about},
        cohort_id=application.cohort_id,
        about=application.person_id,
    )
